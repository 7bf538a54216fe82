package io.quorate.sql.plan;

import java.util.List;
import org.apache.calcite.adapter.enumerable.CallImplementor;
import org.apache.calcite.adapter.enumerable.NotNullImplementor;
import org.apache.calcite.adapter.enumerable.NullPolicy;
import org.apache.calcite.adapter.enumerable.RexImpTable;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableFunction;
import org.apache.calcite.schema.ScalarFunction;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.SqlOperandMetadata;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * What an operator of our own is in generated code. The operator knows its operands, and whether it
 * can be NULL.
 */
record GeneratedFunction(SqlTypeName type, CallImplementor code)
    implements ScalarFunction, ImplementableFunction {

  /** Of operators that have no operands, or are put in their places when those were looked at. */
  static final SqlOperandMetadata NO_OPERANDS =
      OperandTypes.operandMetadata(
          List.of(), factory -> List.of(), operand -> "", operand -> false);

  /** One that is NULL when an operand is. */
  static GeneratedFunction strict(SqlTypeName type, NotNullImplementor code) {
    return new GeneratedFunction(
        type, RexImpTable.createImplementor(code, NullPolicy.STRICT, false));
  }

  @Override
  public RelDataType getReturnType(RelDataTypeFactory factory) {
    return factory.createSqlType(type);
  }

  @Override
  public List<FunctionParameter> getParameters() {
    return List.of();
  }

  @Override
  public CallImplementor getImplementor() {
    return code;
  }
}

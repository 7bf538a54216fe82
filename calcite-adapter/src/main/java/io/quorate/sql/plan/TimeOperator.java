package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.TimeFunction;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Primitive;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.SqlOperandTypeInference;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/**
 * A {@link TimeFunction} among Calcite's operators. It is put in its place where the types of its
 * operands are known, and is not found by its name. Immutable.
 */
final class TimeOperator extends SqlUserDefinedFunction {
  private final TimeFunction computed;

  /**
   * @param result where the operands can be NULL it is made nullable
   */
  TimeOperator(TimeFunction function, SqlReturnTypeInference result) {
    this(function, result, InferTypes.FIRST_KNOWN);
  }

  /**
   * @param operands the types of parameters among them
   */
  TimeOperator(
      TimeFunction function, SqlReturnTypeInference result, SqlOperandTypeInference operands) {
    super(
        new SqlIdentifier("TIME_" + function, SqlParserPos.ZERO),
        SqlKind.OTHER_FUNCTION,
        result.andThen(SqlTypeTransforms.TO_NULLABLE),
        operands,
        GeneratedFunction.NO_OPERANDS,
        GeneratedFunction.strict(
            SqlTypeName.ANY, (translator, call, values) -> code(function, call, values)));
    this.computed = function;
  }

  TimeFunction function() {
    return computed;
  }

  /** Its operands were looked at by whoever puts it in its place. */
  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    call.getOperandList().forEach(operand -> validator.deriveType(scope, operand));
    RelDataType type = inferReturnType(new SqlCallBinding(validator, scope, call));
    validator.setValidatedNodeType(call, type);
    return type;
  }

  private static Expression code(TimeFunction function, RexCall call, List<Expression> operands) {
    List<Expression> types = new ArrayList<>();
    for (RexNode operand : call.getOperands()) {
      addNumbers(types, Types.fromCalcite(operand.getType()));
    }
    addNumbers(types, Types.fromCalcite(call.getType()));
    Expression computed =
        Expressions.call(
            TimeFunction.class,
            "compute",
            Expressions.constant(function.name()),
            Expressions.newArrayInit(int.class, types),
            Expressions.newArrayInit(Object.class, operands));
    Class<?> type = (Class<?>) Types.FACTORY.getJavaClass(call.getType());
    Expression value = Expressions.convert_(computed, Primitive.box(type));
    return Primitive.is(type) ? Expressions.unbox(value) : value;
  }

  private static void addNumbers(List<Expression> types, SqlType type) {
    for (int number : TimeFunction.numbers(type)) {
      types.add(Expressions.constant(number));
    }
  }
}

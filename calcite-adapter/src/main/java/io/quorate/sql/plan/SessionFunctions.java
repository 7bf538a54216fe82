package io.quorate.sql.plan;

import io.quorate.sql.exec.StatementContext;
import java.util.List;
import org.apache.calcite.adapter.enumerable.CallImplementor;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableFunction;
import org.apache.calcite.schema.ScalarFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.apache.calcite.util.BuiltInMethod;

/** Functions that ask the session. Stateless. */
final class SessionFunctions {
  static final String LAST_COMMIT_TOKEN = "LAST_COMMIT_TOKEN";

  /** What Calcite's validator finds beside its own. */
  static final SqlOperatorTable OPERATORS = SqlOperatorTables.of(new LastCommitToken());

  private SessionFunctions() {}

  /** The same for all rows of one statement, and another for the next: never worked out early. */
  private static final class LastCommitToken extends SqlUserDefinedFunction {
    LastCommitToken() {
      super(
          new SqlIdentifier(LAST_COMMIT_TOKEN, SqlParserPos.ZERO),
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.VARCHAR,
          InferTypes.RETURN_TYPE,
          OperandTypes.operandMetadata(
              List.of(), factory -> List.of(), operand -> "", operand -> false),
          new InGeneratedCode());
    }

    @Override
    public boolean isDynamicFunction() {
      return true;
    }

    @Override
    public boolean isDeterministic() {
      return false;
    }
  }

  /** Asks the context that generated code is given. */
  private static final class InGeneratedCode implements ScalarFunction, ImplementableFunction {
    @Override
    public RelDataType getReturnType(RelDataTypeFactory factory) {
      return factory.createSqlType(SqlTypeName.VARCHAR);
    }

    @Override
    public List<FunctionParameter> getParameters() {
      return List.of();
    }

    @Override
    public CallImplementor getImplementor() {
      return (translator, call, nullAs) ->
          Expressions.convert_(
              Expressions.call(
                  translator.getRoot(),
                  BuiltInMethod.DATA_CONTEXT_GET.method,
                  Expressions.constant(StatementContext.COMMIT_TOKEN)),
              String.class);
    }
  }
}

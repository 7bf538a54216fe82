package io.quorate.sql.plan;

import io.quorate.sql.exec.StatementContext;
import java.util.function.UnaryOperator;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.apache.calcite.util.BuiltInMethod;

/** Functions that ask the session, or its statement. Stateless. */
final class SessionFunctions {
  static final String LAST_COMMIT_TOKEN = "LAST_COMMIT_TOKEN";

  /** What Calcite's validator finds beside its own. */
  static final SqlOperatorTable OPERATORS =
      SqlOperatorTables.of(
          new Asked(LAST_COMMIT_TOKEN, SqlTypeName.VARCHAR, SessionFunctions::commitToken),
          new Asked("RANDOM_UUID", SqlTypeName.UUID, SessionFunctions::randomUuid),
          new Asked("GEN_RANDOM_UUID", SqlTypeName.UUID, SessionFunctions::randomUuid));

  private SessionFunctions() {}

  private static Expression commitToken(Expression context) {
    return Expressions.convert_(
        Expressions.call(
            context,
            BuiltInMethod.DATA_CONTEXT_GET.method,
            Expressions.constant(StatementContext.COMMIT_TOKEN)),
        String.class);
  }

  private static Expression randomUuid(Expression context) {
    return Expressions.call(Expressions.convert_(context, StatementContext.class), "randomUuid");
  }

  /** Another value for the next statement, or row: never worked out early. */
  private static final class Asked extends SqlUserDefinedFunction {
    /**
     * @param code of the value, by that of the context that generated code is given
     */
    Asked(String name, SqlTypeName type, UnaryOperator<Expression> code) {
      super(
          new SqlIdentifier(name, SqlParserPos.ZERO),
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.explicit(type),
          InferTypes.RETURN_TYPE,
          GeneratedFunction.NO_OPERANDS,
          new GeneratedFunction(
              type, (translator, call, nullAs) -> code.apply(translator.getRoot())));
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
}

package io.quorate.sql.plan;

import io.quorate.sql.exec.CommonFunctions;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.calcite.adapter.enumerable.EnumUtils;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;

/** The functions of {@link CommonFunctions}: of a NULL they are NULL. Stateless. */
final class JavaFunctions {
  static final SqlFunction DATE_TRUNC =
      new Computed(
          "DATE_TRUNC",
          "dateTrunc",
          SqlTypeName.TIMESTAMP,
          SqlTypeName.VARCHAR,
          SqlTypeName.TIMESTAMP);

  /** What Calcite's validator finds beside its own. */
  static final SqlOperatorTable OPERATORS =
      SqlOperatorTables.of(
          DATE_TRUNC,
          new Computed(
              "MAKE_DATE",
              "makeDate",
              SqlTypeName.DATE,
              SqlTypeName.INTEGER,
              SqlTypeName.INTEGER,
              SqlTypeName.INTEGER),
          new Computed("GCD", "gcd", SqlTypeName.BIGINT, SqlTypeName.BIGINT, SqlTypeName.BIGINT),
          new Computed("LCM", "lcm", SqlTypeName.BIGINT, SqlTypeName.BIGINT, SqlTypeName.BIGINT),
          new Computed("REVERSE", "reverse", SqlTypeName.VARCHAR, SqlTypeName.VARCHAR),
          new Computed("TO_HEX", "toHex", SqlTypeName.VARCHAR, SqlTypeName.BIGINT));

  private JavaFunctions() {}

  private static final class Computed extends SqlUserDefinedFunction {
    /**
     * @param method of {@link CommonFunctions}, with internal values of the operands' types
     */
    Computed(String name, String method, SqlTypeName type, SqlTypeName... operands) {
      super(
          new SqlIdentifier(name, SqlParserPos.ZERO),
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.explicit(type).andThen(SqlTypeTransforms.TO_NULLABLE),
          InferTypes.explicit(types(Types.FACTORY, operands)),
          OperandTypes.operandMetadata(
              families(operands),
              factory -> types(factory, operands),
              operand -> "operand" + operand,
              operand -> false),
          GeneratedFunction.strict(
              type,
              (translator, call, values) ->
                  Expressions.call(
                      CommonFunctions.class, method, given(values, List.of(operands)))));
    }

    private static List<Expression> given(List<Expression> values, List<SqlTypeName> operands) {
      return IntStream.range(0, operands.size())
          .mapToObj(
              i ->
                  EnumUtils.convert(
                      values.get(i),
                      switch (operands.get(i)) {
                        case VARCHAR -> String.class;
                        case INTEGER -> int.class;
                        default -> long.class;
                      }))
          .toList();
    }

    private static List<SqlTypeFamily> families(SqlTypeName[] operands) {
      return List.of(operands).stream().map(Computed::family).toList();
    }

    private static SqlTypeFamily family(SqlTypeName type) {
      return switch (type) {
        case VARCHAR -> SqlTypeFamily.CHARACTER;
        case TIMESTAMP -> SqlTypeFamily.TIMESTAMP;
        default -> SqlTypeFamily.INTEGER;
      };
    }

    private static List<RelDataType> types(RelDataTypeFactory factory, SqlTypeName[] operands) {
      return List.of(operands).stream().map(factory::createSqlType).toList();
    }
  }
}

package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.JsonText;
import io.quorate.sql.parse.LargeTypeNameSpec;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandMetadata;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;

/** CAST to JSON, which looks at the text, and so is no cast to Calcite. Stateless. */
final class JsonCast extends SqlUserDefinedFunction {
  static final JsonCast INSTANCE = new JsonCast();

  /** What Calcite's validator finds beside its own. */
  static final SqlOperatorTable OPERATORS = SqlOperatorTables.of(INSTANCE);

  private JsonCast() {
    super(
        new SqlIdentifier("CAST AS JSON", SqlParserPos.ZERO),
        SqlKind.OTHER_FUNCTION,
        binding ->
            Types.toCalcite(SqlType.of(SqlType.Name.JSON), binding.getOperandType(0).isNullable()),
        null,
        new Operand(),
        GeneratedFunction.strict(
            SqlTypeName.OTHER,
            (translator, call, operands) ->
                Expressions.call(
                    JsonText.class,
                    "require",
                    Expressions.convert_(operands.get(0), String.class))));
  }

  /** What is to stand in the place of a CAST to JSON, or of a predicate IS JSON. */
  static Optional<SqlNode> formOf(SqlCall call) {
    SqlParserPos at = call.getParserPosition();
    if (call.getKind() == SqlKind.CAST && call.operandCount() == 2) {
      return isToJson(call)
          ? Optional.of(INSTANCE.createCall(at, typed(call.operand(0))))
          : Optional.empty();
    }
    String name = call.getOperator().getName();
    if (!name.startsWith("IS JSON ") && !name.startsWith("IS NOT JSON ")) {
      return Optional.empty();
    }
    SqlNode operand = call.operand(0);
    if (operand.getKind() == SqlKind.CAST && !isToJson((SqlCall) operand)) {
      return Optional.empty();
    }
    // Calcite's are for texts alone.
    return Optional.of(call.getOperator().createCall(at, asText(operand)));
  }

  /** A question mark has no type of its own, and none from around it where that is a CAST. */
  private static SqlNode typed(SqlNode operand) {
    return operand instanceof SqlDynamicParam ? asText(operand) : operand;
  }

  private static SqlNode asText(SqlNode operand) {
    SqlParserPos at = operand.getParserPosition();
    return SqlStdOperatorTable.CAST.createCall(
        at, operand, new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.VARCHAR, at), at));
  }

  private static boolean isToJson(SqlCall cast) {
    return cast.operand(1) instanceof SqlDataTypeSpec type
        && type.getTypeNameSpec() instanceof LargeTypeNameSpec spec
        && spec.type() == SqlType.Name.JSON;
  }

  private static final class Operand implements SqlOperandMetadata {
    @Override
    public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
      RelDataType type = binding.getOperandType(0);
      boolean fits =
          CarriedType.isJson(type)
              || SqlTypeName.CHAR_TYPES.contains(type.getSqlTypeName())
              || type.getSqlTypeName() == SqlTypeName.NULL;
      if (!fits && throwOnFailure) {
        throw binding.newValidationSignatureError();
      }
      return fits;
    }

    @Override
    public SqlOperandCountRange getOperandCountRange() {
      return SqlOperandCountRanges.of(1);
    }

    @Override
    public String getAllowedSignatures(SqlOperator operator, String name) {
      return "CAST(<CHARACTER> AS JSON)";
    }

    /** Not fixed: the one operand is of any of some types. */
    @Override
    public boolean isFixedParameters() {
      return false;
    }

    @Override
    public List<RelDataType> paramTypes(RelDataTypeFactory factory) {
      return List.of(factory.createSqlType(SqlTypeName.ANY));
    }

    @Override
    public List<String> paramNames() {
      return List.of("value");
    }
  }
}

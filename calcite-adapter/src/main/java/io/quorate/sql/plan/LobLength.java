package io.quorate.sql.plan;

import io.quorate.sql.exec.OctetLength;
import java.util.List;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandMetadata;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;

/** OCTET_LENGTH of texts, bytes and large values, which are not read for it. Stateless. */
final class LobLength extends SqlUserDefinedFunction {
  static final String NAME = "OCTET_LENGTH";

  static final LobLength INSTANCE = new LobLength();

  /** What Calcite's validator finds beside its own. */
  static final SqlOperatorTable OPERATORS = SqlOperatorTables.of(INSTANCE);

  private LobLength() {
    super(
        new SqlIdentifier(NAME, SqlParserPos.ZERO),
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.BIGINT_NULLABLE,
        (binding, returned, operands) ->
            operands[0] = binding.getTypeFactory().createSqlType(SqlTypeName.VARCHAR),
        new Operand(),
        GeneratedFunction.strict(
            SqlTypeName.BIGINT,
            (translator, call, operands) ->
                Expressions.call(
                    OctetLength.class, "of", Expressions.convert_(operands.get(0), Object.class))));
  }

  private static final class Operand implements SqlOperandMetadata {
    @Override
    public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
      RelDataType type = binding.getOperandType(0);
      boolean fits =
          type instanceof CarriedType
              || SqlTypeName.CHAR_TYPES.contains(type.getSqlTypeName())
              || SqlTypeName.BINARY_TYPES.contains(type.getSqlTypeName())
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
      return name + "(<CHARACTER>), " + name + "(<BINARY>), " + name + "(<BLOB or CLOB>)";
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

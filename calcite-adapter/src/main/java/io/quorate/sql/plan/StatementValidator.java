package io.quorate.sql.plan;

import io.quorate.sql.parse.StatementParser;
import java.util.List;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlLibrary;
import org.apache.calcite.sql.fun.SqlLibraryOperatorTableFactory;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.SqlValidatorTable;
import org.apache.calcite.util.Static;
import org.jspecify.annotations.Nullable;

/**
 * Calcite's validator with another word on assignments: it inserts no casts, which would cut what
 * is too long without a word, but leaves values to be converted when the row is made.
 */
final class StatementValidator extends SqlValidatorImpl {
  private static final SqlOperatorTable OPERATORS =
      SqlOperatorTables.chain(
          SqlLibraryOperatorTableFactory.INSTANCE.getOperatorTable(
              SqlLibrary.STANDARD, SqlLibrary.POSTGRESQL),
          SessionFunctions.OPERATORS);

  private static final SqlValidator.Config CONFIG =
      SqlValidator.Config.DEFAULT
          .withConformance(new Strictness())
          .withIdentifierExpansion(true)
          .withDefaultNullCollation(NullCollation.HIGH)
          .withTypeCoercionEnabled(true);

  StatementValidator(CalciteCatalogReader reader) {
    super(OPERATORS, reader, Types.FACTORY, CONFIG);
  }

  @Override
  protected void checkTypeAssignment(
      @Nullable SqlValidatorScope scope,
      SqlValidatorTable table,
      RelDataType source,
      RelDataType target,
      SqlNode statement) {
    List<RelDataTypeField> from = source.getFieldList();
    List<RelDataTypeField> to = target.getFieldList();
    for (int i = 0; i < from.size(); i++) {
      if (!isAssignable(from.get(i).getType(), to.get(i).getType())) {
        throw newValidationError(
            statement,
            Static.RESOURCE.typeNotAssignable(
                to.get(i).getName(),
                to.get(i).getType().toString(),
                from.get(i).getName(),
                from.get(i).getType().toString()));
      }
    }
  }

  /**
   * The parser's, but a column of a GROUP BY query is grouped, no alias hides a column, and a row
   * has a value for each column.
   */
  private static final class Strictness extends SqlDelegatingConformance {
    Strictness() {
      super(StatementParser.CONFORMANCE);
    }

    @Override
    public boolean isNonStrictGroupBy() {
      return false;
    }

    @Override
    public boolean isInsertSubsetColumnsAllowed() {
      return false;
    }

    @Override
    public SelectAliasLookup isSelectAlias() {
      return SelectAliasLookup.UNSUPPORTED;
    }
  }

  /** Whether a column of the one type takes values of the other. */
  static boolean isAssignable(RelDataType from, RelDataType to) {
    SqlTypeName source = from.getSqlTypeName();
    SqlTypeName target = to.getSqlTypeName();
    if (source == SqlTypeName.NULL || source == SqlTypeName.ANY || source == target) {
      return true;
    }
    if (SqlTypeName.CHAR_TYPES.contains(source)) {
      return !SqlTypeName.BINARY_TYPES.contains(target);
    }
    SqlTypeFamily family = source.getFamily();
    if (family != null && family == target.getFamily()) {
      return true;
    }
    boolean numbers =
        SqlTypeName.NUMERIC_TYPES.contains(source) && SqlTypeName.NUMERIC_TYPES.contains(target);
    return numbers
        || (source == SqlTypeName.DATE && target == SqlTypeName.TIMESTAMP)
        || (source == SqlTypeName.TIMESTAMP
            && (target == SqlTypeName.DATE || target == SqlTypeName.TIME));
  }
}

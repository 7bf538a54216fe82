package io.quorate.sql.plan;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.IdentityDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.jspecify.annotations.Nullable;

/**
 * For which rows of an INSERT the value of the identity column is made. Immutable.
 *
 * @param ordinal of the column
 * @param rows by their number in VALUES; null for all rows
 */
record GeneratedIdentity(int ordinal, @Nullable BitSet rows) {

  /**
   * As the INSERT is written, before DEFAULT is replaced; empty when each row has a value of its
   * own, or the table no such column.
   *
   * @throws SqlFailure {@link State#GENERATED_ALWAYS} when a row must not have one
   */
  static Optional<GeneratedIdentity> of(SqlInsert insert, TableDef table) {
    OptionalInt found = table.findIdentity();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    int ordinal = found.getAsInt();
    ColumnDef column = table.columns().get(ordinal);
    int place = place(insert.getTargetColumnList(), ordinal, column.name());
    if (place < 0) {
      return Optional.of(new GeneratedIdentity(ordinal, null));
    }
    boolean given = insert.getSource().getKind() != SqlKind.VALUES;
    BitSet made = new BitSet();
    List<SqlNode> rows = given ? List.of() : ((SqlCall) insert.getSource()).getOperandList();
    for (int i = 0; i < rows.size(); i++) {
      boolean isDefault = isDefault(rows.get(i), place);
      made.set(i, isDefault);
      given |= !isDefault;
    }
    if (given) {
      requireGivable(table, column);
    }
    if (made.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new GeneratedIdentity(ordinal, given ? made : null));
  }

  /**
   * Sees to it that an INSERT, as it is written, leaves generated columns alone.
   *
   * @throws SqlFailure {@link State#GENERATED_ALWAYS} when it has a value for one
   */
  static void requireNotGiven(SqlInsert insert, TableDef table) {
    List<ColumnDef> columns = table.visibleColumns();
    for (int ordinal = 0; ordinal < columns.size(); ordinal++) {
      ColumnDef column = columns.get(ordinal);
      int place =
          column.generatedSql() == null
              ? -1
              : place(insert.getTargetColumnList(), ordinal, column.name());
      if (place >= 0 && !isDefaultInAll(insert, place)) {
        requireGivable(table, column);
      }
    }
  }

  private static boolean isDefaultInAll(SqlInsert insert, int place) {
    return insert.getSource().getKind() == SqlKind.VALUES
        && ((SqlCall) insert.getSource())
            .getOperandList().stream().allMatch(row -> isDefault(row, place));
  }

  private static int place(@Nullable SqlNodeList columns, int ordinal, String name) {
    if (columns == null) {
      return ordinal;
    }
    for (int i = 0; i < columns.size(); i++) {
      List<String> names = ((SqlIdentifier) columns.get(i)).names;
      if (names.get(names.size() - 1).equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isDefault(SqlNode row, int place) {
    return row.getKind() == SqlKind.ROW
        && place < ((SqlCall) row).operandCount()
        && ((SqlCall) row).operand(place).getKind() == SqlKind.DEFAULT;
  }

  /**
   * A statement has a value for the column.
   *
   * @throws SqlFailure {@link State#GENERATED_ALWAYS} when it must not
   */
  static void requireGivable(TableDef table, ColumnDef column) {
    IdentityDef identity = column.identity();
    if ((identity != null && identity.always()) || column.generatedSql() != null) {
      throw new SqlFailure(
          State.GENERATED_ALWAYS,
          "column \""
              + column.name()
              + "\" of table \""
              + table.name()
              + "\" is GENERATED ALWAYS and takes no other value than DEFAULT");
    }
  }

  /** Whether all rows get a value that is made. */
  boolean isForAll() {
    return rows == null;
  }

  boolean isFor(int row) {
    return isForAll() || Objects.requireNonNull(rows).get(row);
  }
}

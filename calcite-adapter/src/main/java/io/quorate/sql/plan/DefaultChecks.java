package io.quorate.sql.plan;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableChange;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.parse.Statement;
import io.quorate.sql.parse.StatementParser;
import java.util.function.Consumer;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;

/** Finds a DEFAULT that no INSERT could use when its table is made, rather than at the INSERT. */
final class DefaultChecks {
  private DefaultChecks() {}

  /**
   * Has each DEFAULT planned as a query of its own, cast to the type of its column.
   *
   * @throws SqlFailure when one cannot be
   */
  static void check(Statement.CreateTable statement, Consumer<SqlSelect> planner) {
    statement.columns().forEach(column -> check(column.definition(), planner));
  }

  /** As {@link #check(Statement.CreateTable, Consumer)}, of one column. */
  static void check(ColumnDef column, Consumer<SqlSelect> planner) {
    String sql = column.defaultSql();
    if (sql != null) {
      check(column.name(), column.type(), sql, planner);
    }
  }

  /** A query whose only value is the DEFAULT. */
  static SqlNode query(String sql) {
    return StatementParser.parse("SELECT (" + sql + ")");
  }

  /**
   * As {@link #check(Statement.CreateTable, Consumer)}, of a column that gets another DEFAULT, or
   * another type for the one it has. One that is not there is found out when the statement is
   * evaluated.
   */
  static void check(TableDef table, TableChange change, Consumer<SqlSelect> planner) {
    for (ColumnDef column : table.visibleColumns()) {
      if (change instanceof TableChange.SetDefault set && column.name().equals(set.column())) {
        check(column.name(), column.type(), set.sql(), planner);
      }
      String sql = column.defaultSql();
      if (change instanceof TableChange.SetType set
          && column.name().equals(set.column())
          && sql != null) {
        check(column.name(), set.type(), sql, planner);
      }
    }
  }

  private static void check(String column, SqlType type, String sql, Consumer<SqlSelect> planner) {
    try {
      planner.accept(
          (SqlSelect) StatementParser.parse("SELECT CAST((" + sql + ") AS " + type + ")"));
    } catch (SqlFailure e) {
      throw new SqlFailure(
          e.state(),
          "the DEFAULT of column \"" + column + "\", of type " + type + ": " + withoutPosition(e),
          e);
    }
  }

  /** The place is one in a text that the user has not seen. */
  static String withoutPosition(SqlFailure failure) {
    return String.valueOf(failure.getMessage()).replaceFirst("^line \\d+, column \\d+: ", "");
  }
}

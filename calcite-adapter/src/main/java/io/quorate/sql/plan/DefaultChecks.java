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

/** Finds a DEFAULT that no INSERT could use when its table is made, rather than at the INSERT. */
final class DefaultChecks {
  private DefaultChecks() {}

  /**
   * Has each DEFAULT planned as a query of its own, cast to the type of its column.
   *
   * @throws SqlFailure when one cannot be
   */
  static void check(Statement.CreateTable statement, Consumer<SqlNode> planner) {
    for (Statement.Column column : statement.columns()) {
      if (column.defaultSql() != null) {
        check(column.name(), column.type(), column.defaultSql(), planner);
      }
    }
  }

  /**
   * As {@link #check(Statement.CreateTable, Consumer)}, of one that a column gets later. A table or
   * column that is not there is found out when the statement is evaluated.
   */
  static void check(TableDef table, TableChange.SetDefault change, Consumer<SqlNode> planner) {
    for (ColumnDef column : table.visibleColumns()) {
      if (column.name().equals(change.column())) {
        check(column.name(), column.type(), change.sql(), planner);
      }
    }
  }

  private static void check(String column, SqlType type, String sql, Consumer<SqlNode> planner) {
    try {
      planner.accept(StatementParser.parse("SELECT CAST((" + sql + ") AS " + castable(type) + ")"));
    } catch (SqlFailure e) {
      throw new SqlFailure(
          e.state(),
          "the DEFAULT of column \"" + column + "\", of type " + type + ": " + withoutPosition(e),
          e);
    }
  }

  /** Nothing is cast to a large type; what may become one is what its small relative takes. */
  private static String castable(SqlType type) {
    return switch (type.name()) {
      case BLOB -> SqlType.Name.VARBINARY.name();
      case CLOB -> SqlType.Name.VARCHAR.name();
      default -> type.toString();
    };
  }

  /** The place is one in a text that the user has not seen. */
  static String withoutPosition(SqlFailure failure) {
    return String.valueOf(failure.getMessage()).replaceFirst("^line \\d+, column \\d+: ", "");
  }
}

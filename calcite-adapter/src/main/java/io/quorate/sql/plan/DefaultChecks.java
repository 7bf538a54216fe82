package io.quorate.sql.plan;

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
        try {
          planner.accept(
              StatementParser.parse(
                  "SELECT CAST((" + column.defaultSql() + ") AS " + column.type() + ")"));
        } catch (SqlFailure e) {
          throw new SqlFailure(
              e.state(),
              "the DEFAULT of column \""
                  + column.name()
                  + "\", of type "
                  + column.type()
                  + ": "
                  + withoutPosition(e),
              e);
        }
      }
    }
  }

  /** The place is one in a text that the user has not seen. */
  static String withoutPosition(SqlFailure failure) {
    return String.valueOf(failure.getMessage()).replaceFirst("^line \\d+, column \\d+: ", "");
  }
}

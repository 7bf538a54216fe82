package io.quorate.sql.parse;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/** The row of a query without FROM, where it has a condition. */
final class OneRow {
  private OneRow() {}

  /**
   * What stands for FROM.
   *
   * @param items of the SELECT
   * @param where behind it
   * @throws SqlFailure {@link State#SYNTAX_ERROR} when one of the items is a star
   */
  static SqlNode of(List<SqlNode> items, SqlNode where) {
    for (SqlNode item : items) {
      if (item instanceof SqlIdentifier name && name.isStar()) {
        throw new SqlFailure(
            State.SYNTAX_ERROR,
            SyntaxErrors.at(name.getParserPosition())
                + "a star stands for columns, and FROM names none");
      }
    }
    SqlParserPos at = where.getParserPosition();
    SqlNode row = SqlStdOperatorTable.ROW.createCall(at, SqlLiteral.createBoolean(true, at));
    return SqlStdOperatorTable.VALUES.createCall(at, row);
  }
}

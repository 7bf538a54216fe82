package io.quorate.sql.parse;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** An INSERT with ON CONFLICT, which Calcite validates and converts without it. */
public final class InsertNode extends SqlInsert {
  private final OnConflict conflict;

  private InsertNode(
      SqlParserPos position,
      SqlNodeList keywords,
      SqlNode table,
      SqlNode source,
      @Nullable SqlNodeList columns,
      OnConflict conflict) {
    super(position, keywords, table, source, columns);
    this.conflict = conflict;
  }

  /**
   * The statement with the clause behind it.
   *
   * @throws SqlFailure {@link State#SYNTAX_ERROR} when it is none that takes the clause
   */
  static SqlNode of(SqlNode statement, OnConflict conflict, SqlParserPos at) {
    if (!(statement instanceof SqlInsert insert)) {
      throw new SqlFailure(
          State.SYNTAX_ERROR, SyntaxErrors.at(at) + "ON CONFLICT stands behind INSERT only");
    }
    return new InsertNode(
        insert.getParserPosition(),
        insert.operand(0),
        insert.getTargetTable(),
        insert.getSource(),
        insert.getTargetColumnList(),
        conflict);
  }

  public OnConflict conflict() {
    return conflict;
  }
}

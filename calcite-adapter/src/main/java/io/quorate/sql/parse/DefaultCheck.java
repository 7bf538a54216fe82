package io.quorate.sql.parse;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/** Refuses what a DEFAULT cannot know when a row is made: other columns, rows, parameters. */
final class DefaultCheck extends SqlBasicVisitor<Void> {
  /** Functions that are written without parentheses, so the parser takes them for names. */
  private static final Set<String> NAMES_OF_FUNCTIONS =
      Set.of(
          "CURRENT_CATALOG",
          "CURRENT_DATE",
          "CURRENT_ROLE",
          "CURRENT_SCHEMA",
          "CURRENT_TIME",
          "CURRENT_TIMESTAMP",
          "CURRENT_USER",
          "LOCALTIME",
          "LOCALTIMESTAMP",
          "SESSION_USER",
          "SYSTEM_USER",
          "USER");

  private final String column;

  private DefaultCheck(String column) {
    this.column = column;
  }

  static void check(String column, SqlNode value) {
    value.accept(new DefaultCheck(column));
  }

  @Override
  @SuppressWarnings("NullAway") // Calcite's visitors answer null for nothing.
  public Void visit(SqlIdentifier identifier) {
    if (!identifier.isSimple() || !NAMES_OF_FUNCTIONS.contains(identifier.getSimple())) {
      throw refused("the column " + identifier, identifier);
    }
    return null;
  }

  @Override
  @SuppressWarnings("NullAway")
  public Void visit(SqlDynamicParam parameter) {
    throw refused("a parameter", parameter);
  }

  @Override
  @SuppressWarnings("NullAway")
  public Void visit(SqlCall call) {
    if (SequenceCall.of(call).isPresent()) {
      return null;
    }
    if (call.isA(SqlKind.QUERY) || call.isA(SqlKind.AGGREGATE) || call.getKind() == SqlKind.OVER) {
      throw refused("a query or an aggregate", call);
    }
    return super.visit(call);
  }

  private SqlFailure refused(String what, SqlNode where) {
    return new SqlFailure(
        State.NOT_SUPPORTED,
        SyntaxErrors.at(where.getParserPosition())
            + "the DEFAULT of column \""
            + column
            + "\" cannot use "
            + what);
  }
}

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

/**
 * Refuses what a CHECK, or a generated column, cannot be made of by its syntax alone: more than the
 * values of one row. What takes knowing the table and the functions is left to whoever plans it.
 */
final class ConditionCheck extends SqlBasicVisitor<Void> {
  /** Words for where a statement runs, which the parser takes for names. */
  private static final Set<String> PLACES = Set.of("CURRENT_CATALOG", "CURRENT_SCHEMA");

  private final String user;

  private ConditionCheck(String user) {
    this.user = user;
  }

  /**
   * @param user what it is for, as messages say it
   */
  static void check(String user, SqlNode expression) {
    expression.accept(new ConditionCheck(user));
  }

  /** A bare name goes on meaning the column whatever the table is called. */
  @Override
  @SuppressWarnings("NullAway") // Calcite's visitors answer null for nothing.
  public Void visit(SqlIdentifier identifier) {
    if (!identifier.isSimple() && !identifier.isStar()) {
      throw refused("the name " + identifier + "; that of the column alone is enough", identifier);
    }
    if (identifier.isSimple()
        && PLACES.contains(identifier.getSimple())
        && !identifier.isComponentQuoted(0)) {
      throw refused(identifier + ", which is not always the same", identifier);
    }
    return null;
  }

  @Override
  @SuppressWarnings("NullAway")
  public Void visit(SqlDynamicParam parameter) {
    throw refused("a parameter", parameter);
  }

  @Override
  public Void visit(SqlCall call) {
    if (call.isA(SqlKind.QUERY)) {
      throw refused("a query", call);
    }
    if (call.getKind() == SqlKind.OVER) {
      throw refused("a window", call);
    }
    if (SequenceCall.of(call).isPresent()) {
      throw refused("a sequence", call);
    }
    return super.visit(call);
  }

  private SqlFailure refused(String what, SqlNode where) {
    return new SqlFailure(
        State.NOT_SUPPORTED,
        SyntaxErrors.at(where.getParserPosition()) + user + " cannot use " + what);
  }
}

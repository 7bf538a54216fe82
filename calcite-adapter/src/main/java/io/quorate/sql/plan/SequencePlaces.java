package io.quorate.sql.plan;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.SequenceCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Where a statement may take values of sequences: where it is plain how often, once for each row
 * that it returns or puts. Deeper down an optimiser may compute less, or more.
 */
final class SequencePlaces extends SqlBasicVisitor<Void> {
  /** Those that take a value. */
  private final List<SequenceCall> found = new ArrayList<>();

  /** Whether to go into queries. */
  private final boolean deep;

  private SequencePlaces(boolean deep) {
    this.deep = deep;
  }

  /**
   * Checks a statement, as it is written.
   *
   * @throws SqlFailure {@link State#NOT_SUPPORTED} when it takes a value where it may not
   */
  static void check(SqlNode statement) {
    List<SequenceCall> all = in(statement, true);
    if (all.isEmpty()) {
      return;
    }
    List<SequenceCall> allowed = new ArrayList<>();
    for (SqlNode place : places(statement)) {
      allowed.addAll(in(place, false));
    }
    for (SequenceCall call : all) {
      if (!allowed.contains(call)) {
        throw new SqlFailure(
            State.NOT_SUPPORTED,
            "line "
                + call.position().getLineNum()
                + ", column "
                + call.position().getColumnNum()
                + ": NEXT VALUE FOR may stand in VALUES, in SET, and in the list of the outermost"
                + " SELECT without DISTINCT; not here");
      }
    }
  }

  /** Whether it takes a value anywhere. */
  static boolean are(SqlNode node) {
    return !in(node, true).isEmpty();
  }

  private static List<SequenceCall> in(SqlNode node, boolean deep) {
    SequencePlaces places = new SequencePlaces(deep);
    node.accept(places);
    return places.found;
  }

  private static List<SqlNode> places(@Nullable SqlNode statement) {
    if (statement instanceof SqlInsert insert) {
      return places(insert.getSource());
    }
    if (statement instanceof SqlUpdate update) {
      return List.of(update.getSourceExpressionList());
    }
    if (statement instanceof SqlOrderBy ordered) {
      return places(ordered.query);
    }
    if (statement instanceof SqlWith with) {
      return places(with.body);
    }
    if (statement instanceof SqlSelect select && !select.isDistinct()) {
      return List.of(select.getSelectList());
    }
    if (statement instanceof SqlCall values && values.getKind() == SqlKind.VALUES) {
      return List.copyOf(values.getOperandList());
    }
    return List.of();
  }

  @Override
  @SuppressWarnings("NullAway") // Calcite's visitors answer null for nothing.
  public Void visit(SqlCall call) {
    Optional<SequenceCall> sequence = SequenceCall.of(call);
    if (sequence.isPresent()) {
      if (sequence.get().next()) {
        found.add(sequence.get());
      }
      return null;
    }
    if (!deep && (call.isA(SqlKind.QUERY) || call.getKind() == SqlKind.OVER)) {
      return null;
    }
    return super.visit(call);
  }
}

package io.quorate.sql.parse;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/** Finds the sequences in a text that is kept, to name them there for good. */
public final class SequenceNames extends SqlBasicVisitor<Void> {
  private final List<SequenceCall> calls = new ArrayList<>();

  private SequenceNames() {}

  /**
   * The text of a DEFAULT, the same whatever the schema of its reader.
   *
   * @param naming what to write for a call of NEXT VALUE FOR
   * @throws SqlFailure {@link State#NOT_SUPPORTED} for a CURRENT VALUE, which is one session's
   */
  public static String replace(String sql, Function<SequenceCall, String> naming) {
    SequenceNames found = new SequenceNames();
    SqlNode expression = StatementParser.parseExpression(sql);
    expression.accept(found);
    Collections.reverse(found.calls);
    String replaced = sql;
    for (SequenceCall call : found.calls) {
      if (!call.next()) {
        throw new SqlFailure(
            State.NOT_SUPPORTED, "a DEFAULT cannot use the current value of a sequence");
      }
      replaced = SqlText.of(replaced).replace(call.position(), naming.apply(call));
    }
    return replaced;
  }

  @Override
  @SuppressWarnings("NullAway") // Calcite's visitors answer null for nothing.
  public Void visit(SqlCall call) {
    Optional<SequenceCall> sequence = SequenceCall.of(call);
    if (sequence.isPresent()) {
      calls.add(sequence.get());
      return null;
    }
    return super.visit(call);
  }
}

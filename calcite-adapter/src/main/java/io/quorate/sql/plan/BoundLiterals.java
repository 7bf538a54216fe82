package io.quorate.sql.plan;

import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.Parameters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of the literals of one statement, for a plan that has parameters in their places.
 * Immutable.
 *
 * @param given how many parameters the statement itself has; the literals' come behind them
 */
record BoundLiterals(int given, List<Object> values) {
  BoundLiterals {
    values = List.copyOf(values);
  }

  /** The plan, for this one statement. */
  Plan bind(Plan plan) {
    if (plan instanceof Plan.Query query) {
      return new BoundQuery(query, this);
    }
    return new BoundChange((Plan.Change) plan, this);
  }

  /**
   * What the plan is to be run with.
   *
   * @throws io.quorate.sql.lang.SqlFailure when the statement's own parameters are not all set
   */
  ExecutionContext with(ExecutionContext context) {
    List<@Nullable Object> own = context.parameters();
    Parameters.requireCount(given, own.size());
    List<@Nullable Object> all = new ArrayList<>(given + values.size());
    all.addAll(given == own.size() ? own : own.subList(0, given));
    all.addAll(values);
    return context.with(Collections.unmodifiableList(all));
  }
}

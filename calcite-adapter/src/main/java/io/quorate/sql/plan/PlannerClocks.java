package io.quorate.sql.plan;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The clocks that a planner looks at.
 *
 * @param instants for when a plan was made
 * @param nanos for the times of EXPLAIN ANALYZE
 */
public record PlannerClocks(InstantSource instants, LongSupplier nanos) {
  /** Which stand still. */
  public static final PlannerClocks NONE =
      new PlannerClocks(InstantSource.fixed(Instant.EPOCH), () -> 0);
}

package io.quorate.sql.plan;

import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A plan in the {@link PlanCache}, and how often it was found there. Thread-safe. */
final class RememberedPlan {
  /** A statement that is prepared and then run is asked for a few times too. */
  private static final int REPEATS_MIN = 16;

  private final Plan plan;
  private final Instant madeAt;
  private final LongAdder hits = new LongAdder();

  /** Not exact: threads may undo each other's count. */
  private volatile @Nullable Repeated repeated;

  /** A text that the plan was found for, and how often in a row. */
  private record Repeated(String sql, int count) {}

  RememberedPlan(Plan plan, Instant madeAt) {
    this.plan = plan;
    this.madeAt = madeAt;
  }

  Plan plan() {
    return plan;
  }

  Instant madeAt() {
    return madeAt;
  }

  /** The plan, for one who would else have to make it. */
  Plan hit() {
    hits.increment();
    return plan;
  }

  long hits() {
    return hits.sum();
  }

  /** Whether the plan, which serves many texts, was found for this one many times in a row. */
  boolean isRepeated(String sql) {
    Repeated last = repeated;
    int count = last != null && last.sql.equals(sql) ? last.count + 1 : 1;
    repeated = new Repeated(sql, count);
    return count == REPEATS_MIN;
  }
}

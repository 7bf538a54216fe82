package io.quorate.sql.plan;

import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;

/** A plan in the {@link PlanCache}, and how often it was found there. Thread-safe. */
final class RememberedPlan {
  private final Plan plan;
  private final Instant madeAt;
  private final LongAdder hits = new LongAdder();

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
}

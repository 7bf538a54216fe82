package io.quorate.server.replica;

import io.quorate.server.lang.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps a replica from applying, as a stalled disk would: a thread waits for a revision that never
 * comes and, inside of the lock that the apply thread needs to go on, looks at a clock that does
 * not answer. Queries that must wait for a revision meet their deadline.
 */
public final class PausedApply implements AutoCloseable {
  private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch letGo = new CountDownLatch(1);
  private final Thread holder;

  /** Blocks until nothing is applied any more. */
  public PausedApply(AppliedRevision applied) {
    this.holder = new Thread(() -> hold(applied), "paused-apply");
    holder.start();
    await(held);
  }

  private void hold(AppliedRevision applied) {
    AtomicBoolean waits = new AtomicBoolean();
    Deadline never = Deadline.after(Duration.ZERO, () -> waits.get() ? clock() : 0);
    waits.set(true);
    try {
      applied.await(Long.MAX_VALUE, never);
    } catch (RuntimeException expected) {
      // The deadline, once the clock answers.
    }
  }

  private long clock() {
    held.countDown();
    await(letGo);
    return HOUR_NANOS;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets it go on. */
  @Override
  public void close() {
    letGo.countDown();
  }
}

package io.quorate.driver.route;

import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * How long, and how often, one request is tried: until its own timeout, and no longer than half a
 * minute from the first failure. Confined to one request.
 */
final class RetryWindow {
  /** An election takes a second or two; ten times that is somebody's outage. */
  static final long FAILING_MAX_MILLIS = 30_000;

  /** What a server gets beyond the statement's timeout to say so itself. */
  private static final long GRACE_MILLIS = 2_000;

  private static final long PAUSE_MIN_MILLIS = 10;
  private static final long PAUSE_MAX_MILLIS = 250;

  private final Random random;
  private final long timeoutMillis;
  private final long startNanos = System.nanoTime();
  private long firstFailureNanos;
  private int pauses;

  /**
   * @param timeoutMillis of the request; 0 for none
   */
  RetryWindow(Random random, long timeoutMillis) {
    this.random = random;
    this.timeoutMillis = timeoutMillis;
  }

  /** What is left of the request's own time, at least 1; 0 without a limit. */
  long leftMillis() {
    if (timeoutMillis == 0) {
      return 0;
    }
    return Math.max(1, timeoutMillis - elapsedMillis(startNanos));
  }

  /** Until when to wait for an answer, by {@link System#nanoTime}; 0 for ever. */
  long answerDeadlineNanos(long socketTimeoutMillis) {
    long limit = timeoutMillis == 0 ? Long.MAX_VALUE : leftMillis() + GRACE_MILLIS;
    if (socketTimeoutMillis > 0) {
      limit = Math.min(limit, socketTimeoutMillis);
    }
    if (limit == Long.MAX_VALUE) {
      return 0;
    }
    long deadline = System.nanoTime() + limit * 1_000_000;
    return deadline == 0 ? 1 : deadline;
  }

  /** Whether the request's own time is up. */
  boolean timedOut() {
    return timeoutMillis != 0 && elapsedMillis(startNanos) >= timeoutMillis;
  }

  /** Notes a failure; whether there is time for another attempt. */
  boolean mayRetry() {
    if (firstFailureNanos == 0) {
      firstFailureNanos = System.nanoTime();
    }
    return !timedOut() && elapsedMillis(firstFailureNanos) < FAILING_MAX_MILLIS;
  }

  /** Waits before the next attempt, each time a little longer. */
  void pause() {
    long base = Math.min(PAUSE_MAX_MILLIS, PAUSE_MIN_MILLIS << Math.min(pauses++, 10));
    long millis = base / 2 + random.nextInt((int) base);
    LockSupport.parkNanos(this, millis * 1_000_000);
  }

  private static long elapsedMillis(long sinceNanos) {
    return (System.nanoTime() - sinceNanos) / 1_000_000;
  }
}

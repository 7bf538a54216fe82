package io.quorate.driver.route;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what other threads do. */
public final class Await {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private Await() {}

  /** Looks until it is so, or fails. */
  public static void until(String what, Callable<Boolean> condition) {
    long begin = System.nanoTime();
    try {
      while (!condition.call()) {
        if (System.nanoTime() - begin > PATIENCE_NANOS) {
          throw new AssertionError("waited in vain: " + what);
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    } catch (Exception e) {
      throw new AssertionError("while waiting: " + what, e);
    }
  }
}

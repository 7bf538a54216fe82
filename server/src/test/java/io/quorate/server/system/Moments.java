package io.quorate.server.system;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Time that has to pass because that is what is asked for: how long a fault or a measurement is.
 */
final class Moments {
  private Moments() {}

  /** Returns when that much time has passed. */
  static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}

package io.quorate.server.store;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Wakes the checkpointer. Thread-safe. */
final class CheckpointBell {
  private final Semaphore rung = new Semaphore(0);
  private final AtomicBoolean asked = new AtomicBoolean();

  /** Asks for a checkpoint, once until the next one begins. */
  void ask() {
    if (asked.compareAndSet(false, true)) {
      rung.release();
    }
  }

  void checkpointBegins() {
    asked.set(false);
  }

  /** Ends a wait in any case. */
  void wake() {
    rung.release();
  }

  /** Waits until it is asked or woken, at most {@code timeout}; says whether it was. */
  boolean await(Duration timeout) throws InterruptedException {
    return rung.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }
}

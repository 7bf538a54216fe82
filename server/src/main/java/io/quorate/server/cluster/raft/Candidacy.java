package io.quorate.server.cluster.raft;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * When this member asks for votes. JRaft asks for a first, harmless vote (Raft dissertation, 9.6)
 * whenever a leader has been silent for long; that is what is held back here. What another leader
 * tells it to do, to take over, is not.
 *
 * <p>Thread-safe.
 */
final class Candidacy {
  private final BooleanSupplier asks;
  private final Runnable led;

  private Candidacy(BooleanSupplier asks, Runnable led) {
    this.asks = asks;
    this.led = led;
  }

  /** Whenever JRaft would. */
  static Candidacy atOnce() {
    return new Candidacy(() -> true, () -> {});
  }

  /** So long after JRaft would have for the first time, so that others stand before. */
  static Candidacy delayed(Duration delay, LongSupplier nanoClock) {
    Waiting waiting = new Waiting(delay.toNanos(), nanoClock);
    return new Candidacy(waiting::isOver, waiting::end);
  }

  /** Whether it may ask for votes now. */
  boolean mayAsk() {
    return asks.getAsBoolean();
  }

  /** Somebody leads. */
  void led() {
    led.run();
  }

  private static final class Waiting {
    private final long nanos;
    private final LongSupplier nanoClock;
    private boolean waits;
    private long since;

    Waiting(long nanos, LongSupplier nanoClock) {
      this.nanos = nanos;
      this.nanoClock = nanoClock;
    }

    synchronized boolean isOver() {
      long now = nanoClock.getAsLong();
      if (!waits) {
        waits = true;
        since = now;
      }
      return now - since >= nanos;
    }

    synchronized void end() {
      waits = false;
    }
  }
}

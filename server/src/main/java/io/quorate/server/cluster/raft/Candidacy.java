package io.quorate.server.cluster.raft;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * When this member asks for votes. JRaft asks for a first, harmless vote (Raft dissertation, 9.6)
 * whenever a leader has been silent for long; that is what is held back here. What another leader
 * tells it to do, to take over, is not.
 *
 * <p>Thread-safe.
 */
abstract class Candidacy {
  private final LongAdder heldBack = new LongAdder();

  /** Whenever JRaft would. */
  static Candidacy atOnce() {
    return new Candidacy() {
      @Override
      boolean asks() {
        return true;
      }
    };
  }

  /** So long after JRaft would have for the first time, so that others stand before. */
  static Candidacy delayed(Duration delay, LongSupplier nanoClock) {
    return new Delayed(delay.toNanos(), nanoClock);
  }

  /**
   * Only when it is called to.
   *
   * @param lasts how long a call counts
   * @param witness whether another one that is called is a call too: it may lack what this one has
   */
  static Candidacy onCall(Duration lasts, boolean witness, LongSupplier nanoClock) {
    return new OnCall(lasts.toNanos(), witness, nanoClock);
  }

  private Candidacy() {}

  /** Whether it may ask for votes now. */
  final boolean mayAsk() {
    boolean asks = asks();
    if (!asks) {
      heldBack.increment();
    }
    return asks;
  }

  /** How often it might not. */
  final long heldBack() {
    return heldBack.sum();
  }

  abstract boolean asks();

  /** Somebody leads. */
  void led() {}

  /** It is to stand. */
  void call() {}

  /** It is to hand its leadership over. */
  void handOver() {}

  /** Whether another one may be told to take over now. */
  boolean mayHandOver() {
    return true;
  }

  /** Another member asks for votes. */
  void othersAsk() {}

  private static final class Delayed extends Candidacy {
    private final long nanos;
    private final LongSupplier nanoClock;
    private boolean waits;
    private long since;

    Delayed(long nanos, LongSupplier nanoClock) {
      this.nanos = nanos;
      this.nanoClock = nanoClock;
    }

    @Override
    synchronized boolean asks() {
      long now = nanoClock.getAsLong();
      if (!waits) {
        waits = true;
        since = now;
      }
      return now - since >= nanos;
    }

    @Override
    synchronized void led() {
      waits = false;
    }
  }

  private static final class OnCall extends Candidacy {
    private final long nanos;
    private final boolean witness;
    private final LongSupplier nanoClock;
    private boolean called;
    private long calledAt;
    private boolean hands;
    private long handsAt;

    OnCall(long nanos, boolean witness, LongSupplier nanoClock) {
      this.nanos = nanos;
      this.witness = witness;
      this.nanoClock = nanoClock;
    }

    @Override
    synchronized boolean asks() {
      called &= nanoClock.getAsLong() - calledAt < nanos;
      return called;
    }

    @Override
    synchronized void led() {
      called = false;
    }

    @Override
    synchronized void call() {
      called = true;
      calledAt = nanoClock.getAsLong();
    }

    @Override
    synchronized void handOver() {
      hands = true;
      handsAt = nanoClock.getAsLong();
    }

    @Override
    synchronized boolean mayHandOver() {
      hands &= nanoClock.getAsLong() - handsAt < nanos;
      return hands;
    }

    @Override
    void othersAsk() {
      if (witness) {
        call();
      }
    }
  }
}

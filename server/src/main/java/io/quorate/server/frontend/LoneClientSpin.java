package io.quorate.server.frontend;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.SelectStrategy;
import io.netty.channel.SelectStrategyFactory;
import io.netty.util.IntSupplier;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Looks for the next request for a few microseconds before an event loop sleeps, while one client
 * alone asks, answer after answer: to wake a sleeping loop takes longer than to run a short query.
 *
 * <p>Where several loops have work, or one loop has several clients, nobody spins, for these would
 * miss the processor. A spin that finds nothing is not repeated for some turns, up to 64: a client
 * that thinks longer, or waits for a commit, costs a microsecond a turn on average.
 *
 * <p>Confined to the thread of its loop, but for the turns of all loops.
 */
final class LoneClientSpin implements SelectStrategy {
  /** A client of this machine asks again within some 20 µs; one across a network takes longer. */
  static final long SPIN_NANOS = 50_000;

  /** Turns in a row without one of another loop before the first spin. */
  static final int TURNS_ALONE = 32;

  /** Spins are left out for up to two to this power turns. */
  private static final int MISSES_MAX = 6;

  private final AtomicLong turns;
  private final LongSupplier nanoClock;
  private long lastTurn = -1;
  private int alone;
  private int misses;
  private int skipped;

  private LoneClientSpin(AtomicLong turns, LongSupplier nanoClock) {
    this.turns = turns;
    this.nanoClock = nanoClock;
  }

  /** For the loops of one port, which watch each other; one processor alone never spins. */
  static SelectStrategyFactory forLoops(int processors, LongSupplier nanoClock) {
    if (processors == 1) {
      return DefaultSelectStrategyFactory.INSTANCE;
    }
    AtomicLong turns = new AtomicLong();
    return () -> new LoneClientSpin(turns, nanoClock);
  }

  @Override
  public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
    long turn = turns.incrementAndGet();
    alone = turn == lastTurn + 1 ? Math.min(alone + 1, TURNS_ALONE) : 0;
    lastTurn = turn;
    if (hasTasks) {
      return selectNow.get();
    }
    if (alone < TURNS_ALONE) {
      return SELECT;
    }
    if (skipped > 0) {
      skipped--;
      return SELECT;
    }
    return spin(selectNow);
  }

  // A hint to the scheduler is what is meant here; nothing relies on it but speed.
  @SuppressWarnings("ThreadPriorityCheck")
  private int spin(IntSupplier selectNow) throws Exception {
    long start = nanoClock.getAsLong();
    do {
      int ready = selectNow.get();
      if (ready > 0) {
        misses = 0;
        alone = ready == 1 ? alone : 0;
        return ready;
      }
      // Whoever else can run on this processor goes first, the client for one.
      Thread.yield();
    } while (nanoClock.getAsLong() - start < SPIN_NANOS);
    misses = Math.min(misses + 1, MISSES_MAX);
    skipped = 1 << misses;
    return SELECT;
  }
}

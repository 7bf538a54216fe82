package io.quorate.driver.route;

import io.quorate.driver.wire.Freshness;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What this JVM has seen of one node: how far it is, how much is under way there, how fresh it said
 * it was, how it failed. Thread-safe without locks; two that note something at once may lose one of
 * the two, which the next answer mends.
 */
final class NodeState {
  /** A node that failed, and was not heard of since, is tried last for so long. */
  private static final long DOUBT_NANOS = 10_000_000_000L;

  /** A longer round trip weighs one part in this many: most are somebody's hiccup. */
  private static final long LONGER_PARTS = 4;

  /** A shorter one is proof that it can be had. */
  private static final long SHORTER_PARTS = 2;

  /** To be taken from a time by {@link System#nanoTime}, never to be set beside one. */
  private static final class Told {
    private final Freshness freshness;
    private final long atNanos;

    Told(Freshness freshness, long atNanos) {
      this.freshness = freshness;
      this.atNanos = atNanos;
    }
  }

  private static final class Failed {
    private final String why;
    private final long atNanos;

    Failed(String why, long atNanos) {
      this.why = why;
      this.atNanos = atNanos;
    }
  }

  private final NodeAddress address;
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile @Nullable NodeAddress alias;
  private volatile boolean byAlias;
  private volatile long latencyNanos;
  private volatile @Nullable Told told;
  private volatile @Nullable Failed failed;

  /**
   * @param address what the node calls itself
   */
  NodeState(NodeAddress address) {
    this.address = address;
  }

  NodeAddress address() {
    return address;
  }

  /** Where to dial it: what it calls itself, or, where that leads nowhere, where it was met. */
  NodeAddress dial() {
    NodeAddress other = alias;
    return byAlias && other != null ? other : address;
  }

  void reachedAt(NodeAddress dialled) {
    if (dialled.equals(address)) {
      byAlias = false;
    } else {
      alias = dialled;
    }
  }

  void notReachedAt(NodeAddress dialled) {
    byAlias = dialled.equals(address);
  }

  void requestBegins() {
    inFlight.incrementAndGet();
  }

  void requestEnds() {
    inFlight.decrementAndGet();
  }

  /** Requests of this JVM that wait for an answer. */
  int inFlight() {
    return inFlight.get();
  }

  /** Notes what an answer says, unless it says nothing. */
  void told(Freshness freshness) {
    if (!freshness.equals(Freshness.UNKNOWN)) {
      told = new Told(freshness, System.nanoTime());
    }
  }

  /** Notes a sign of life: what failed before is forgiven. */
  void alive() {
    if (failed != null) {
      failed = null;
    }
  }

  /** Notes how long a ping took. */
  void roundTrip(long nanos) {
    long before = latencyNanos;
    long parts = nanos < before ? SHORTER_PARTS : LONGER_PARTS;
    latencyNanos = Math.max(1, before == 0 ? nanos : before + (nanos - before) / parts);
  }

  /** Smoothed; 0 when nothing was measured yet. */
  long latencyNanos() {
    return latencyNanos;
  }

  void failed(String why) {
    failed = new Failed(why, System.nanoTime());
  }

  /** Why it is to be tried last; empty when it is as good as any. */
  String trouble(long nowNanos) {
    Failed last = failed;
    return last == null || nowNanos - last.atNanos >= DOUBT_NANOS ? "" : last.why;
  }

  /** What it said of itself last, older by the time since; null before it said anything. */
  @Nullable Freshness freshness(long nowNanos) {
    Told last = told;
    return last == null ? null : last.freshness.after(nowNanos - last.atNanos);
  }
}

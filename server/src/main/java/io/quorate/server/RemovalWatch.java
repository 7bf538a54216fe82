package io.quorate.server;

import io.quorate.server.cluster.MemberId;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What leaders say of this node's own membership: one that was away when it was removed has no
 * entry of the log that tells it. Thread-safe.
 */
final class RemovalWatch {
  private static final Logger log = LoggerFactory.getLogger(RemovalWatch.class);

  private final LongSupplier nanoClock;
  private boolean removed;
  private long firstNanos;
  private long lastNanos;

  RemovalWatch(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** A leader has said whether this node, once a member, is none any more. */
  synchronized void told(MemberId leader, boolean now) {
    lastNanos = nanoClock.getAsLong();
    if (now && !removed) {
      firstNanos = lastNanos;
      log.atWarn().addKeyValue("leader", leader).log("this node was removed from its cluster");
    }
    removed = now;
  }

  /** What the leader last heard said. */
  synchronized boolean isRemoved() {
    return removed;
  }

  /**
   * How long leaders have been saying so, up to their last word. A change that is only under way is
   * said too, but not for longer than a leader without a majority remains one.
   */
  synchronized Duration toldFor() {
    return removed ? Duration.ofNanos(lastNanos - firstNanos) : Duration.ZERO;
  }
}

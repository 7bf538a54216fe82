package io.quorate.server;

import io.quorate.server.cluster.Consensus;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for a snapshot when the log has grown enough since the last one, for which what is before
 * the last one is cut off the log. Confined to the timer.
 *
 * <p>A witness can give nobody the rows of a log that it has cut. It waits for the voters that hold
 * rows until they have what it would cut, but with no more than {@link #WITNESS_STRETCHES} times as
 * much log; a voter that is farther behind then needs another one with rows.
 */
final class SnapshotTrigger {
  private static final Logger log = LoggerFactory.getLogger(SnapshotTrigger.class);

  /** With 64 MiB between two snapshots, 512 MiB of log are kept for a voter that is away. */
  static final int WITNESS_STRETCHES = 8;

  private final Consensus consensus;
  private final Needs needs;
  private final LongSupplier bytesAppended;
  private final long every;

  /** Below 0 while the last snapshot is of an earlier process. */
  private long bytesAtLast;

  /** What others must have before the next snapshot; below 0 while none is due. */
  private long due = -1;

  /**
   * @param bytesAppended to the log since the node started
   * @param bytesPending in the log now and in no snapshot: without them the log of a node that is
   *     started again and again is never cut
   * @param every so many bytes call for a snapshot
   * @param needs what of the log others need
   */
  SnapshotTrigger(
      Consensus consensus, LongSupplier bytesAppended, long bytesPending, long every, Needs needs) {
    this.consensus = consensus;
    this.needs = needs;
    this.bytesAppended = bytesAppended;
    this.bytesAtLast = bytesAppended.getAsLong() - bytesPending;
    this.every = every;
  }

  /** For a node whose log is open, and its snapshot loaded. */
  static SnapshotTrigger of(
      Node.Parts node, DataDirectory directory, ClusterView view, long every) {
    return new SnapshotTrigger(
        node.consensus(),
        node.log()::bytesAppended,
        node.log().bytesSinceSnapshot(),
        every,
        directory.identity().witness()
            ? new Needs(
                node.replica().applied()::current, new Progress(view, node.consensus())::slowest)
            : Needs.NONE);
  }

  /**
   * What of the log others need.
   *
   * @param here the revision that this node has applied
   * @param others what those have applied that may need the log of this one, the slowest of them
   */
  record Needs(LongSupplier here, LongSupplier others) {
    static final Needs NONE = new Needs(() -> 0, () -> Long.MAX_VALUE);
  }

  /** Whether all others have what is here now, and so what is before the last snapshot. */
  private boolean mayCut(long pending) {
    if (due < 0) {
      due = needs.here.getAsLong();
    }
    if (needs.others.getAsLong() >= due) {
      return true;
    }
    if (pending < WITNESS_STRETCHES * every) {
      return false;
    }
    log.atWarn()
        .addKeyValue("bytes", pending)
        .log("the log is cut though a voter may still need it, which has been away for too long");
    return true;
  }

  void run() {
    long now = bytesAppended.getAsLong();
    if (now - bytesAtLast >= every && mayCut(now - bytesAtLast)) {
      bytesAtLast = now;
      due = -1;
      var unused =
          consensus
              .snapshot()
              .exceptionally(
                  problem -> {
                    // The next one is asked for after as many bytes again; the log keeps all until
                    // then.
                    log.atWarn().addKeyValue("cause", problem.getMessage()).log("no snapshot");
                    return null;
                  });
    }
  }
}

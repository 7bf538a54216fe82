package io.quorate.server;

import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.wal.WalLogStorage;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for a snapshot when the log has grown enough since the last one. Confined to the timer. */
final class SnapshotTrigger {
  private static final Logger log = LoggerFactory.getLogger(SnapshotTrigger.class);

  private final Consensus consensus;
  private final LongSupplier bytesAppended;
  private final long every;

  /** Below 0 while the last snapshot is of an earlier process. */
  private long bytesAtLast;

  /**
   * @param bytesAppended to the log since the node started
   * @param bytesPending in the log now and in no snapshot: without them the log of a node that is
   *     started again and again is never cut
   * @param every so many bytes call for a snapshot
   */
  SnapshotTrigger(Consensus consensus, LongSupplier bytesAppended, long bytesPending, long every) {
    this.consensus = consensus;
    this.bytesAppended = bytesAppended;
    this.bytesAtLast = bytesAppended.getAsLong() - bytesPending;
    this.every = every;
  }

  /** For a log that is open, whose snapshot has been loaded. */
  static SnapshotTrigger of(Consensus consensus, WalLogStorage wal, long every) {
    return new SnapshotTrigger(consensus, wal::bytesAppended, wal.bytesSinceSnapshot(), every);
  }

  void run() {
    long now = bytesAppended.getAsLong();
    if (now - bytesAtLast >= every) {
      bytesAtLast = now;
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

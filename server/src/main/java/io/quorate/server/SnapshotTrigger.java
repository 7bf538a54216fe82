package io.quorate.server;

import io.quorate.server.cluster.Consensus;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for a snapshot when the log has grown enough since the last one. Confined to the timer. */
final class SnapshotTrigger {
  private static final Logger log = LoggerFactory.getLogger(SnapshotTrigger.class);

  private final Consensus consensus;
  private final LongSupplier bytesAppended;
  private final long every;
  private long bytesAtLast;

  /**
   * @param bytesAppended to the log since the node started
   * @param every so many bytes call for a snapshot
   */
  SnapshotTrigger(Consensus consensus, LongSupplier bytesAppended, long every) {
    this.consensus = consensus;
    this.bytesAppended = bytesAppended;
    this.every = every;
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

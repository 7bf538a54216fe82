package io.quorate.server;

import io.quorate.server.cluster.Consensus;
import io.quorate.server.security.Entrance;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Lets the entrance know once this node has applied what was in the log when it started: its
 * checkpoint may be older than the first user. Asks until a leader answers.
 */
record Settling(Consensus consensus, Entrance entrance, ScheduledExecutorService timer) {
  private static final long PAUSE_MILLIS = 100;

  void begin() {
    var unused =
        consensus
            .readBarrier()
            .whenComplete(
                (known, problem) -> {
                  if (problem == null) {
                    entrance.settle();
                  } else {
                    beginLater();
                  }
                });
  }

  private void beginLater() {
    var unused = timer.schedule(this::begin, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }
}

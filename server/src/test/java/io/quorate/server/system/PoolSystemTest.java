package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.system.SqlWriters.Written;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An application with a pool of twenty connections on nodes that end without warning. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class PoolSystemTest {
  private static final int CONNECTIONS = 20;
  private static final int ROUNDS = 10;
  private static final long STEADY = 400;
  private static final Duration PAUSE_MAX = Duration.ofSeconds(2);
  private static final Duration CATCH_UP = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  @Tag("slow")
  void no_read_fails_and_no_write_waits_long_when_each_node_is_killed_in_turn() throws Exception {
    Figures pauses = new Figures();
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          try (PooledLoad load = PooledLoad.start(cluster.url(), CONNECTIONS)) {
            for (int round = 0; round < ROUNDS; round++) {
              for (SystemNode node : cluster.nodes()) {
                load.awaitProgress(STEADY);
                long killed = System.nanoTime();
                node.kill9();
                load.awaitProgress(STEADY);
                pauses.add(load.longestGapSince(killed));
                node.start();
                SystemCluster.awaitStarted(node);
                var unused = cluster.awaitCaughtUp(node, CATCH_UP);
              }
            }
            load.awaitProgress(STEADY);
            List<Written> written = load.stop();
            Figures.print("pool, kill -9 of each node in turn, longest pause: " + pauses);
            Figures.print(
                "pool: %d reads, failed %s, stale %s, failed writes %s"
                    .formatted(
                        load.reads(), load.failedReads(), load.staleReads(), load.failedWrites()));
            cluster.awaitAllAt(SystemCluster.appliedOf(cluster.awaitLeader()));
            for (SystemNode node : cluster.nodes()) {
              SqlAudit.assertComplete(node, written);
            }
            assertThat(load.failedReads()).isEmpty();
            assertThat(load.staleReads()).isEmpty();
            assertThat(load.failedWrites()).isEmpty();
          }
        });
    assertThat(pauses.worst()).isLessThan(PAUSE_MAX);
  }
}

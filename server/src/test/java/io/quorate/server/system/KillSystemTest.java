package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.server.DataCheck;
import io.quorate.server.system.ProbeClient.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that is killed at random moments while rows and definitions change and checkpoints are
 * made all the time. While it is down its directory is verified, each index against its table;
 * while it is up the applications compare every row with what they wrote.
 */
@Timeout(value = 90, unit = TimeUnit.MINUTES)
final class KillSystemTest {
  private static final int CLIENTS = 3;
  private static final long MOMENT_NANOS_MAX = Duration.ofMillis(1_500).toNanos();

  @TempDir Path directory;

  @Test
  void a_node_that_is_killed_agrees_with_itself_and_with_its_clients() throws Exception {
    kill(2, 1);
  }

  @Test
  @Tag("slow")
  void a_node_that_is_killed_200_times_agrees_with_itself_and_with_its_clients() throws Exception {
    kill(200, 2);
  }

  private void kill(int rounds, long seed) throws Exception {
    Random random = new Random(seed);
    SystemCluster.run(
        directory,
        cluster -> {
          SystemNode node =
              cluster
                  .node("n1")
                  .withFlag("--bootstrap")
                  .with("store.checkpoint_interval", "30ms")
                  .with("log.segment_bytes", "256KiB")
                  .with("log.snapshot_log_bytes", "1MiB");
          node.start();
          SystemCluster.awaitStarted(node);
          MixedWriters writers = MixedWriters.start(node.url(), CLIENTS, seed);
          try {
            for (int round = 0; round < rounds; round++) {
              round(node, writers, round, random);
            }
          } finally {
            writers.close();
          }
          Figures.print("kill -9, " + rounds + " rounds of seed " + seed + ": " + writers);
          assertThat(writers.wrong()).isEmpty();
          node.kill9();
          assertThat(DataCheck.of(node.data()).findings()).allMatch(KillSystemTest::isSound);
        });
  }

  private static void round(SystemNode node, MixedWriters writers, int round, Random random) {
    long before = writers.statements();
    await("the applications go on, round " + round)
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> writers.statements() > before + 5);
    long durable = watch(node, System.nanoTime() + (long) (random.nextDouble() * MOMENT_NANOS_MAX));
    node.kill9();
    DataCheck.Report report = DataCheck.of(node.data());
    node.start();
    String what = "round " + round + ": " + report;
    assertThat(report.findings()).as(what).allMatch(KillSystemTest::isSound);
    assertThat(report.storeRevision()).as(what).isGreaterThanOrEqualTo(durable);
    assertThat(writers.wrong()).as(what).isEmpty();
    if (round % 20 == 0) {
      Figures.print(
          "round %d: durable was %d, store at %d, log at %d, %s"
              .formatted(round, durable, report.storeRevision(), report.lastIndex(), writers));
    }
  }

  private static boolean isSound(DataCheck.Finding finding) {
    return finding.state() != DataCheck.State.DAMAGED;
  }

  /** The highest revision that the node has called durable before the moment. */
  private static long watch(SystemNode node, long moment) {
    long durable = 0;
    do {
      Optional<Status> status = node.status();
      durable = Math.max(durable, status.map(Status::durable).orElse(0L));
    } while (System.nanoTime() - moment < 0);
    return durable;
  }
}

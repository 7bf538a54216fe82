package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table of ten million rows, about 1.5 GB: loaded, there again soon after its only voter was
 * killed, and copied to a learner that joins with an empty directory while rows are updated. The
 * number of rows is the system property {@code many.rows}.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
final class ManyRowsSystemTest {
  private static final int ROWS = Integer.getInteger("many.rows", 10_000_000);
  private static final int CONNECTIONS = 4;
  private static final Duration RESTART_MAX = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Ten million rows have about what is the default, fewer as many snapshots on the way. */
  private static final long SEGMENT_BYTES = Math.max(1, ROWS / 10_000) * (64L << 10);

  private static final Path FIRST_SEGMENT = Path.of("00000000000000000001.log");

  @TempDir Path directory;

  @Test
  @Tag("slow")
  void many_rows_outlive_kill_9_and_go_to_a_fresh_node_while_they_are_updated() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          SystemNode voter = withSettings(cluster.node("n1")).withFlag("--bootstrap");
          voter.start();
          SystemCluster.awaitStarted(voter);
          load(voter);
          restart(voter);
          assertThat(voter.logSegments().get(0).getFileName())
              .as("the beginning of the log, which only a snapshot can stand for")
              .isNotEqualTo(FIRST_SEGMENT);
          copyToFreshNode(cluster, voter);
        });
  }

  private static SystemNode withSettings(SystemNode node) {
    return node.withJvmOption("-Xmx2g")
        .with("log.snapshot_log_bytes", Long.toString(4 * SEGMENT_BYTES))
        .with("log.segment_bytes", Long.toString(SEGMENT_BYTES));
  }

  private static void load(SystemNode voter) throws Exception {
    long start = System.nanoTime();
    ManyRows.load(voter.url(), ROWS, CONNECTIONS);
    Duration took = since(start);
    Figures.print(
        "%d rows loaded in %d ms, %d a second"
            .formatted(ROWS, took.toMillis(), ROWS * 1_000L / took.toMillis()));
  }

  private static void restart(SystemNode voter) throws Exception {
    voter.kill9();
    long start = System.nanoTime();
    voter.start();
    String remark = first(() -> ManyRows.remark(voter.url(), ROWS - 1));
    Duration read = since(start);
    assertThat(remark).isEqualTo(ManyRows.remarkOf(ROWS - 1));
    assertThat(first(() -> ManyRows.increment(voter.url(), ROWS / 2))).isEqualTo(1);
    Duration written = since(start);
    assertThat(sums(voter)).isEqualTo(ManyRows.Sums.of(ROWS, 1));
    Figures.print(
        "kill -9, from the start of the process: first read after %d ms, first write after %d ms"
            .formatted(read.toMillis(), written.toMillis()));
    assertThat(read).isLessThan(RESTART_MAX);
    assertThat(written).isLessThan(RESTART_MAX);
  }

  /** What it answers, once the node takes statements. */
  private static <T> T first(Callable<T> statement) {
    return await("an answer")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(statement, answer -> answer != null);
  }

  private static void copyToFreshNode(SystemCluster cluster, SystemNode voter) throws Exception {
    SystemNode learner = withSettings(cluster.node("n2"));
    learner.withFlag("--join=" + voter.peerAddress()).withFlag("--role=learner");
    ManyRows.Updates updates = ManyRows.Updates.start(voter.url(), ROWS);
    Duration took;
    try {
      updates.awaitSome();
      long start = System.nanoTime();
      learner.start();
      await("all rows on " + learner.name())
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          .ignoreExceptionsInstanceOf(SQLException.class)
          .until(() -> sums(learner).rows() == ROWS);
      took = since(start);
    } finally {
      updates.close();
    }
    Figures.print(
        "a fresh node shows all rows after %d ms; %s".formatted(took.toMillis(), updates));
    assertThat(updates.failures()).isEmpty();
    var unused = cluster.awaitCaughtUp(learner, PATIENCE);
    ManyRows.Sums expected = ManyRows.Sums.of(ROWS, 1 + updates.count());
    assertThat(sums(voter)).isEqualTo(expected);
    assertThat(sums(learner)).isEqualTo(expected);
    assertThat(learner.data().resolve("snapshots")).isNotEmptyDirectory();
  }

  private static ManyRows.Sums sums(SystemNode node) throws SQLException {
    return ManyRows.sums(node.url() + "&read_level=LOCAL");
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}

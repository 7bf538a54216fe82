package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What writers notice of nodes that stand still, and of one that is made: next to nothing. The
 * figures are only good on a machine that does nothing else.
 */
@Tag("slow")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class LoadSystemTest {
  private static final int WRITERS = Integer.getInteger("load.writers", 8);
  private static final Duration CATCH_UP = Duration.ofMinutes(5);
  private static final Duration WARM_UP = seconds("load.warm_up", 20);
  private static final Duration STOPPED = seconds("load.stopped", 60);
  private static final Duration BEFORE = seconds("load.before", 30);
  private static final int MEBIBYTES = Integer.getInteger("load.mebibytes", 1024);
  private static final int ROW_BYTES = 1_000;

  @TempDir Path directory;

  private static Duration seconds(String property, int usual) {
    return Duration.ofSeconds(Integer.getInteger(property, usual));
  }

  @Test
  void a_follower_and_a_learner_that_stand_still_for_a_minute_slow_nobody_down() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          SystemNode learner = cluster.startLearner("n4", LoadSystemTest::withHeap);
          SystemCluster.awaitStarted(learner);
          try (SqlWriters writers = SqlWriters.start(cluster.url(), WRITERS)) {
            Moments.pass(WARM_UP);
            double before = rate(writers, BEFORE);
            SystemNode follower =
                cluster.others(cluster.awaitLeader()).stream()
                    .filter(node -> node != learner)
                    .findFirst()
                    .orElseThrow();
            follower.pause();
            learner.pause();
            double during = rate(writers, STOPPED);
            long resumed = System.nanoTime();
            follower.resume();
            learner.resume();
            Duration caughtUp = cluster.awaitCaughtUp(follower, CATCH_UP);
            Duration learnerToo = caughtUp.plus(cluster.awaitCaughtUp(learner, CATCH_UP));
            for (SystemNode node : cluster.nodes()) {
              awaitAlive(node);
            }
            Figures.print(
                String.format(
                    Locale.ROOT,
                    "one follower and the learner under SIGSTOP for %d s, writes a second: before"
                        + " %.0f, during %.0f (%+.0f %%); follower caught up after %d ms, learner"
                        + " %d ms, all alive on every node after %d ms",
                    STOPPED.toSeconds(),
                    before,
                    during,
                    100 * (during / before - 1),
                    caughtUp.toMillis(),
                    learnerToo.toMillis(),
                    (System.nanoTime() - resumed) / 1_000_000));
            finish(cluster, writers);
            assertThat(during).isGreaterThan(0.85 * before);
          }
        });
  }

  @Test
  void a_learner_that_joins_with_a_gigabyte_to_copy_does_not_delay_commits() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(LoadSystemTest::withHeap);
          long rows = (long) MEBIBYTES * (1 << 20) / ROW_BYTES;
          long loading = System.nanoTime();
          load(cluster.url(), (int) rows);
          Figures.print(
              "%d rows of %d bytes in %d ms"
                  .formatted(rows, ROW_BYTES, (System.nanoTime() - loading) / 1_000_000));
          try (SqlWriters writers = SqlWriters.start(cluster.url(), WRITERS)) {
            Moments.pass(WARM_UP);
            long before = System.nanoTime();
            Moments.pass(BEFORE);
            long started = System.nanoTime();
            SystemNode learner = cluster.startLearner("n4", LoadSystemTest::withHeap);
            SystemCluster.awaitStarted(learner);
            var unused = cluster.awaitCaughtUp(learner, CATCH_UP);
            long joined = System.nanoTime();
            long[] usual = writers.gapsBetween(before, started);
            long[] meanwhile = writers.gapsBetween(started, joined);
            Figures.print(
                String.format(
                    Locale.ROOT,
                    "a learner joined with %d MiB in %d ms; commits before: %s; meanwhile: %s",
                    MEBIBYTES,
                    (joined - started) / 1_000_000,
                    describe(usual),
                    describe(meanwhile)));
            finish(cluster, writers);
            assertThat(percentile(meanwhile, 99)).isLessThan(2 * percentile(usual, 99));
          }
        });
  }

  private static void withHeap(SystemNode node) {
    node.withJvmOption("-Xmx1g");
  }

  /** Acknowledgements a second over that time. */
  private static double rate(SqlWriters writers, Duration time) {
    long first = writers.acknowledged();
    long start = System.nanoTime();
    Moments.pass(time);
    return (writers.acknowledged() - first) * 1e9 / (System.nanoTime() - start);
  }

  private static void awaitAlive(SystemNode node) {
    await("all alive on " + node.name())
        .atMost(CATCH_UP)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(
            () ->
                SliceSystemTest.strings(
                    node.url() + "&read_level=LOCAL",
                    "SELECT name FROM system.nodes WHERE status <> 'alive'"),
            List::isEmpty);
  }

  private static void finish(SystemCluster cluster, SqlWriters writers) throws SQLException {
    List<SqlWriters.Written> written = writers.stop();
    assertThat(writers.problems()).isEmpty();
    cluster.awaitAllAt(SystemCluster.appliedOf(cluster.awaitLeader()));
    for (SystemNode node : cluster.nodes()) {
      SqlAudit.assertComplete(node, written);
    }
  }

  private static void load(String url, int rows) throws Exception {
    SliceSystemTest.execute(
        url, "CREATE TABLE bulk (id INTEGER PRIMARY KEY, payload VARCHAR(2000) NOT NULL)");
    AtomicInteger next = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        ends.add(threads.submit(() -> insert(url, rows, next)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static Void insert(String url, int rows, AtomicInteger next) throws SQLException {
    int batch = 500;
    Random random = new Random(next.get());
    byte[] bytes = new byte[ROW_BYTES / 2];
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement insert = connection.prepareStatement("INSERT INTO bulk VALUES (?, ?)")) {
      for (int from = next.getAndAdd(batch); from < rows; from = next.getAndAdd(batch)) {
        for (int id = from; id < Math.min(rows, from + batch); id++) {
          random.nextBytes(bytes);
          insert.setInt(1, id);
          insert.setString(2, HexFormat.of().formatHex(bytes));
          insert.addBatch();
        }
        insert.executeBatch();
      }
    }
    return null;
  }

  private static long percentile(long[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, (int) ((long) sorted.length * percent / 100))];
  }

  private static String describe(long[] sorted) {
    return String.format(
        Locale.ROOT,
        "%d, median %.2f ms, 99 of 100 within %.2f ms, longest %.0f ms",
        sorted.length,
        percentile(sorted, 50) / 1e6,
        percentile(sorted, 99) / 1e6,
        sorted[sorted.length - 1] / 1e6);
  }
}

package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commit level ALL as Infinity's users expect it (I-02, I-03, I-60), with processes that freeze.
 */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class CommitLevelSystemTest {
  /** Far less than the heartbeat timeout, after which a voter is not waited for. */
  private static final Duration FROZEN = Duration.ofSeconds(1);

  @TempDir Path directory;

  @Test
  void all_waits_for_followers_and_not_for_learners() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          SystemNode learner = cluster.startLearner("n4", node -> {});
          SystemCluster.awaitStarted(learner);
          SystemNode leader = cluster.awaitLeader();
          SystemNode follower =
              cluster.others(leader).stream()
                  .filter(node -> node != learner)
                  .findFirst()
                  .orElseThrow();
          SliceSystemTest.execute(cluster.url(), "CREATE TABLE t (id INTEGER PRIMARY KEY)");
          String url = cluster.url() + "?commit_level=ALL";

          learner.pause();
          SliceSystemTest.execute(url, "INSERT INTO t VALUES (1)");
          assertThat(rowsOn(follower)).isEqualTo(1);
          learner.resume();

          follower.pause();
          CompletableFuture<Void> write = CompletableFuture.runAsync(() -> insert(url, 2));
          await().atMost(Duration.ofSeconds(20)).until(() -> rowsOn(leader) == 2);
          assertThat(write).isNotDone();
          follower.resume();
          assertThat(write).succeedsWithin(Duration.ofSeconds(20));
          assertThat(rowsOn(follower)).isEqualTo(2);

          follower.pause();
          long start = System.nanoTime();
          insert(url, 3);
          Duration waited = Duration.ofNanos(System.nanoTime() - start);
          Figures.print("ALL with a frozen follower went on after " + waited.toMillis() + " ms");
          assertThat(waited).isGreaterThan(FROZEN);
          follower.resume();
          await().atMost(Duration.ofSeconds(60)).until(() -> rowsOn(follower) == 3);
          await().atMost(Duration.ofSeconds(60)).until(() -> rowsOn(learner) == 3);
        });
  }

  private static void insert(String url, int id) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO t VALUES (" + id + ")");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static int rowsOn(SystemNode node) throws SQLException {
    return SliceSystemTest.strings(
            node.url() + "&read_level=LOCAL", "SELECT CAST(id AS VARCHAR(9)) FROM t")
        .size();
  }
}

package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.system.SqlWriters.Written;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SQL through the driver on three processes that end without warning. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
final class SliceSystemTest {
  private static final int WRITERS = 4;
  private static final long STEADY = 200;
  private static final Duration CATCH_UP = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void what_is_written_through_any_node_is_read_through_every_node() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          execute(
              cluster.url(),
              "CREATE TABLE visitors (id INTEGER PRIMARY KEY, node VARCHAR(10) NOT NULL)");
          int id = 0;
          for (SystemNode node : cluster.nodes()) {
            execute(
                node.url(), "INSERT INTO visitors VALUES (%d, '%s')".formatted(id++, node.name()));
          }
          cluster.awaitAllAt(SystemCluster.appliedOf(cluster.awaitLeader()));
          for (SystemNode node : cluster.nodes()) {
            assertThat(strings(node.url(), "SELECT node FROM visitors ORDER BY id"))
                .as(node.name())
                .containsExactly("n1", "n2", "n3");
          }
        });
  }

  @Test
  void a_writer_does_not_notice_that_the_leader_is_killed() throws Exception {
    var unused = killLeaders(1);
  }

  @Test
  @Tag("slow")
  void writers_go_on_within_two_seconds_each_time_the_leader_is_killed() throws Exception {
    Figures gaps = killLeaders(Integer.getInteger("failover.rounds", 50));
    assertThat(gaps.median()).isLessThan(Duration.ofSeconds(1));
    assertThat(gaps.worst()).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  @Tag("slow")
  void writers_go_on_within_four_seconds_each_time_the_leader_is_stopped() throws Exception {
    Figures gaps = new Figures();
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          try (SqlWriters writers = SqlWriters.start(cluster.url(), WRITERS)) {
            for (int round = 0; round < Integer.getInteger("stop.rounds", 20); round++) {
              writers.awaitProgress(STEADY);
              SystemNode leader = cluster.awaitLeader();
              long stopped = System.nanoTime();
              leader.pause();
              writers.awaitProgressOfEach(STEADY / WRITERS);
              gaps.add(writers.longestGapSince(stopped));
              leader.resume();
              var unused = cluster.awaitCaughtUp(leader, CATCH_UP);
            }
            List<Written> written = writers.stop();
            Figures.print("SQL, SIGSTOP of the leader, longest gap of a writer: " + gaps);
            Figures.print("SQL, SIGSTOP of the leader: " + written);
            assertThat(writers.problems()).isEmpty();
            assertComplete(cluster, written);
          }
        });
    assertThat(gaps.worst()).isLessThan(Duration.ofSeconds(4));
  }

  private Figures killLeaders(int rounds) throws Exception {
    Figures gaps = new Figures();
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          try (SqlWriters writers = SqlWriters.start(cluster.url(), WRITERS)) {
            for (int round = 0; round < rounds; round++) {
              writers.awaitProgress(STEADY);
              SystemNode leader = cluster.awaitLeader();
              long killed = System.nanoTime();
              leader.kill9();
              writers.awaitProgressOfEach(STEADY / WRITERS);
              gaps.add(writers.longestGapSince(killed));
              leader.start();
              SystemCluster.awaitStarted(leader);
              var unused = cluster.awaitCaughtUp(leader, CATCH_UP);
            }
            writers.awaitProgress(STEADY);
            List<Written> written = writers.stop();
            Figures.print("SQL, kill -9 of the leader, longest gap of a writer: " + gaps);
            Figures.print("SQL, kill -9 of the leader: " + written);
            assertThat(writers.problems()).isEmpty();
            assertComplete(cluster, written);
          }
        });
    return gaps;
  }

  @Test
  @Tag("slow")
  void every_acknowledged_row_outlives_all_nodes_together() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          try (SqlWriters writers = SqlWriters.start(cluster.url(), WRITERS)) {
            Figures gaps = new Figures();
            for (int round = 0; round < 10; round++) {
              writers.awaitProgress(STEADY);
              long killed = System.nanoTime();
              cluster.nodes().forEach(SystemNode::kill9Soon);
              cluster.nodes().forEach(SystemNode::kill9);
              cluster.nodes().forEach(SystemNode::start);
              writers.awaitProgress(STEADY);
              gaps.add(writers.longestGapSince(killed));
            }
            List<Written> written = writers.stop();
            Figures.print("SQL, kill -9 of all three, longest gap: " + gaps);
            Figures.print("SQL, kill -9 of all three: " + written + ", " + writers.problems());
            assertComplete(cluster, written);
          }
        });
  }

  private static void assertComplete(SystemCluster cluster, List<Written> written)
      throws SQLException {
    cluster.nodes().forEach(SystemCluster::awaitStarted);
    cluster.awaitAllAt(SystemCluster.appliedOf(cluster.awaitLeader()));
    for (SystemNode node : cluster.nodes()) {
      SqlAudit.assertComplete(node, written);
    }
  }

  static void execute(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static List<String> strings(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> strings = new ArrayList<>();
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
      return strings;
    }
  }
}

package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each metric of a node's health is moved by a fault or by work, on both roads to it. */
@Timeout(240)
final class HealthMetricsIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Two segments of the log. */
  private static final int ROWS = 700;

  private static final int ROW_BYTES = 48 << 10;

  @TempDir Path directory;
  private TestNodes nodes;

  @BeforeEach
  void start() {
    nodes = new TestNodes(directory, 3);
  }

  @AfterEach
  void stop() {
    nodes.close();
  }

  @Test
  void faults_and_work_move_them() throws Exception {
    int leader = nodes.leaderNumber();
    int gone = leader % 3 + 1;
    int stays = gone % 3 + 1;

    long logBefore = metric(leader, "raft_log_bytes");
    long stateBefore = metric(leader, "state_machine_bytes");
    fill();
    until(leader, "raft_log_bytes", bytes -> bytes > logBefore);
    assertThat(metric(leader, "state_machine_bytes")).isGreaterThan(stateBefore);
    until(stays, "replication_lag_entries", lag -> lag == 0);
    until(stays, "replication_lag_ms", age -> age >= 0 && age < SOON.toMillis());

    long failures = metric(leader, "peer_connect_failures_total");
    nodes.close(gone);
    until(leader, "peer_connect_failures_total", count -> count > failures);
    untilPage(leader, "quorate_member_reachable{member=\"n" + gone + "\"} 0.0");
    untilPage(leader, "quorate_member_reachable{member=\"n" + stays + "\"} 1.0");
    write(leader, "INSERT INTO t VALUES (-1, NULL)");
    untilPage(leader, "quorate_member_lag_entries{member=\"n" + gone + "\"} [1-9].*");

    nodes.open(gone);
    untilPage(leader, "quorate_member_reachable{member=\"n" + gone + "\"} 1.0");
    untilPage(leader, "quorate_member_lag_entries{member=\"n" + gone + "\"} 0.0");

    int now = nodes.leaderNumber();
    int other = now % 3 + 1;
    long changes = metric(other, "leader_changes_total");
    nodes.close(now);
    until(other, "leader_changes_total", count -> count > changes);

    int second = nodes.leaderNumber();
    nodes.close(second);
    int last = 6 - now - second;
    long age = metric(last, "replication_lag_ms");
    until(last, "replication_lag_ms", later -> later > age + 2_000);
  }

  private void fill() throws SQLException {
    try (Connection connection = nodes.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v VARBINARY(" + ROW_BYTES + "))");
      try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
        for (int id = 0; id < ROWS; id++) {
          insert.setInt(1, id);
          insert.setBytes(2, new byte[ROW_BYTES]);
          insert.executeUpdate();
        }
      }
    }
  }

  private void write(int node, String sql) throws SQLException {
    try (Connection connection = TestNodes.connectTo(nodes.node(node), "");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** As SQL tells it, which must be what the page tells but for what has happened in between. */
  private long metric(int node, String name) throws SQLException {
    try (Connection connection = TestNodes.connectTo(nodes.node(node), "&read_level=local");
        PreparedStatement query =
            connection.prepareStatement("SELECT value FROM system.metrics WHERE name = ?")) {
      query.setString(1, name);
      try (ResultSet rows = query.executeQuery()) {
        assertThat(rows.next()).as(name).isTrue();
        return rows.getLong(1);
      }
    }
  }

  private void until(int node, String name, LongPredicate wanted) {
    await(name + " on n" + node).atMost(SOON).until(() -> wanted.test(metric(node, name)));
    await("the page says so too")
        .atMost(SOON)
        .until(
            () ->
                page(node)
                    .lines()
                    .filter(line -> line.startsWith("quorate_" + name + " "))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' '))))
                    .anyMatch(wanted));
  }

  private void untilPage(int node, String pattern) {
    await(pattern + " on n" + node)
        .atMost(SOON)
        .until(
            () ->
                page(node)
                    .lines()
                    .anyMatch(
                        line -> line.matches(pattern.replace("{", "\\{").replace("}", "\\}"))));
  }

  private String page(int node) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + nodes.adminAddress(node) + "/metrics"))
            .timeout(Duration.ofSeconds(30))
            .build();
    HttpResponse<String> answer = CLIENT.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    return answer.body();
  }
}

package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.QuorateStatement;
import io.quorate.driver.Receipt;
import io.quorate.server.cluster.messaging.LoopbackPorts;
import io.quorate.server.config.ConfigReader;
import io.quorate.server.config.ConfigSources;
import io.quorate.server.dispatch.FreshnessGauge;
import io.quorate.server.replica.PausedApply;
import io.quorate.server.replica.Replica;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two voters and a learner in one JVM: where statements go is told alike by the explanation before,
 * the receipt after, and what the nodes have counted.
 */
@Timeout(240)
final class RoutingIT {
  private static final int NODES = 3;
  private static final int READS = 20;

  @TempDir static Path directory;
  private static final List<Node> NODES_OPEN = new ArrayList<>();

  @BeforeAll
  static void start() throws SQLException {
    List<InetSocketAddress> peers = LoopbackPorts.find(NODES);
    for (int i = 0; i < NODES; i++) {
      Map<String, String> flags = new LinkedHashMap<>();
      flags.put("node.id", "n" + (i + 1));
      flags.put("node.data", directory.resolve("n" + (i + 1)).toString());
      flags.put("node.mode", "cluster");
      flags.put("node.zone", i == 0 ? "a" : "b");
      flags.put("network.client_addr", "127.0.0.1:0");
      flags.put("network.admin_addr", "127.0.0.1:0");
      flags.put("network.peer_addr", "127.0.0.1:" + peers.get(i).getPort());
      flags.put("log.segment_bytes", "16MiB");
      if (i == 0) {
        flags.put("cluster.bootstrap", "true");
      } else {
        flags.put("cluster.join", "127.0.0.1:" + peers.get(0).getPort());
      }
      if (i == 2) {
        flags.put("node.role", "learner");
      }
      Node node =
          new Node(
              ConfigReader.read(new ConfigSources(flags, Map.of(), null, 512L << 20)).config());
      NODES_OPEN.add(node);
      node.open();
    }
    try (Connection connection = connect("")) {
      run(connection, "CREATE TABLE ITEMS (ID INT PRIMARY KEY, NAME VARCHAR(40))");
      run(connection, "INSERT INTO ITEMS VALUES (1, 'apple')");
    }
  }

  @AfterAll
  static void stop() {
    NODES_OPEN.forEach(Node::close);
  }

  private static String address(int node) {
    return NODES_OPEN.get(node - 1).clientAddress().toString();
  }

  private static Connection connect(String options) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:quorate://" + address(1) + "," + address(2) + "," + address(3) + "/" + options);
  }

  private static Connection connectTo(int node, String options) throws SQLException {
    return DriverManager.getConnection("jdbc:quorate://" + address(node) + "/" + options);
  }

  private static Receipt run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
      return statement.unwrap(QuorateStatement.class).receipt().orElseThrow();
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  /** Decision and reason by node. */
  private static Map<String, String> explain(Connection connection, String sql)
      throws SQLException {
    Map<String, String> lines = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("EXPLAIN ROUTING " + sql)) {
      while (rows.next()) {
        lines.put(
            rows.getString("NODE"), rows.getString("DECISION") + ": " + rows.getString("REASON"));
      }
    }
    assertThat(lines).hasSize(NODES);
    return lines;
  }

  private static String chosen(Map<String, String> lines) {
    List<String> chosen =
        lines.entrySet().stream()
            .filter(line -> line.getValue().startsWith("chosen"))
            .map(Map.Entry::getKey)
            .collect(Collectors.toList());
    assertThat(chosen).hasSize(1);
    return chosen.get(0);
  }

  /** What a node has counted; asking adds one to reads_local. */
  private static Map<String, Long> counters(int node) throws SQLException {
    Map<String, Long> counters = new TreeMap<>();
    try (Connection connection = connectTo(node, "?target=contact&read_level=LOCAL");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT NAME, \"VALUE\" FROM SYSTEM.METRICS")) {
      while (rows.next()) {
        counters.put(rows.getString(1), rows.getLong(2));
      }
    }
    return counters;
  }

  private static List<Map<String, Long>> allCounters() throws SQLException {
    List<Map<String, Long>> all = new ArrayList<>();
    for (int node = 1; node <= NODES; node++) {
      all.add(counters(node));
    }
    return all;
  }

  /** How often a counter went up on each node; those that did not are left out. */
  private static Map<String, Long> grown(List<Map<String, Long>> before, String counter)
      throws SQLException {
    Map<String, Long> grown = new TreeMap<>();
    List<Map<String, Long>> after = allCounters();
    for (int i = 0; i < NODES; i++) {
      long asking = counter.equals("reads_local") ? 1 : 0;
      long more =
          after.get(i).getOrDefault(counter, 0L) - before.get(i).getOrDefault(counter, 0L) - asking;
      if (more != 0) {
        grown.put("n" + (i + 1), more);
      }
    }
    return grown;
  }

  private static Map<String, Long> readOften(Connection connection, String level)
      throws SQLException {
    Map<String, Long> answered = new TreeMap<>();
    for (int i = 0; i < READS; i++) {
      Receipt receipt = run(connection, "SELECT NAME FROM ITEMS WHERE ID = 1");
      assertThat(receipt.level()).isEqualTo(level);
      answered.merge(receipt.node(), 1L, Long::sum);
    }
    return answered;
  }

  @ParameterizedTest
  @CsvSource({
    "leader, SESSION", "leader, LOCAL", "leader, BOUNDED", "leader, LINEARIZABLE",
    "follower, SESSION", "follower, LOCAL", "follower, BOUNDED", "follower, LINEARIZABLE",
    "learner, SESSION", "learner, LOCAL", "learner, BOUNDED", "learner, LINEARIZABLE"
  })
  void reads_of_each_level_run_where_the_explanation_says(String target, String level)
      throws SQLException {
    try (Connection connection = connect("?target=" + target + "&read_level=" + level)) {
      Map<String, String> lines = explain(connection, "SELECT NAME FROM ITEMS WHERE ID = 1");
      String node = chosen(lines);
      assertThat(lines.get(node)).contains("; there: was asked; " + level);
      List<Map<String, Long>> before = allCounters();
      assertThat(readOften(connection, level)).isEqualTo(Map.of(node, (long) READS));
      assertThat(grown(before, "reads_" + level.toLowerCase(java.util.Locale.ROOT)))
          .isEqualTo(Map.of(node, (long) READS));
    }
  }

  @Test
  void the_zone_is_read_from_and_the_other_is_not() throws SQLException {
    List<Map<String, Long>> before = allCounters();
    Map<String, Long> answered = new TreeMap<>();
    for (int i = 0; i < 10; i++) {
      try (Connection connection = connect("?zone=b")) {
        assertThat(chosen(explain(connection, "SELECT NAME FROM ITEMS"))).isNotEqualTo("n1");
        readOften(connection, "SESSION").forEach((node, n) -> answered.merge(node, n, Long::sum));
      }
    }
    assertThat(answered.keySet()).isSubsetOf("n2", "n3");
    assertThat(grown(before, "reads_session")).isEqualTo(answered);
  }

  @Test
  void writes_run_on_the_leader_and_are_passed_on_only_where_that_is_allowed() throws SQLException {
    String write = "UPDATE ITEMS SET NAME = 'pear' WHERE ID = 1";
    try (Connection connection = connect("?target=learner")) {
      String leader = chosen(explain(connection, write));
      int other = leader.equals("n1") ? 2 : 1;
      List<Map<String, Long>> before = allCounters();
      Receipt receipt = run(connection, write);
      assertThat(receipt.node()).isEqualTo(leader);
      assertThat(receipt.level()).isEqualTo("QUORUM");
      try (Connection redirected = connectTo(other, "?write_routing=redirect")) {
        Receipt next = run(redirected, write);
        assertThat(next.node()).isEqualTo(leader);
        assertThat(next.revision()).isGreaterThan(receipt.revision());
      }
      try (Connection refused = connectTo(other, "?write_routing=refuse")) {
        assertThat(explain(refused, write).get("n" + other))
            .contains("there: refused, ", "write_routing is refuse");
        assertThatThrownBy(() -> run(refused, write))
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006"));
      }
      // The leader may write statistics of its own meanwhile.
      assertThat(grown(before, "writes_led")).containsOnlyKeys(leader);
      assertThat(grown(before, "writes_led").get(leader)).isGreaterThanOrEqualTo(2L);
      assertThat(grown(before, "writes_forwarded")).isEmpty();
    }
  }

  @Test
  void a_replica_that_lags_is_told_as_such_and_not_read_from() throws SQLException {
    Replica learner = NODES_OPEN.get(2).parts().replica();
    try (Connection connection = connect("?read_level=BOUNDED&max_staleness=300");
        Connection writer = connectTo(1, "")) {
      long before = run(writer, "UPDATE ITEMS SET NAME = 'fig' WHERE ID = 1").revision();
      await("the learner has caught up").until(() -> learner.applied().current() >= before);
      FreshnessGauge gauge = NODES_OPEN.get(2).parts().gauge();
      await("it knows how old its rows are").until(() -> gauge.stalenessMillis() >= 0);
      try (PausedApply paused = new PausedApply(learner.applied())) {
        run(writer, "UPDATE ITEMS SET NAME = 'pear' WHERE ID = 1");
        // It may also be a write of the node's own that came before.
        await("the first write stops the apply thread behind it")
            .until(() -> learner.store().publishedRevision() > learner.applied().current());
        run(writer, "UPDATE ITEMS SET NAME = 'plum' WHERE ID = 1");
        assertLearnerIsNotReadFrom(connection);
        try (Connection later = connectTo(2, "?read_level=BOUNDED&max_staleness=300")) {
          assertLearnerIsNotReadFrom(later);
        }
      }
    }
  }

  private static void assertLearnerIsNotReadFrom(Connection connection) throws SQLException {
    FreshnessGauge gauge = NODES_OPEN.get(2).parts().gauge();
    await("the driver learns of it")
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              Map<String, String> told = explain(connection, "SELECT NAME FROM ITEMS WHERE ID = 1");
              assertThat(told.get("n3"))
                  .as("%s; the learner itself: %d ms", told, gauge.stalenessMillis())
                  .startsWith("candidate: may be older than the bound")
                  .endsWith("the bound is 300 ms");
            });
    Map<String, Long> answered = new TreeMap<>();
    for (int i = 0; i < READS; i++) {
      Receipt receipt = run(connection, "SELECT NAME FROM ITEMS WHERE ID = 1");
      assertThat(receipt.staleness().orElseThrow()).isLessThan(Duration.ofMillis(300));
      answered.merge(receipt.node(), 1L, Long::sum);
    }
    assertThat(answered.keySet()).isSubsetOf("n1", "n2");
    assertThat(text(connection, "SELECT NAME FROM ITEMS WHERE ID = 1")).isEqualTo("plum");
  }

  @Test
  void a_token_shows_on_the_learner_what_was_written_by_somebody_else() throws SQLException {
    try (Connection writer = connectTo(1, "");
        Connection reader = connectTo(3, "?target=learner")) {
      for (int i = 100; i < 200; i++) {
        Receipt written = run(writer, "INSERT INTO ITEMS VALUES (" + i + ", 'x')");
        String token = text(writer, "SELECT LAST_COMMIT_TOKEN()");
        assertThat(Long.parseLong(token.substring(token.lastIndexOf('-') + 1)))
            .isGreaterThanOrEqualTo(written.revision());
        reader.setClientInfo("read_after", token);
        assertThat(text(reader, "SELECT COUNT(*) FROM ITEMS WHERE ID = " + i)).isEqualTo("1");
      }
      assertThatThrownBy(() -> reader.setClientInfo("read_after", "elsewhere-1"))
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void a_receipt_says_how_old_the_rows_can_be() throws SQLException {
    try (Connection connection = connect("?target=learner")) {
      long written = run(connection, "UPDATE ITEMS SET NAME = 'fig' WHERE ID = 1").revision();
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> {
                Receipt receipt = run(connection, "SELECT NAME FROM ITEMS WHERE ID = 1");
                assertThat(receipt.node()).isEqualTo("n3");
                assertThat(receipt.revision()).isGreaterThanOrEqualTo(written);
                assertThat(receipt.quorate()).isTrue();
                assertThat(receipt.staleness()).isPresent();
              });
    }
  }
}

package io.quorate.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.quorate.server.cluster.messaging.LoopbackPorts;
import io.quorate.server.config.ConfigReader;
import io.quorate.server.config.ConfigSources;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.calcite.avatica.remote.Driver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Stock clients of Avatica on a cluster: what holds on one node, on others, and across a failure.
 */
@Timeout(240)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class AvaticaOnThreeNodesIT {
  private static final int NODES = 3;

  @TempDir static Path directory;
  private static final List<Node> RUNNING = new ArrayList<>();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void start() throws Exception {
    List<InetSocketAddress> peers = LoopbackPorts.find(NODES);
    for (int i = 0; i < NODES; i++) {
      Map<String, String> flags = new LinkedHashMap<>();
      flags.put("node.id", "n" + (i + 1));
      flags.put("node.data", directory.resolve("n" + (i + 1)).toString());
      flags.put("node.mode", "cluster");
      flags.put("network.client_addr", "127.0.0.1:0");
      flags.put("network.admin_addr", "127.0.0.1:0");
      flags.put("network.peer_addr", "127.0.0.1:" + peers.get(i).getPort());
      flags.put("log.segment_bytes", "16MiB");
      if (i == 0) {
        flags.put("cluster.bootstrap", "true");
      } else {
        flags.put("cluster.join", "127.0.0.1:" + peers.get(0).getPort());
      }
      Node node =
          new Node(
              ConfigReader.read(new ConfigSources(flags, Map.of(), null, 512L << 20)).config());
      RUNNING.add(node);
      node.open();
    }
    ask(RUNNING.get(0), "", open("setup"));
    ask(RUNNING.get(0), "", "{\"request\":\"createStatement\",\"connectionId\":\"setup\"}");
    ask(RUNNING.get(0), "", run("setup", "CREATE TABLE counters (id INT PRIMARY KEY, n INT)"));
    ask(RUNNING.get(0), "", run("setup", "INSERT INTO counters VALUES (1, 0), (2, 0), (3, 0)"));
  }

  @AfterAll
  static void stop() {
    RUNNING.forEach(Node::close);
  }

  private static Node leader() {
    return await("a leader")
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                RUNNING.stream()
                    .filter(node -> node.parts().replica().proposer().isReady())
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static Node follower(int which) {
    Node leader = leader();
    return RUNNING.stream().filter(node -> node != leader).skip(which).findFirst().orElseThrow();
  }

  private static String ask(Node node, String key, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + node.clientAddress() + "/"))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (!key.isEmpty()) {
      request.header("Idempotency-Key", '"' + key + '"');
    }
    return HTTP.send(request.build(), BodyHandlers.ofString()).body();
  }

  private static String open(String connection) {
    return "{\"request\":\"openConnection\",\"connectionId\":\"" + connection + "\",\"info\":{}}";
  }

  private static String run(String connection, String sql) {
    return "{\"request\":\"prepareAndExecute\",\"connectionId\":\""
        + connection
        + "\",\"statementId\":1,\"sql\":\""
        + sql
        + "\",\"maxRowCount\":-1}";
  }

  private static String commit(String connection) {
    return "{\"request\":\"commit\",\"connectionId\":\"" + connection + "\"}";
  }

  private static void connect(Node node, String connection, boolean autocommit) throws Exception {
    ask(node, "", open(connection));
    ask(node, "", "{\"request\":\"createStatement\",\"connectionId\":\"" + connection + "\"}");
    if (!autocommit) {
      assertThat(
              ask(
                  node,
                  "",
                  "{\"request\":\"connectionSync\",\"connectionId\":\""
                      + connection
                      + "\",\"connProps\":{\"connProps\":\"connPropsImpl\",\"autoCommit\":false}}"))
          .contains("\"autoCommit\":false");
    }
  }

  private static Connection stock(Node node, String serialization) throws SQLException {
    return requireNonNull(
        new Driver()
            .connect(
                "jdbc:avatica:remote:url=http://"
                    + node.clientAddress()
                    + ";serialization="
                    + serialization,
                new Properties()));
  }

  private static int counter(int id) throws SQLException {
    try (Connection connection = stock(leader(), "protobuf");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT n FROM counters WHERE id = " + id)) {
      assertThat(row.next()).isTrue();
      return row.getInt(1);
    }
  }

  @Test
  @Order(1)
  void a_write_with_a_key_is_done_once_wherever_it_is_repeated() throws Exception {
    String update = "UPDATE counters SET n = n + 1 WHERE id = 1";
    for (int i = 0; i < NODES; i++) {
      connect(RUNNING.get(i), "one" + i, true);
    }
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < NODES; i++) {
        assertThat(ask(RUNNING.get(i), "key", run("one" + i, update)))
            .contains("\"updateCount\":1");
      }
    }
    assertThat(counter(1)).isEqualTo(1);

    assertThat(ask(RUNNING.get(0), "other", run("one0", update))).contains("\"updateCount\":1");
    assertThat(counter(1)).isEqualTo(2);
  }

  @Test
  @Order(1)
  void an_insert_and_a_definition_with_a_key_are_repeated_without_a_failure() throws Exception {
    connect(RUNNING.get(0), "def0", true);
    connect(RUNNING.get(1), "def1", true);
    for (int i = 0; i < 2; i++) {
      assertThat(ask(RUNNING.get(i), "d", run("def" + i, "CREATE TABLE once (id INT PRIMARY KEY)")))
          .contains("\"updateCount\":0");
      assertThat(ask(RUNNING.get(i), "i", run("def" + i, "INSERT INTO once VALUES (1)")))
          .contains("\"updateCount\":1");
    }
    assertThat(ask(RUNNING.get(0), "i2", run("def0", "INSERT INTO once VALUES (1)")))
        .contains("23505");
  }

  @Test
  @Order(1)
  void a_commit_with_a_key_is_resolved_on_another_connection() throws Exception {
    connect(follower(0), "tx1", false);
    ask(follower(0), "", run("tx1", "UPDATE counters SET n = n + 1 WHERE id = 2"));
    assertThat(ask(follower(0), "c1", commit("tx1"))).contains("\"response\":\"commit\"");
    assertThat(ask(follower(0), "c1", commit("tx1"))).contains("\"response\":\"commit\"");

    connect(follower(1), "tx2", false);
    assertThat(ask(follower(1), "c1", commit("tx2"))).contains("\"response\":\"commit\"");
    assertThat(counter(2)).isEqualTo(1);

    // What was never committed never will be.
    connect(follower(1), "tx3", false);
    assertThat(ask(follower(1), "c2", commit("tx3"))).contains("40001");
    assertThat(counter(2)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  @Order(1)
  void a_prepared_statement_outlives_changes_of_its_tables(String serialization) throws Exception {
    String table = "wide_" + serialization;
    try (Connection connection = stock(follower(0), serialization);
        Statement other = connection.createStatement()) {
      other.executeUpdate("CREATE TABLE " + table + " (id INT PRIMARY KEY, a INT)");
      try (PreparedStatement insert =
              connection.prepareStatement("INSERT INTO " + table + " VALUES (?, ?)");
          PreparedStatement select =
              connection.prepareStatement("SELECT * FROM " + table + " ORDER BY id")) {
        for (int i = 0; i < 500; i++) {
          insert.setInt(1, i);
          insert.setInt(2, 1);
          insert.addBatch();
        }
        assertThat(insert.executeBatch()).hasSize(500).containsOnly(1);
        for (int round = 0; round < 3; round++) {
          try (ResultSet rows = select.executeQuery()) {
            for (int i = 0; i < 500; i++) {
              assertThat(rows.next()).isTrue();
              assertThat(rows.getInt(1)).isEqualTo(i);
              assertThat(rows.getMetaData().getColumnCount()).isEqualTo(2);
            }
          }
          other.executeUpdate("CREATE INDEX ix_" + round + "_" + table + " ON " + table + " (a)");
        }
        other.executeUpdate("DROP TABLE " + table);
        SQLException gone = catchThrowableOfType(SQLException.class, select::executeQuery);
        assertThat(gone.getSQLState()).isEqualTo("42P01");
        other.executeUpdate(
            "CREATE TABLE " + table + " (id INT PRIMARY KEY, b VARCHAR(9), c BIGINT)");
        other.executeUpdate("INSERT INTO " + table + " VALUES (7, 'seven', 77)");
        try (ResultSet rows = select.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getMetaData().getColumnCount()).isEqualTo(3);
          assertThat(rows.getString(2)).isEqualTo("seven");
          assertThat(rows.getLong(3)).isEqualTo(77);
        }
      }
    }
  }

  @Test
  @Order(1)
  void rows_are_not_fetched_from_a_node_that_never_had_them() throws Exception {
    connect(follower(0), "rows", true);
    String body =
        "{\"request\":\"fetch\",\"connectionId\":\"rows\",\"statementId\":1,\"offset\":10,"
            + "\"fetchMaxRowCount\":10}";
    assertThat(ask(follower(1), "", body)).contains("08003", "belongs to another node");
    assertThat(ask(follower(0), "", body)).contains("\"missingResults\":true");
    assertThat(
            ask(
                follower(0),
                "",
                "{\"request\":\"syncResults\",\"connectionId\":\"rows\",\"statementId\":1,"
                    + "\"state\":{\"type\":\"SQL\",\"sql\":\"SELECT 1\"},\"offset\":10}"))
        .contains("08003", "run the statement again");
  }

  @Test
  @Order(1)
  void what_the_database_says_of_itself_is_so() throws Exception {
    try (Connection connection = stock(follower(0), "protobuf");
        Statement statement = connection.createStatement()) {
      DatabaseMetaData metadata = connection.getMetaData();
      List<String> calls = new ArrayList<>();
      for (String name : metadata.getNumericFunctions().split(",", -1)) {
        calls.add(name + (List.of("MOD", "POWER").contains(name) ? "(4, 2)" : "(4)"));
      }
      for (String name : metadata.getStringFunctions().split(",", -1)) {
        calls.add(
            switch (name) {
              case "CONCAT" -> "CONCAT('a', 'b')";
              case "SUBSTRING" -> "SUBSTRING('abc', 2)";
              default -> name + "('a')";
            });
      }
      calls.addAll(List.of(metadata.getTimeDateFunctions().split(",", -1)));
      assertThat(calls).hasSizeGreaterThan(10);
      for (String call : calls) {
        try (ResultSet row = statement.executeQuery("SELECT " + call)) {
          assertThat(row.next()).as(call).isTrue();
          assertThat(row.getObject(1)).as(call).isNotNull();
        }
      }
      assertThat(metadata.getDefaultTransactionIsolation())
          .isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
      try (ResultSet row = statement.executeQuery("SHOW isolation")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getString(1)).isEqualTo("REPEATABLE READ");
      }
    }
  }

  @Test
  @Order(2)
  void a_write_with_a_key_is_done_once_when_its_node_fails_before_the_repetition()
      throws Exception {
    Node leader = leader();
    String update = "UPDATE counters SET n = n + 1 WHERE id = 3";
    connect(leader, "last", true);
    assertThat(ask(leader, "key", run("last", update))).contains("\"updateCount\":1");
    RUNNING.remove(leader);
    leader.close();

    connect(RUNNING.get(0), "next", true);
    assertThat(ask(RUNNING.get(0), "key", run("next", update))).contains("\"updateCount\":1");
    assertThat(counter(3)).isEqualTo(1);
  }
}

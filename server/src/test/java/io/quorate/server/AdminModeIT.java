package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.messaging.LoopbackPorts;
import io.quorate.server.config.ConfigReader;
import io.quorate.server.config.ConfigSources;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node in mode admin, and what a standalone one says of itself, on real ports. */
final class AdminModeIT {
  private static final String MAINTENANCE = "Not support in maintenance mode";

  private static final List<String> REFUSED =
      List.of(
          "SELECT 1",
          "SELECT * FROM system.nodes",
          "CREATE TABLE t (id INT PRIMARY KEY)",
          "INSERT INTO t VALUES (1)",
          "DELETE FROM t",
          "CREATE USER u PASSWORD 'x'",
          "EXPLAIN SELECT 1",
          "BEGIN",
          "SAVEPOINT s");

  @TempDir Path directory;

  private final int adminPort = freePort();

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Node open(String mode, Map<String, String> more) {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("node.id", "n1");
    flags.put("node.data", directory.resolve("data").toString());
    flags.put("node.mode", mode);
    flags.put("network.client_addr", "127.0.0.1:0");
    flags.put("network.admin_addr", "127.0.0.1:" + adminPort);
    flags.put("network.peer_addr", "127.0.0.1:" + LoopbackPorts.find(1).get(0).getPort());
    flags.put("log.segment_bytes", "16MiB");
    flags.putAll(more);
    Node node =
        new Node(ConfigReader.read(new ConfigSources(flags, Map.of(), null, 512L << 20)).config());
    node.open();
    return node;
  }

  private Node open(String mode) {
    return open(mode, Map.of());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode current() throws IOException, InterruptedException {
    return new ObjectMapper().readTree(get("/admin/node/current").body()).path("node");
  }

  private static Connection connect(Node node, String options) throws SQLException {
    return DriverManager.getConnection("jdbc:quorate://" + node.clientAddress() + "/" + options);
  }

  private static void run(Node node, String... statements) throws SQLException {
    try (Connection connection = connect(node, "");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void tells_its_role_and_that_it_is_not_ready() throws Exception {
    try (Node node = open("admin")) {
      assertThat(node.statements()).isNotNull();
      JsonNode shown = current();
      assertThat(shown.path("role").asText()).isEqualTo("admin");
      assertThat(shown.path("status").asText()).isEqualTo("started");
      assertThat(shown.path("member_id").asText()).isEmpty();
      assertThat(get("/healthz").statusCode()).isEqualTo(200);
      assertThat(get("/readyz").statusCode()).isEqualTo(503);
      assertThat(get("/readyz").body()).contains("mode admin");
      assertThat(get("/admin/nodes").body()).contains("\"error_code\":3032");
    }
  }

  @Test
  void a_session_can_be_opened_set_and_shown_and_nothing_else() throws Exception {
    try (Node node = open("admin")) {
      for (OneNode.Client client : OneNode.Client.values()) {
        try (Connection connection = client.connect(node);
            Statement statement = connection.createStatement()) {
          statement.execute("SET query_timeout = 5");
          try (ResultSet rows = statement.executeQuery("SHOW query_timeout")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("5");
          }
          SQLException refused =
              failure(() -> statement.executeQuery("SELECT 1 FROM no_such_table"));
          assertThat(refused.getMessage()).contains(MAINTENANCE);
        }
      }
      HttpResponse<String> overHttp =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://" + node.clientAddress() + "/sql"))
                      .POST(HttpRequest.BodyPublishers.ofString("{\"sql\":\"SELECT 1\"}"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(overHttp.statusCode()).isEqualTo(503);
      assertThat(overHttp.body()).contains("\"error_code\":2006", "\"sqlstate\":\"55000\"");
      try (Connection connection = connect(node, "");
          Statement statement = connection.createStatement()) {
        for (String sql : REFUSED) {
          assertRefused(failure(() -> statement.execute(sql)));
        }
        assertThat(failure(() -> statement.execute("SELEKT 1")).getSQLState()).isEqualTo("42601");
        assertRefused(failure(() -> batch(connection)));
        administers(statement);
        connection.setAutoCommit(false);
        connection.rollback();
        connection.commit();
        assertRefused(failure(() -> statement.execute("INSERT INTO t VALUES (1)")));
      }
    }
  }

  private static void administers(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("ADMIN SHOW CURRENT NODE")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString("ROLE")).isEqualTo("admin");
      assertThat(rows.getString("STATUS")).isEqualTo("started");
    }
    try (ResultSet rows = statement.executeQuery("ADMIN SHOW VARIABLE role")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString("VALUE")).isEqualTo("admin");
    }
    for (String sql : List.of("ADMIN SHOW NODES", "ADMIN REMOVE NODE 'n1'")) {
      assertThat(failure(() -> statement.execute(sql)).getErrorCode()).as(sql).isEqualTo(3032);
    }
  }

  private static void batch(Connection connection) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
      for (int id = 1; id <= 2; id++) {
        insert.setInt(1, id);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static SQLException failure(ThrowingCallable call) {
    return catchThrowableOfType(SQLException.class, call);
  }

  private static void assertRefused(SQLException refused) {
    assertThat(refused.getMessage()).contains(MAINTENANCE);
    assertThat(refused.getErrorCode()).isEqualTo(ErrorCode.MAINTENANCE.number()).isEqualTo(2006);
    assertThat(refused.getSQLState()).isEqualTo("55000");
  }

  @Test
  void keeps_what_the_directory_has() throws Exception {
    try (Node node = open("standalone")) {
      run(node, "CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)");
      assertThat(current().path("role").asText()).isEqualTo("standalone");
      assertThat(current().path("status").asText()).isEqualTo("started");
      assertThat(get("/readyz").statusCode()).isEqualTo(200);
      assertThat(get("/admin/nodes").body()).contains("\"error_code\":3032");
    }
    Map<String, Integer> before = logFiles();
    try (Node node = open("admin")) {
      assertThat(node.parts().replica().applied().current()).isPositive();
    }
    assertThat(logFiles()).isEqualTo(before);
    try (Node node = open("standalone");
        Connection connection = connect(node, "");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM t")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isEqualTo(2);
    }
  }

  private Map<String, Integer> logFiles() throws IOException {
    Map<String, Integer> files = new HashMap<>();
    Path log = directory.resolve("data").resolve("log");
    try (var paths = Files.list(log)) {
      for (Path path : paths.toList()) {
        files.put(path.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(path)));
      }
    }
    Path identity = directory.resolve("data").resolve("identity");
    files.put("identity", Arrays.hashCode(Files.readAllBytes(identity)));
    return files;
  }

  @Test
  void who_has_a_password_needs_it_in_mode_admin_too() throws Exception {
    try (Node node = open("standalone")) {
      run(node, "CREATE USER boss PASSWORD 'open sesame' ADMIN");
    }
    try (Node node = open("admin")) {
      assertThat(get("/admin/node/current").statusCode()).isEqualTo(401);
      assertThat(catchThrowableOfType(SQLException.class, () -> connect(node, "")).getSQLState())
          .isEqualTo("28000");
      try (Connection boss =
          DriverManager.getConnection(
              "jdbc:quorate://" + node.clientAddress() + "/", "boss", "open sesame")) {
        assertThat(boss.isValid(5)).isTrue();
      }
    }
  }

  @Test
  void the_configured_user_enters_a_fresh_one() throws Exception {
    Path password = directory.resolve("password");
    Files.writeString(password, "first light\n");
    Map<String, String> security =
        Map.of("security.user", "root", "security.password_file", password.toString());
    try (Node node = open("admin", security)) {
      assertThat(get("/admin/node/current").statusCode()).isEqualTo(401);
      try (Connection root =
          DriverManager.getConnection(
              "jdbc:quorate://" + node.clientAddress() + "/", "root", "first light")) {
        assertThat(root.isValid(5)).isTrue();
      }
    }
  }

  @Test
  void the_others_take_a_member_for_silent_and_it_catches_up_afterwards() throws Exception {
    try (TestNodes nodes = new TestNodes(directory, 3)) {
      int leader = nodes.leaderNumber();
      int silent = leader == 3 ? 2 : 3;
      run(nodes.leader(), "CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
      nodes.close(silent);
      nodes.open(silent, Map.of("node.mode", "admin"));
      String status = "SELECT status FROM system.nodes WHERE name = 'n" + silent + "'";
      awaitAnswer(nodes.leader(), status, "timeout");
      assertThat(nodes.leaderNumber()).isEqualTo(leader);
      run(nodes.leader(), "INSERT INTO t VALUES (2)");
      nodes.close(silent);
      nodes.open(silent);
      awaitAnswer(nodes.leader(), status, "alive");
      awaitAnswer(nodes.number(silent), "SELECT COUNT(*) FROM t", "2");
    }
  }

  /** Heartbeats and the log reach the others a moment later. */
  private static void awaitAnswer(Node node, String query, String answer) throws SQLException {
    try (Connection connection = TestNodes.connectTo(node, "");
        Statement statement = connection.createStatement()) {
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                try (ResultSet rows = statement.executeQuery(query)) {
                  assertThat(rows.next()).isTrue();
                  assertThat(rows.getString(1)).isEqualTo(answer);
                }
              });
    }
  }
}

package io.quorate.server;

import static io.quorate.server.OneNode.Client.AVATICA_PROTOBUF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What operators ask of real nodes, over HTTP and by SQL, which say the same. */
@Timeout(300)
final class AdministrationIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path directory;
  private TestNodes nodes;

  @BeforeEach
  void prepare() {
    nodes = new TestNodes(directory, 0, 6);
  }

  private void openVoters(int count) {
    for (int number = 1; number <= count; number++) {
      nodes.open(number);
    }
  }

  @AfterEach
  void stop() {
    nodes.close();
  }

  /** What came of a request; 0 where it was done. */
  private record Answer(int code, String message) {}

  /** A change, as each road has it. */
  private record Change(String sql, String method, String path, String body) {
    String statement() {
      return sql.startsWith("SET ") ? sql : "ADMIN " + sql;
    }

    static Change remove(int node) {
      return new Change("REMOVE NODE 'n" + node + "'", "DELETE", "/admin/node/n" + node, "");
    }

    static Change promote(int node) {
      return new Change(
          "PROMOTE NODE 'n" + node + "'",
          "POST",
          "/admin/promote",
          "{\"name\":\"n" + node + "\",}");
    }

    static Change promoteWhenReady(int node) {
      return new Change(
          "PROMOTE NODE 'n" + node + "' WHEN READY",
          "POST",
          "/admin/promote",
          "{\"name\":\"n" + node + "\",\"when\":\"ready\"}");
    }

    static Change limit(String followers) {
      return new Change(
          "SET CLUSTER MAX_FOLLOWERS = " + followers,
          "POST",
          "/admin/variables/max_followers",
          "{\"value\":\"" + followers + "\"}");
    }

    static Change transfer(int node) {
      return new Change(
          "TRANSFER LEADER TO 'n" + node + "'",
          "POST",
          "/admin/leader",
          "{\"name\":\"n" + node + "\"}");
    }
  }

  /** The ways in. The native driver asks the leader for a change; the others ask who they know. */
  private enum Road {
    HTTP,
    AVATICA,
    NATIVE
  }

  private Answer ask(Road road, int node, Change change) throws Exception {
    return switch (road) {
      case HTTP -> http(node, change.method, change.path, change.body);
      case AVATICA -> sql(() -> AVATICA_PROTOBUF.connect(nodes.node(node)), change.statement());
      case NATIVE -> sql(node, change.statement());
    };
  }

  private Answer http(int node, String method, String path, String body) throws Exception {
    JsonNode answer = json(node, method, path, body);
    return new Answer(answer.path("error_code").intValue(), answer.path("error_msg").asText());
  }

  private JsonNode json(int node, String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + nodes.adminAddress(node) + path))
            .header("Accept", "application/json")
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .timeout(Duration.ofSeconds(60))
            .build();
    return new ObjectMapper().readTree(CLIENT.send(request, BodyHandlers.ofString()).body());
  }

  private Answer sql(int node, String sql) throws Exception {
    return sql(() -> TestNodes.connectTo(nodes.node(node), ""), sql);
  }

  private static Answer sql(Callable<Connection> connect, String sql) throws Exception {
    try (Connection connection = connect.call();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
      return new Answer(0, "");
    } catch (SQLException e) {
      return new Answer(e.getErrorCode(), String.valueOf(e.getMessage()));
    }
  }

  private void write(String sql) throws SQLException {
    try (Connection connection = nodes.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Role by name, as the node shows it by SQL and over HTTP. */
  private Map<String, String> roles(int node) throws Exception {
    Map<String, String> told = new TreeMap<>();
    try (Connection connection = TestNodes.connectTo(nodes.node(node), "");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("ADMIN SHOW NODES")) {
      while (rows.next()) {
        told.put(rows.getString("NAME"), rows.getString("ROLE"));
      }
    }
    Map<String, String> again = new TreeMap<>();
    json(node, "GET", "/admin/nodes", "")
        .path("nodes")
        .forEach(each -> again.put(each.path("name").asText(), each.path("role").asText()));
    assertThat(again).isEqualTo(told);
    return told;
  }

  /** Each of them shows those voters and learners, of whom one leads. */
  private void awaitMembers(Map<String, String> roles, int... askedOf) {
    for (int node : askedOf) {
      eventually(
          () -> {
            Map<String, String> told = roles(node);
            assertThat(told).containsValue("leader");
            told.replaceAll((name, role) -> role.equals("leader") ? "follower" : role);
            assertThat(told).isEqualTo(roles);
          });
    }
  }

  /** On a machine with much to do, leaders come and go. */
  private static void eventually(ThrowingRunnable step) {
    await("once a leader stays for as long as it takes")
        .atMost(Duration.ofSeconds(60))
        .pollInSameThread()
        .untilAsserted(step);
  }

  private void assertDone(Road road, int node, Change change) {
    eventually(
        () -> assertThat(ask(road, node, change)).as(change.sql).isEqualTo(new Answer(0, "")));
  }

  private void assertRemoved(Road road, int node) {
    eventually(
        () -> {
          int leader = nodes.leaderNumber();
          if (leader == node) {
            assertDone(Road.HTTP, node, Change.transfer(1));
          }
          // Where an answer before was lost it is gone already.
          assertThat(ask(road, nodes.leaderNumber(), Change.remove(node)).code).isIn(0, 7019);
        });
  }

  private void assertRefused(int node, Change change, int code, String message) throws Exception {
    for (Road road : List.of(Road.HTTP, Road.AVATICA)) {
      Answer answer = ask(road, node, change);
      assertThat(answer.code).as(road + " " + change.sql + ": " + answer).isEqualTo(code);
      assertThat(answer.message).contains(message);
    }
  }

  private int other(int... than) {
    return Stream.of(1, 2, 3)
        .filter(node -> IntStream.of(than).noneMatch(node::equals))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void the_leadership_goes_where_it_is_sent_whoever_is_asked() throws Exception {
    openVoters(3);
    write("CREATE TABLE T (ID INT PRIMARY KEY)");
    int row = 0;
    for (Road road : Road.values()) {
      for (boolean ofLeader : new boolean[] {true, false}) {
        int leader = nodes.leaderNumber();
        int next = other(leader);
        assertDone(road, ofLeader ? leader : other(leader, next), Change.transfer(next));
        write("INSERT INTO T VALUES (" + row++ + ")");
        assertDone(road, ofLeader ? leader : next, Change.transfer(next));
      }
    }
    awaitMembers(Map.of("n1", "follower", "n2", "follower", "n3", "follower"), 1, 2, 3);
    eventually(this::refusesWhatIsWrong);
    int absent = other(nodes.leaderNumber());
    nodes.close(absent);
    eventually(() -> refusesWhatNeeds(absent));
    write("INSERT INTO T VALUES (100)");
  }

  private void refusesWhatIsWrong() throws Exception {
    int leader = nodes.leaderNumber();
    for (int node = 1; node <= 3; node++) {
      assertRefused(node, Change.transfer(9), 7019, "Node doesn't exist: n9");
      assertRefused(node, Change.promote(9), 7019, "Node doesn't exist: n9");
    }
    assertRefused(
        other(leader),
        Change.remove(leader),
        8007,
        "Can't remove node in follower mode; ask the leader, n" + leader);
    assertRefused(leader, Change.remove(leader), 8007, "Can't remove current node: n" + leader);
    assertRefused(leader, Change.remove(9), 7019, "Node doesn't exist: n9");
  }

  private void refusesWhatNeeds(int absent) throws Exception {
    int leader = nodes.leaderNumber();
    JsonNode node = json(leader, "GET", "/admin/node/n" + absent, "").path("node");
    assertThat(node.path("status").asText()).isEqualTo("timeout");
    int present = other(leader, absent);
    assertRefused(leader, Change.remove(present), 8007, "no majority would answer");
    assertRefused(leader, Change.transfer(absent), 7018, "Can't connect server: 127.0.0.1:");
  }

  @Test
  void learners_get_votes_and_nodes_that_were_removed_stay_so() throws Exception {
    openVoters(3);
    write("CREATE TABLE T (ID INT PRIMARY KEY)");
    nodes.open(4, nodes.joining("learner", 1));
    nodes.open(5, nodes.joining("learner", 1));
    Map<String, String> members =
        new TreeMap<>(Map.of("n1", "follower", "n2", "follower", "n3", "follower"));
    members.putAll(Map.of("n4", "learner", "n5", "learner"));
    awaitMembers(members, 1, 2, 3, 4, 5);
    eventually(() -> assertRefused(2, Change.transfer(4), 7026, "n4 has no vote"));
    assertDone(Road.HTTP, 2, Change.promoteWhenReady(4));
    assertDone(Road.AVATICA, 5, Change.promoteWhenReady(5));
    assertDone(Road.HTTP, 1, Change.promote(5));
    members.putAll(Map.of("n4", "follower", "n5", "follower"));
    awaitMembers(members, 1, 2, 3, 4, 5);
    assertThatThrownBy(() -> nodes.open(6, nodes.joining("voter", 1)))
        .isInstanceOfSatisfying(
            QuorateException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_FOLLOWERS))
        .hasMessageContaining("Too many followers, limit: 4");

    nodes.close(2);
    nodes.close(3);
    write("INSERT INTO T VALUES (1)"); // which needs both of the new votes
    nodes.open(2);
    nodes.open(3);
    awaitMembers(members, 1, 2, 3);
    removalsLast(members);
  }

  private void removalsLast(Map<String, String> members) throws Exception {
    assertRemoved(Road.HTTP, 4);
    nodes.close(5);
    assertRemoved(Road.NATIVE, 5);
    members.remove("n4");
    members.remove("n5");
    awaitMembers(members, 1, 2, 3);
    nodes.open(5, nodes.joining("voter", 2));
    knowsThatItWasRemoved(4);
    isInAdminMode(4);
    knowsThatItWasRemoved(5);

    for (int node : new int[] {3, 2, 1, 4}) {
      nodes.close(node);
      nodes.open(node);
    }
    write("INSERT INTO T VALUES (2)");
    awaitMembers(members, 1, 2, 3);
    knowsThatItWasRemoved(4);
    knowsThatItWasRemoved(5);

    nodes.close(5);
    delete(directory.resolve("n5"));
    nodes.open(5, nodes.joining("learner", 2));
    members.put("n5", "learner");
    awaitMembers(members, 1, 2, 3, 5);
    aLimitIsTheSameOnEveryNodeAndKept(members);
  }

  private void aLimitIsTheSameOnEveryNodeAndKept(Map<String, String> members) throws Exception {
    eventually(
        () -> {
          int leader = nodes.leaderNumber();
          String followers =
              Stream.of(1, 2, 3)
                  .filter(node -> node != leader)
                  .map(node -> "n" + node)
                  .collect(Collectors.joining(", "));
          assertRefused(
              other(leader),
              Change.limit("1"),
              7027,
              "Too many followers, limit: 1; there are 2, " + followers + ": remove some first");
        });
    awaitLimit("4", 1, 2, 3, 5);
    for (Road road : Road.values()) {
      assertDone(road, 5, Change.limit("3"));
      awaitLimit("3", 1, 2, 3, 5);
      assertDone(road, 2, Change.limit("2"));
      awaitLimit("2", 1, 2, 3, 5);
    }
    eventually(() -> assertRefused(5, Change.promote(5), 7027, "Too many followers, limit: 2"));
    for (int node : new int[] {1, 2, 3}) {
      nodes.close(node);
      nodes.open(node);
    }
    awaitLimit("2", 1, 2, 3, 5);
    assertDone(Road.NATIVE, 1, Change.limit("DEFAULT"));
    assertDone(Road.HTTP, 1, Change.promoteWhenReady(5));
    members.put("n5", "follower");
    awaitMembers(members, 1, 2, 3, 5);
  }

  private void awaitLimit(String followers, int... askedOf) {
    for (int node : askedOf) {
      eventually(
          () ->
              assertThat(
                      json(node, "GET", "/admin/variables/max_followers", "")
                          .path("max_followers")
                          .asText())
                  .isEqualTo(followers));
    }
  }

  private void isInAdminMode(int number) throws Exception {
    JsonNode node = json(number, "GET", "/admin/node/current", "").path("node");
    assertThat(node.path("role").asText()).isEqualTo("admin");
    assertThat(node.path("status").asText()).isEqualTo("removed");
    assertThat(http(number, "GET", "/admin/nodes", "").code).isEqualTo(7025);
    assertThat(sql(number, "ADMIN SHOW NODES").code).isEqualTo(7025);
    assertRefused(number, Change.remove(1), 7025, "it was removed from its cluster");
  }

  /** All that it tells once it has begun anew: no leader says whether passwords are needed. */
  private void knowsThatItWasRemoved(int number) {
    await("n" + number + " learns that it is no member")
        .atMost(Duration.ofSeconds(30))
        .pollInSameThread()
        .untilAsserted(
            () ->
                assertThat(http(number, "GET", "/readyz", "").message)
                    .contains("this node was removed"));
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Test
  void a_node_shows_itself_and_its_configuration_to_administrators() throws Exception {
    openVoters(1);
    assertThat(rows("ADMIN SHOW VARIABLES"))
        .isEqualTo(Map.of("max_followers", "4", "role", "leader"));
    assertThat(rows("ADMIN SHOW VARIABLE Server_Role")).isEqualTo(Map.of("server_role", "leader"));
    assertThat(json(1, "GET", "/admin/variables/server_role", "").path("server_role").asText())
        .isEqualTo("leader");
    assertThat(sql(1, "ADMIN SHOW VARIABLE x"))
        .isEqualTo(new Answer(3027, "variable does not exist : x."));
    assertThat(http(1, "GET", "/admin/variables/x", ""))
        .isEqualTo(new Answer(3027, "variable does not exist : x."));
    Map<String, String> configs = rows("ADMIN SHOW CONFIGS");
    assertThat(configs)
        .containsEntry("node.id", "n1")
        .containsEntry("cluster.bootstrap", "true")
        .containsEntry("network.admin_addr", nodes.adminAddress(1).toString());
    JsonNode again = json(1, "GET", "/admin/configs", "");
    configs.forEach((key, value) -> assertThat(again.path(key).asText()).isEqualTo(value));
    assertThat(again).hasSize(configs.size() + 1);
    try (Connection avatica = AVATICA_PROTOBUF.connect(nodes.node(1));
        Statement statement = avatica.createStatement();
        ResultSet rows = statement.executeQuery("ADMIN SHOW NODES")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString("STATUS")).isEqualTo("alive");
      assertThat(rows.getTimestamp("LAST_UPDATE")).isAfter("2020-01-01T00:00:00");
      assertThat(rows.getLong("TERM")).isPositive();
      assertThat(rows.next()).isFalse();
    }
    assertThat(sql(1, "ADMIN SHOW NODE 'n2'").code).isEqualTo(7019);
    assertThat(sql(1, "ADMIN SHOW NODE 'n1'").code).isZero();

    write("CREATE USER BOSS PASSWORD 'a long word'");
    try (Connection boss = as("BOSS");
        Statement statement = boss.createStatement()) {
      statement.execute("CREATE USER CLERK PASSWORD 'a long word'");
      statement.execute("ADMIN SHOW CURRENT NODE");
      boss.setReadOnly(true);
      assertState(statement, "ADMIN REMOVE NODE 'n2'", "25006");
    }
    try (Connection clerk = as("CLERK");
        Statement statement = clerk.createStatement()) {
      for (String sql :
          List.of(
              "ADMIN SHOW NODES",
              "ADMIN SHOW CURRENT NODE",
              "ADMIN SHOW CONFIGS",
              "ADMIN SHOW VARIABLES",
              "ADMIN TRANSFER LEADER TO 'n1'",
              "ADMIN REMOVE NODE 'n2'")) {
        assertState(statement, sql, "42501");
      }
    }
  }

  private Connection as(String user) throws SQLException {
    return TestNodes.connectTo(nodes.node(1), "&user=" + user + "&password=a%20long%20word");
  }

  private static void assertState(Statement statement, String sql, String state) {
    assertThatThrownBy(() -> statement.execute(sql))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).as(sql).isEqualTo(state));
  }

  private Map<String, String> rows(String sql) throws SQLException {
    Map<String, String> rows = new TreeMap<>();
    try (Connection connection = TestNodes.connectTo(nodes.node(1), "");
        Statement statement = connection.createStatement();
        ResultSet each = statement.executeQuery(sql)) {
      while (each.next()) {
        rows.put(each.getString("NAME"), each.getString("VALUE"));
      }
    }
    return rows;
  }
}

package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.LoopbackPorts;
import io.quorate.server.config.HostPort;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each number by which administrators are refused, over HTTP and by SQL, with its message, its HTTP
 * status and its SQLSTATE; and that nothing has changed then. {@link RoleMatrixIT} has the roles.
 *
 * <p>A change of the membership that a driver is asked for goes to the leader, so some of the cases
 * have one road. What needs another node to do something in that moment is tested where that is
 * played: 10001, 10202 and 10401 in ClusterChangesTest and AdminChangesTest.
 */
@Timeout(120)
@TestMethodOrder(OrderAnnotation.class)
final class AdminRefusalsIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** Leader and follower must stay what they are, on a slow machine too. */
  private static final Map<String, String> CALM =
      Map.of(
          "cluster.election_timeout", "3s",
          "cluster.heartbeat_timeout", "20s");

  @TempDir static Path directory;

  /** n1 leads, n2 follows, n3 was removed. */
  private static TestNodes nodes;

  private static HostedNode fresh;
  private static HostedNode standalone;
  private static int deadPort;

  /** Which node is asked. */
  private enum At {
    LEADER,
    FOLLOWER,
    REMOVED,
    FRESH,
    STANDALONE
  }

  /**
   * A way to be refused. In paths, bodies and statements {@code <leader>}, {@code <follower>},
   * {@code <self>} and {@code <nobody>} stand for peer addresses.
   *
   * @param http method, path and body; empty where there is none
   * @param sql empty where there is none
   */
  private record Refusal(
      At at, int code, String message, String http, int status, String sql, String sqlState) {
    @Override
    public String toString() {
      return code + " " + at + ": " + (sql.isEmpty() ? http : sql);
    }
  }

  private static Refusal of(
      At at, int code, String message, String http, String sql, String sqlState) {
    return new Refusal(at, code, message, http, 500, sql, sqlState);
  }

  private static final String CURRENT = "POST /admin/node/current ";

  static Stream<Refusal> refusals() {
    return Stream.of(ofVariables(), outside(), ofWords(), ofPlaces(), ofRoles())
        .flatMap(List::stream);
  }

  private static List<Refusal> ofVariables() {
    String set = "POST /admin/variables/";
    return List.of(
        of(
            At.FOLLOWER,
            3027,
            "variable does not exist : x.",
            "GET /admin/variables/x",
            "ADMIN SHOW VARIABLE x",
            "42704"),
        of(
            At.LEADER,
            3027,
            "variable does not exist : min_followers.",
            set + "min_followers {\"value\":\"1\"}",
            "SET CLUSTER min_followers = 1",
            "42704"),
        of(
            At.LEADER,
            3028,
            "max_followers is a number from 0 to 4, not \"5\"",
            set + "max_followers {\"value\":\"5\"}",
            "SET CLUSTER max_followers = 5",
            "22023"),
        of(
            At.FOLLOWER,
            3028,
            "max_followers is a number from 0 to 4, not \"\"",
            set + "max_followers {\"value\":\"\"}",
            "SET CLUSTER max_followers = ''",
            "22023"),
        of(
            At.LEADER,
            3028,
            "max_followers is a number from 0 to 4, not \"1.5\"",
            set + "max_followers {\"value\":\"1.5\"}",
            "SET CLUSTER max_followers TO 1.5",
            "22023"),
        of(
            At.LEADER,
            3029,
            "variable is read only : role",
            set + "role {\"value\":\"leader\"}",
            "SET CLUSTER role = 'leader'",
            "55P02"));
  }

  private static List<Refusal> outside() {
    return List.of(
        of(
            At.FRESH,
            3032,
            "'ADMIN SHOW NODES' only works in cluster mode",
            "GET /admin/nodes",
            "ADMIN SHOW NODES",
            "55000"),
        of(
            At.STANDALONE,
            3032,
            "SHOW NODE only works in cluster mode",
            "GET /admin/node/x",
            "ADMIN SHOW NODE 'x'",
            "55000"),
        of(
            At.FRESH,
            3032,
            "a change of the membership only works in cluster mode",
            "DELETE /admin/node/x",
            "ADMIN REMOVE NODE 'x'",
            "55000"),
        of(
            At.STANDALONE,
            3032,
            "a change of the membership only works in cluster mode",
            "POST /admin/variables/max_followers {\"value\":\"4\"}",
            "SET CLUSTER max_followers = 4",
            "55000"),
        of(At.FRESH, 2006, "", "", "SELECT 1", "55000"),
        of(
            At.REMOVED,
            7025,
            "Not registered node: n3",
            "GET /admin/nodes",
            "ADMIN SHOW NODES",
            "55000"),
        of(
            At.REMOVED,
            7025,
            "Not registered node: n3",
            "POST /admin/leader {\"name\":\"n3\"}",
            "",
            ""));
  }

  private static List<Refusal> ofWords() {
    return List.of(
        of(At.LEADER, 3067, "the body is not valid JSON", CURRENT + "{\"role\":", "", ""),
        of(At.FRESH, 3067, "the body must be a JSON object", CURRENT + "[]", "", ""),
        of(At.LEADER, 3076, "Field 'role' is required", CURRENT + "{\"name\":\"n1\"}", "", ""),
        of(At.LEADER, 3076, "must be a text in quotes", CURRENT + "{\"role\":7}", "", ""),
        of(
            At.LEADER,
            3076,
            "Field 'value' is required",
            "POST /admin/variables/max_followers {}",
            "",
            ""),
        new Refusal(At.LEADER, 3076, "Missing parameter nodeid", "POST /join ", 400, "", ""),
        of(
            At.FRESH,
            3076,
            "Field 'address' is required",
            CURRENT + "{\"role\":\"follower\"}",
            "ADMIN SET NODE ROLE 'follower'",
            "22023"),
        of(At.FRESH, 8007, "Invalid node role king", CURRENT + "{\"role\":\"king\"}", "", ""),
        of(At.FRESH, 10301, "Invalid node role king", "", "ADMIN SET NODE ROLE 'king'", "42601"),
        of(At.FRESH, 10301, "", "", "ADMIN SET NODE ROLE", "42601"),
        of(
            At.FOLLOWER,
            10116,
            "this node is n2; ask n1 itself",
            CURRENT + "{\"role\":\"leader\",\"name\":\"n1\"}",
            "ADMIN SET LEADER USING 'n1'",
            "22023"));
  }

  private static Refusal enters(int code, String message, String role, String leader, String name) {
    return enters(code, message, role, leader, name, "55000");
  }

  private static Refusal enters(
      int code, String message, String role, String leader, String name, String sqlState) {
    return of(
        At.FRESH,
        code,
        message,
        CURRENT
            + "{\"role\":\"%s\",\"name\":\"%s\",\"address\":\"%s\"}".formatted(role, name, leader),
        "ADMIN CONNECT '%s' AS %s USING '%s'".formatted(leader, role, name),
        sqlState);
  }

  private static List<Refusal> ofPlaces() {
    return List.of(
        enters(7016, "Invalid server address", "follower", "<self>", "x", "22023"),
        enters(7016, "", "learner", "nonsense", "x", "22023"),
        enters(7018, "Can't connect server: <nobody>", "follower", "<nobody>", "x"),
        enters(7020, "Duplicate node: N1", "learner", "<leader>", "N1", "42710"),
        enters(7021, "Can't connect leader", "learner", "<follower>", "x", "08001"),
        enters(7027, "Too many followers, limit: 1", "follower", "<leader>", "x", "54000"),
        enters(7027, "Too many followers, limit: 1", "witness", "<leader>", "x", "54000"),
        of(
            At.FOLLOWER,
            7027,
            "Too many followers, limit: 0; there are 1, n2: remove some first",
            "POST /admin/variables/max_followers {\"value\":\"0\"}",
            "SET CLUSTER max_followers = 0",
            "54000"),
        of(
            At.FOLLOWER,
            7019,
            "Node doesn't exist: n9",
            "GET /admin/node/n9",
            "ADMIN SHOW NODE 'n9'",
            "42704"),
        of(
            At.LEADER,
            7019,
            "Node doesn't exist: n9",
            "DELETE /admin/node/n9",
            "ADMIN REMOVE NODE 'n9'",
            "42704"),
        of(
            At.FOLLOWER,
            7019,
            "Node doesn't exist: n3",
            "POST /admin/promote {\"name\":\"n3\"}",
            "ADMIN PROMOTE NODE 'n3'",
            "42704"));
  }

  private static List<Refusal> ofRoles() {
    return List.of(
        of(
            At.LEADER,
            7026,
            "Can't switch the node from leader to learner directly; ADMIN SET ADMIN first",
            CURRENT + "{\"role\":\"learner\",\"address\":\"<follower>\"}",
            "ADMIN CONNECT '<follower>' AS LEARNER",
            "55000"),
        of(
            At.STANDALONE,
            8007,
            "Can't switch the node from standalone to cluster mode",
            CURRENT + "{\"role\":\"Leader\"}",
            "ADMIN SET LEADER",
            "55000"),
        of(
            At.FOLLOWER,
            8007,
            "Can't switch the node from follower to standalone",
            CURRENT + "{\"role\":\"standalone\"}",
            "ADMIN SET STANDALONE",
            "55000"),
        of(
            At.FOLLOWER,
            8007,
            "Can't remove node in follower mode; ask the leader, n1",
            "DELETE /admin/node/n1",
            "",
            ""),
        of(
            At.LEADER,
            8007,
            "Can't remove current node: n1",
            "DELETE /admin/node/n1",
            "ADMIN REMOVE NODE 'n1'",
            "55000"),
        of(
            At.LEADER,
            10801,
            "keeps its role",
            CURRENT + "{\"role\":\"admin\"}",
            "ADMIN SET ADMIN",
            "0A000"));
  }

  @BeforeAll
  static void open() throws Exception {
    nodes = new TestNodes(directory, 0, 3);
    for (int number = 1; number <= 3; number++) {
      nodes.open(number, CALM);
    }
    awaitLeader();
    Path third = directory.resolve("n3").resolve("identity");
    // Who is removed before it knows that it is a member has never been one.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Files.readString(third).contains("stage=MEMBER"));
    execute(nodes.node(1), "ADMIN REMOVE NODE 'n3'");
    execute(nodes.node(1), "SET CLUSTER max_followers = 1");
    fresh = HostedNode.open(directory.resolve("fresh"), "fresh", "admin");
    standalone = HostedNode.open(directory.resolve("alone"), "alone", "standalone");
    deadPort = LoopbackPorts.find(1).get(0).getPort();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(get(At.REMOVED)).contains("\"removed\"");
              assertThat(get(At.FOLLOWER)).contains("\"follower\"", "\"leader\":\"n1\"");
            });
  }

  private static void awaitLeader() {
    await().atMost(Duration.ofSeconds(30)).until(() -> nodes.leaderNumber() == 1);
  }

  @AfterAll
  static void close() {
    Stream.of(fresh, standalone).filter(Objects::nonNull).forEach(HostedNode::close);
    nodes.close();
  }

  private static Node node(At at) {
    return switch (at) {
      case LEADER -> nodes.node(1);
      case FOLLOWER -> nodes.node(2);
      case REMOVED -> nodes.node(3);
      case FRESH -> fresh.node();
      case STANDALONE -> standalone.node();
    };
  }

  private static String admin(At at) {
    HostPort address =
        switch (at) {
          case LEADER -> nodes.adminAddress(1);
          case FOLLOWER -> nodes.adminAddress(2);
          case REMOVED -> nodes.adminAddress(3);
          case FRESH -> fresh.admin();
          case STANDALONE -> standalone.admin();
        };
    return "http://" + address;
  }

  private static String filled(String text) {
    return text.replace("<leader>", nodes.peerAddress(1).toString())
        .replace("<follower>", nodes.peerAddress(2).toString())
        .replace("<self>", fresh.peer())
        .replace("<nobody>", "127.0.0.1:" + deadPort);
  }

  private static void execute(Node node, String sql) throws SQLException {
    try (Connection connection = TestNodes.connectTo(node, "");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String get(At at) throws Exception {
    return send(at, "GET /admin/node/current").body();
  }

  private static HttpResponse<String> send(At at, String request) throws Exception {
    String[] parts = request.split(" ", 3);
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(admin(at) + parts[1]))
            .method(parts[0], BodyPublishers.ofString(parts.length < 3 ? "" : parts[2]))
            .timeout(Duration.ofSeconds(60))
            .build(),
        BodyHandlers.ofString());
  }

  /** What a refusal must leave alone, of each node. */
  private static String state() throws Exception {
    StringBuilder state = new StringBuilder();
    for (At at : At.values()) {
      JsonNode node = new ObjectMapper().readTree(get(at)).path("node");
      state.append(node.path("name")).append(node.path("role")).append(node.path("status"));
      JsonNode variables = new ObjectMapper().readTree(send(at, "GET /admin/variables").body());
      state.append(variables.path("max_followers"));
    }
    Consensus.Membership membership = nodes.node(1).parts().consensus().membership();
    return state.append(membership.voters()).toString();
  }

  @ParameterizedTest
  @MethodSource("refusals")
  @Order(1)
  void what_is_refused_has_its_number_on_both_roads_and_changes_nothing(Refusal refusal)
      throws Exception {
    assertRefused(refusal);
  }

  private static void assertRefused(Refusal refusal) throws Exception {
    String before = state();
    String message = filled(refusal.message);
    if (!refusal.http.isEmpty()) {
      HttpResponse<String> response = send(refusal.at, filled(refusal.http));
      JsonNode body = new ObjectMapper().readTree(response.body());
      assertThat(body.path("error_code").asInt()).as(response.body()).isEqualTo(refusal.code);
      assertThat(body.path("error_message").asText()).contains(message);
      assertThat(body.path("error_msg")).isEqualTo(body.path("error_message"));
      assertThat(response.statusCode()).isEqualTo(refusal.status);
    }
    if (!refusal.sql.isEmpty()) {
      SQLException e =
          Objects.requireNonNull(
              catchThrowableOfType(
                  SQLException.class, () -> execute(node(refusal.at), filled(refusal.sql))));
      assertThat(e.getErrorCode()).as(e.toString()).isEqualTo(refusal.code);
      assertThat(e.getSQLState()).isEqualTo(refusal.sqlState);
      assertThat(e.getMessage()).contains(message);
    }
    assertThat(state()).isEqualTo(before);
  }

  /** Members that nobody ever hears do not vote, and so are in nobody's way. */
  @Test
  @Order(2)
  void the_256th_learner_is_7028() throws Exception {
    Consensus consensus = nodes.node(1).parts().consensus();
    for (int number = 1; number <= Places.LEARNERS_MAX; number++) {
      consensus.addLearner(new MemberId("l" + number, number)).get(30, TimeUnit.SECONDS);
    }
    assertRefused(
        enters(7028, "Too many learner, limit: 255", "learner", "<leader>", "x", "54000"));
  }

  /** Infinity's numbers, of 3027 and up, are those of administration. */
  @Test
  @Order(3)
  void there_is_a_case_of_each_number() {
    Set<Integer> numbers =
        Arrays.stream(ErrorCode.values())
            .map(ErrorCode::number)
            .filter(number -> number < 10_000)
            .collect(Collectors.toSet());
    Set<Integer> cases = refusals().map(Refusal::code).collect(Collectors.toSet());
    cases.add(ErrorCode.TOO_MANY_LEARNERS.number());
    assertThat(cases).containsAll(numbers);
  }
}

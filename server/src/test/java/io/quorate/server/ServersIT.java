package io.quorate.server;

import static io.quorate.server.OneNode.Client.AVATICA_PROTOBUF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.server.cluster.messaging.LoopbackPorts;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** InfluxDB's guide: three combined nodes, then one for data alone; and what comes after. */
@Timeout(120)
final class ServersIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String SHOW = "SHOW SERVERS";

  @TempDir Path directory;

  /** Client and peer addresses, also of those that are down. */
  private final Map<Integer, String> clients = new HashMap<>();

  /** Where those listen for other nodes that do so elsewhere than at first. */
  private final Map<Integer, String> moved = new HashMap<>();

  private TestNodes nodes;

  @BeforeEach
  void prepare() {
    nodes = new TestNodes(directory, 0, 5);
  }

  @AfterEach
  void stop() {
    nodes.close();
  }

  private void open(int number, Map<String, String> more) {
    nodes.open(number, more);
    clients.put(number, nodes.node(number).clientAddress().toString());
  }

  private static void eventually(ThrowingRunnable step) {
    await("the leader hears of it and writes it")
        .atMost(Duration.ofSeconds(30))
        .pollInSameThread()
        .untilAsserted(step);
  }

  /** The rows of members that vote and hold data, and of those that only hold data. */
  private List<String> expected(Map<Integer, Integer> ids, int... dataOnly) {
    List<String> data = new ArrayList<>();
    List<String> meta = new ArrayList<>();
    ids.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .forEach(
            each -> {
              int number = each.getKey();
              String peer = moved.getOrDefault(number, nodes.peerAddress(number).toString());
              data.add("data_nodes " + each.getValue() + " " + clients.get(number) + " " + peer);
              if (Arrays.stream(dataOnly).noneMatch(only -> only == number)) {
                meta.add(
                    "meta_nodes %d %s %s"
                        .formatted(each.getValue(), nodes.adminAddress(number), peer));
              }
            });
    return Stream.concat(data.stream(), meta.stream()).toList();
  }

  private static List<String> rows(Callable<Connection> connect, String sql) throws Exception {
    try (Connection connection = connect.call();
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (found.next()) {
        rows.add(
            found.getString("SERVICE")
                + " "
                + found.getLong("ID")
                + " "
                + found.getString("HTTP_ADDR")
                + " "
                + found.getString("TCP_ADDR"));
      }
      return rows;
    }
  }

  private List<String> overHttp(int number) throws Exception {
    URI uri = URI.create("http://" + nodes.adminAddress(number) + "/servers");
    String body = CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    List<String> rows = new ArrayList<>();
    for (JsonNode row : new ObjectMapper().readTree(body).path("servers")) {
      rows.add(
          "%s %d %s %s"
              .formatted(
                  row.path("service").asText(),
                  row.path("id").asLong(),
                  row.path("http_addr").asText(),
                  row.path("tcp_addr").asText()));
    }
    return rows;
  }

  /** Whichever of them is asked, and however. */
  private void allShow(List<String> expected, int... numbers) {
    eventually(
        () -> {
          for (int number : numbers) {
            Node node = nodes.node(number);
            assertThat(rows(() -> TestNodes.connectTo(node, ""), SHOW)).isEqualTo(expected);
            assertThat(rows(() -> AVATICA_PROTOBUF.connect(node), SHOW)).isEqualTo(expected);
            assertThat(rows(() -> TestNodes.connectTo(node, ""), "SELECT * FROM SYSTEM.SERVERS"))
                .isEqualTo(expected);
            assertThat(overHttp(number)).isEqualTo(expected);
          }
        });
  }

  private void removeAtLeader(int number) {
    eventually(
        () -> {
          try (Connection connection = TestNodes.connectTo(nodes.leader(), "");
              Statement statement = connection.createStatement()) {
            statement.execute("ADMIN REMOVE NODE 'n" + number + "'");
          } catch (SQLException e) {
            // It may have been done by an attempt before.
            assertThat(e.getErrorCode()).isEqualTo(7019);
          }
        });
  }

  @Test
  void every_node_shows_the_same_servers_whoever_is_down_and_ids_are_never_given_again() {
    open(1, Map.of());
    allShow(expected(Map.of(1, 1)), 1);
    open(2, Map.of());
    open(3, Map.of());
    allShow(expected(Map.of(1, 1, 2, 2, 3, 3)), 1, 2, 3);
    // By a member that is not the first.
    open(4, nodes.joining("learner", 2));
    List<String> guide = expected(Map.of(1, 1, 2, 2, 3, 3, 4, 4), 4);
    assertThat(guide).hasSize(7);
    allShow(guide, 1, 2, 3, 4);

    nodes.close(3);
    allShow(guide, 1, 2, 4);

    removeAtLeader(4);
    nodes.close(4);
    allShow(expected(Map.of(1, 1, 2, 2, 3, 3)), 1, 2);
    open(5, nodes.joining("learner", 1));
    allShow(expected(Map.of(1, 1, 2, 2, 3, 3, 5, 5), 5), 1, 2, 5);

    // It was away, and comes back to another port.
    open(3, Map.of());
    allShow(expected(Map.of(1, 1, 2, 2, 3, 3, 5, 5), 5), 1, 2, 3, 5);

    nodes.close(3);
    moved.put(3, "127.0.0.1:" + LoopbackPorts.find(1).get(0).getPort());
    open(3, Map.of("network.peer_addr", moved.get(3)));
    allShow(expected(Map.of(1, 1, 2, 2, 3, 3, 5, 5), 5), 1, 2, 3, 5);
  }
}

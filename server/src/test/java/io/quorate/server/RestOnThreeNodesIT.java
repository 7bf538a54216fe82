package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.server.config.HostPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys and SQL over HTTP, of three nodes in one JVM, of which two go. */
@Timeout(240)
final class RestOnThreeNodesIT {
  /** As curl sends what is published: without looking at what it is. */
  private static final String FORM = "application/x-www-form-urlencoded";

  @TempDir Path directory;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private HttpRequest.Builder to(HostPort address, String path) {
    return HttpRequest.newBuilder(URI.create("http://" + address + path))
        .header("Content-Type", FORM)
        .timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> get(HostPort address, String path)
      throws IOException, InterruptedException {
    return send(to(address, path).GET());
  }

  private HttpResponse<String> post(HostPort address, String path, String body)
      throws IOException, InterruptedException {
    return send(to(address, path).POST(BodyPublishers.ofString(body)));
  }

  /** Where applications may ask: the client port and the admin port. */
  private static List<HostPort> ports(TestNodes nodes, Node node) {
    String name = node.statements().topology().self();
    int number = Integer.parseInt(name.substring(1));
    return List.of(node.clientAddress(), nodes.adminAddress(number));
  }

  private static List<HostPort> portsOf(TestNodes nodes) {
    List<HostPort> ports = new ArrayList<>();
    nodes.all().forEach(node -> ports.addAll(ports(nodes, node)));
    return ports;
  }

  @Test
  void keys_and_sql_are_answered_by_every_node_and_written_by_the_leader() throws Exception {
    try (TestNodes nodes = new TestNodes(directory, 3)) {
      eventually(() -> setsAndGets(ports(nodes, agreedLeader(nodes)), portsOf(nodes)));
      eventually(() -> sendsWritersToTheLeader(nodes));
      eventually(
          () -> {
            for (HostPort port : portsOf(nodes)) {
              answersSql(port);
            }
          });
      eventually(() -> isTheTableThatJdbcShows(nodes));
      eventually(() -> asksForPasswords(nodes));
      int last = nodes.leaderNumber() == 1 ? 2 : 1;
      for (int number = 1; number <= 3; number++) {
        if (number != last) {
          nodes.close(number);
        }
      }
      isReadOnlyAlone(ports(nodes, nodes.all().iterator().next()));
    }
  }

  /** On a machine with much to do, leaders come and go. */
  private static void eventually(ThrowingRunnable step) {
    await("once a leader stays for as long as it takes")
        .atMost(Duration.ofSeconds(60))
        .pollInSameThread()
        .untilAsserted(step);
  }

  /** The node that leads, as soon as all of them say so. */
  private static Node agreedLeader(TestNodes nodes) {
    await("all nodes know who leads")
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              String leader = "n" + nodes.leaderNumber();
              return nodes.all().stream()
                  .map(node -> node.statements().topology())
                  .allMatch(
                      topology ->
                          topology.leader().equals(Optional.of(leader))
                              && topology.members().stream()
                                  .noneMatch(member -> member.address().isEmpty()));
            });
    return nodes.leader();
  }

  /** The commands of InfinityStore's manual, but for the ports. */
  private void setsAndGets(List<HostPort> leaders, List<HostPort> all) throws Exception {
    for (HostPort leader : leaders) {
      setsAndGets(leader, all);
    }
  }

  private void setsAndGets(HostPort leader, List<HostPort> all) throws Exception {
    HttpResponse<String> set =
        post(leader, "/set", "{\"key\":\"foo\", \"value\":\"bar\",\"action\":\"set\"}");
    assertThat(set.statusCode()).as(set.body()).isEqualTo(200);
    assertThat(set.body()).startsWith("{\"error_code\":0,\"message\":\"Set successful\"");
    String revision = set.body().replaceAll("\\D+(\\d+)}$", "-$1").replaceAll(".*-", "");
    for (HostPort port : all) {
      HttpResponse<String> found = get(port, "/get?key=foo&read_after=" + revision);
      assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
      assertThat(found.body()).isEqualTo("{\"key\":\"foo\",\"value\":\"bar\"}");
    }
    assertThat(get(leader, "/get?key=fo").statusCode()).isEqualTo(404);
    assertThat(post(leader, "/db/api/v1/set", "{\"key\":\"ä b\",\"value\":\"🙂\",}").statusCode())
        .isEqualTo(200);
    assertThat(get(leader, "/get?key=%C3%A4+b").body())
        .isEqualTo("{\"key\":\"ä b\",\"value\":\"🙂\"}");
    assertThat(
            post(leader, "/set", "{\"key\":\"foo\", \"value\":\"bar\",\"action\":\"delete\"}")
                .statusCode())
        .isEqualTo(200);
    assertThat(get(leader, "/get?key=foo").statusCode()).isEqualTo(404);
  }

  private void sendsWritersToTheLeader(TestNodes nodes) throws Exception {
    Node leader = agreedLeader(nodes);
    for (HostPort follower : ports(nodes, nodes.follower())) {
      sendsWritersToTheLeader(leader, follower);
    }
  }

  private void sendsWritersToTheLeader(Node leader, HostPort follower) throws Exception {
    String body = "{\"action\":\"set\",\"key\":\"k\",\"value\":\"" + follower + "\"}";
    HttpResponse<String> sent = post(follower, "/set?a=1", body);
    assertThat(sent.statusCode()).as(sent.body()).isEqualTo(307);
    String location = sent.headers().firstValue("Location").orElseThrow();
    assertThat(location).isEqualTo("http://" + leader.clientAddress() + "/set?a=1");
    HttpResponse<String> followed =
        send(HttpRequest.newBuilder(URI.create(location)).POST(BodyPublishers.ofString(body)));
    assertThat(followed.statusCode()).isEqualTo(200);
    await("the follower has applied it")
        .untilAsserted(
            () ->
                assertThat(get(follower, "/get?key=k").body())
                    .isEqualTo("{\"key\":\"k\",\"value\":\"" + follower + "\"}"));
  }

  private void answersSql(HostPort port) throws Exception {
    assertThat(post(port, "/sql", "{\"sql\":\"DROP TABLE IF EXISTS t\"}").statusCode())
        .isEqualTo(200);
    String create = "{\"sql\":\"CREATE TABLE t (a BIGINT, b VARBINARY(9))\"}";
    HttpResponse<String> made = post(port, "/sql", create);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    String insert =
        "{\"sql\":\"INSERT INTO t VALUES (?, ?)\",\"params\":[9007199254740993,\"AP8=\"]}";
    HttpResponse<String> inserted = post(port, "/sql", insert);
    assertThat(inserted.body()).startsWith("{\"error_code\":0,\"update_count\":1,\"revision\":");
    String revision = inserted.body().replaceAll("\\D+(\\d+)}$", "-$1").replaceAll(".*-", "");
    HttpResponse<String> rows =
        post(
            port,
            "/sql",
            "{\"sql\":\"SELECT a, b, b = X'00FF' FROM t\",\"read_after\":" + revision + "}");
    assertThat(rows.body()).endsWith("\"rows\":[[\"9007199254740993\",\"AP8=\",true]]}");
    assertThat(post(port, "/sql", "{\"sql\":\"DROP TABLE t\"}").statusCode()).isEqualTo(200);
    HttpResponse<String> begun = post(port, "/sql", "{\"sql\":\"START TRANSACTION\"}");
    assertThat(begun.body()).contains("\"sqlstate\":\"25000\"");
    HttpResponse<String> wrong = post(port, "/sql", "{\"sql\":\"SELECT * FROM nowhere\"}");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body()).contains("\"error_code\":10302", "\"sqlstate\":\"42P01\"");
  }

  private static void isTheTableThatJdbcShows(TestNodes nodes) throws Exception {
    try (Connection connection = nodes.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO system.kv VALUES ('by jdbc', 'x') ON CONFLICT (key) DO NOTHING");
      try (ResultSet rows = statement.executeQuery("SELECT * FROM system.kv ORDER BY key")) {
        List<String> keys = new ArrayList<>();
        while (rows.next()) {
          keys.add(rows.getString("KEY"));
        }
        assertThat(keys).containsExactly("by jdbc", "k", "ä b");
      }
      try (ResultSet tables = connection.getMetaData().getTables(null, "SYSTEM", "KV", null)) {
        assertThat(tables.next()).isTrue();
        assertThat(tables.getString("TABLE_TYPE")).isEqualTo("TABLE");
      }
    }
  }

  private void asksForPasswords(TestNodes nodes) throws Exception {
    HostPort leader = nodes.leader().clientAddress();
    for (String user : List.of("root PASSWORD 'r'", "app PASSWORD 'a'")) {
      String create = "{\"sql\":\"CREATE OR REPLACE USER " + user + "\"}";
      HttpResponse<String> made =
          send(as("root:r", to(leader, "/sql").POST(BodyPublishers.ofString(create))));
      assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    }
    for (HostPort port : portsOf(nodes)) {
      await("each node has applied it")
          .untilAsserted(() -> assertThat(get(port, "/get?key=k").statusCode()).isEqualTo(401));
      assertThat(send(as("app:b", to(port, "/db/api/v1/ping").GET())).statusCode()).isEqualTo(401);
      await("and the second user")
          .untilAsserted(
              () ->
                  assertThat(send(as("app:a", to(port, "/db/api/v1/ping").GET())).statusCode())
                      .isEqualTo(200));
      assertThat(send(as("app:a", to(port, "/get?key=k").GET())).statusCode()).isEqualTo(403);
      assertThat(send(as("root:r", to(port, "/get?key=k").GET())).statusCode()).isEqualTo(200);
    }
  }

  private static HttpRequest.Builder as(String login, HttpRequest.Builder request) {
    byte[] utf8 = login.getBytes(StandardCharsets.UTF_8);
    return request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(utf8));
  }

  private void isReadOnlyAlone(List<HostPort> last) throws Exception {
    String body = "{\"action\":\"set\",\"key\":\"k\",\"value\":\"lost\"}";
    for (HostPort port : last) {
      await("it notices that nobody leads")
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(
                          send(as("root:r", to(port, "/set").POST(BodyPublishers.ofString(body))))
                              .statusCode())
                      .isEqualTo(503));
      HttpResponse<String> read = send(as("root:r", to(port, "/get?key=k").GET()));
      assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
      assertThat(read.body()).doesNotContain("lost");
    }
  }
}

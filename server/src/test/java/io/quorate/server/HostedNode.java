package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.server.cluster.messaging.LoopbackPorts;
import io.quorate.server.config.ConfigReader;
import io.quorate.server.config.ConfigSources;
import io.quorate.server.config.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A node of this process whose role can be changed, and what an administrator asks it. */
final class HostedNode implements AutoCloseable {
  private static final Duration CHANGE_MAX = Duration.ofSeconds(30);

  private final HttpClient client = HttpClient.newHttpClient();
  private final NodeHost host;
  private final Thread waiting;
  private final int adminPort;
  private final String peer;

  /** What the admin port answered. */
  record Answer(int status, JsonNode body) {
    int code() {
      return body.path("error_code").asInt(-1);
    }
  }

  private HostedNode(NodeHost host, int adminPort, String peer) {
    this.host = host;
    this.adminPort = adminPort;
    this.peer = peer;
    this.waiting =
        new Thread(
            () -> {
              try {
                host.awaitStopped();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "host");
  }

  /** Opens one on ports that are free. */
  static HostedNode open(Path directory, String id, String mode) {
    return open(directory, id, mode, Map.of());
  }

  /**
   * As {@link #open(Path, String, String)}, configured in another way.
   *
   * @param more keys and values beside the usual ones
   */
  static HostedNode open(Path directory, String id, String mode, Map<String, String> more) {
    int adminPort = freePort();
    String peer = "127.0.0.1:" + LoopbackPorts.find(1).get(0).getPort();
    return open(directory, id, mode, adminPort, peer, more);
  }

  private static HostedNode open(
      Path directory,
      String id,
      String mode,
      int adminPort,
      String peer,
      Map<String, String> more) {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("node.id", id);
    flags.put("node.data", directory.resolve("data").toString());
    flags.put("node.mode", mode);
    flags.put("network.client_addr", "127.0.0.1:" + freePort());
    flags.put("network.admin_addr", "127.0.0.1:" + adminPort);
    flags.put("network.peer_addr", peer);
    flags.put("log.segment_bytes", "16MiB");
    // A slow machine must not change who leads.
    flags.put("cluster.election_timeout", "2s");
    flags.putAll(more);
    NodeHost host =
        new NodeHost(
            ConfigReader.read(new ConfigSources(flags, Map.of(), null, 512L << 20)).config(),
            node -> {});
    host.open();
    HostedNode opened = new HostedNode(host, adminPort, peer);
    opened.waiting.start();
    return opened;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Where other nodes reach it. */
  String peer() {
    return peer;
  }

  /** Where administrators reach it. */
  HostPort admin() {
    return new HostPort("127.0.0.1", adminPort);
  }

  Node node() {
    return host.node();
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(to(path).GET());
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
        .timeout(CHANGE_MAX.plusSeconds(10));
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    var response = client.send(request.build(), BodyHandlers.ofString());
    return new Answer(response.statusCode(), new ObjectMapper().readTree(response.body()));
  }

  Answer postTo(String path) throws IOException, InterruptedException {
    return send(to(path).POST(BodyPublishers.noBody()));
  }

  Answer delete(String path) throws IOException, InterruptedException {
    return send(to(path).DELETE());
  }

  /** Tells it to be something else, as the published examples do. */
  Answer post(String body) throws IOException, InterruptedException {
    return send(to("/admin/node/current").POST(BodyPublishers.ofString(body)));
  }

  /**
   * @param leader peer address, for those roles that need it
   */
  Answer become(String role, String leader) throws IOException, InterruptedException {
    boolean joins = List.of("follower", "learner", "witness").contains(role);
    return post(
        "{\"role\":\"%s\"%s,}".formatted(role, joins ? ",\"address\":\"" + leader + "\"" : ""));
  }

  /** The same by SQL, in the words of Infinity; the number of the failure, or 0. */
  int sql(String role, String leader) {
    String sql =
        switch (role) {
          case "follower", "learner", "witness" -> "ADMIN CONNECT '" + leader + "' AS " + role;
          default -> "ADMIN SET " + role;
        };
    return sql(sql);
  }

  /** The number of the failure of a statement, or 0. */
  int sql(String sql) {
    try {
      execute(sql);
      return 0;
    } catch (SQLException e) {
      return e.getErrorCode();
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** What is said goes to this node, and is done by it; its client port opens last. */
  Connection connect() {
    return await()
        .atMost(CHANGE_MAX)
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(() -> TestNodes.connectTo(node(), ""), Objects::nonNull);
  }

  String role() throws IOException, InterruptedException {
    return get("/admin/node/current").body().path("node").path("role").asText();
  }

  /** A change may have the node begin again, and elect. */
  void awaitRole(String role) {
    await().atMost(CHANGE_MAX).untilAsserted(() -> assertThat(role()).isEqualTo(role));
  }

  @Override
  public void close() {
    host.close();
    try {
      waiting.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

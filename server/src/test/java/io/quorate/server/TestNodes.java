package io.quorate.server;

import static org.awaitility.Awaitility.await;

import io.quorate.server.cluster.messaging.LoopbackPorts;
import io.quorate.server.config.ConfigReader;
import io.quorate.server.config.ConfigSources;
import io.quorate.server.config.HostPort;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The nodes n1, n2 and so on of one cluster, in this process, that begin without any data. */
final class TestNodes implements AutoCloseable {
  private static final long HEAP_BYTES = 512L << 20;
  private static final Duration ELECTION_MAX = Duration.ofSeconds(30);

  private final Path directory;
  private final List<InetSocketAddress> peers;
  private final List<InetSocketAddress> admins;
  private final Map<Integer, Node> open = new TreeMap<>();

  /** Opens them one after another. */
  TestNodes(Path directory, int count) {
    this(directory, count, count);
  }

  /**
   * Opens the first of them.
   *
   * @param most as many as there will be
   */
  TestNodes(Path directory, int count, int most) {
    this.directory = directory;
    List<InetSocketAddress> ports = LoopbackPorts.find(2 * most);
    this.peers = ports.subList(0, most);
    this.admins = ports.subList(most, 2 * most);
    for (int number = 1; number <= count; number++) {
      open(number);
    }
  }

  /** Opens one for the first time, or one that was closed. */
  void open(int number) {
    open(number, Map.of());
  }

  /**
   * As {@link #open(int)}, configured in another way.
   *
   * @param more keys and values that win over the usual ones
   */
  void open(int number, Map<String, String> more) {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("node.id", "n" + number);
    flags.put("node.data", directory.resolve("n" + number).toString());
    flags.put("node.mode", "cluster");
    flags.put("network.client_addr", "127.0.0.1:0");
    flags.put("network.admin_addr", adminAddress(number).toString());
    flags.put("network.peer_addr", "127.0.0.1:" + peers.get(number - 1).getPort());
    flags.put("log.segment_bytes", "16MiB");
    flags.putAll(more);
    if (number == 1 && flags.get("node.mode").equals("cluster")) {
      flags.put("cluster.bootstrap", "true");
    } else if (flags.get("node.mode").equals("cluster")) {
      flags.putIfAbsent("cluster.join", "127.0.0.1:" + peers.get(0).getPort());
    }
    Node node =
        new Node(ConfigReader.read(new ConfigSources(flags, Map.of(), null, HEAP_BYTES)).config());
    node.open();
    open.put(number, node);
  }

  /** The configuration of one that joins in a role by asking the contact. */
  Map<String, String> joining(String role, int contact) {
    return Map.of(
        "node.role", role, "cluster.join", "127.0.0.1:" + peers.get(contact - 1).getPort());
  }

  Node node(int number) {
    return Objects.requireNonNull(open.get(number));
  }

  HostPort adminAddress(int number) {
    return new HostPort("127.0.0.1", admins.get(number - 1).getPort());
  }

  HostPort peerAddress(int number) {
    return new HostPort("127.0.0.1", peers.get(number - 1).getPort());
  }

  void close(int number) {
    Objects.requireNonNull(open.remove(number)).close();
  }

  @Override
  public void close() {
    open.values().forEach(Node::close);
  }

  /** Those that are open. */
  Collection<Node> all() {
    return open.values();
  }

  /** The number of the node that leads; waits for one. */
  int leaderNumber() {
    return await()
        .atMost(ELECTION_MAX)
        .until(
            () ->
                open.entrySet().stream()
                    .filter(each -> each.getValue().parts().replica().proposer().isReady())
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(0),
            number -> number > 0);
  }

  Node leader() {
    return Objects.requireNonNull(open.get(leaderNumber()));
  }

  /** The open one of that number. */
  Node number(int number) {
    return Objects.requireNonNull(open.get(number));
  }

  /** One that does not lead. */
  Node follower() {
    Node leader = leader();
    return open.values().stream().filter(node -> node != leader).findFirst().orElseThrow();
  }

  /** To all of them. */
  Connection connect() throws SQLException {
    List<String> addresses =
        open.values().stream().map(node -> node.clientAddress().toString()).toList();
    return DriverManager.getConnection("jdbc:quorate://" + String.join(",", addresses) + "/");
  }

  /**
   * All that the connection is asked goes to this node, which hands on what is not for it.
   *
   * @param options of the URL, each behind an ampersand
   */
  static Connection connectTo(Node node, String options) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:quorate://" + node.clientAddress() + "/?target=contact" + options);
  }
}

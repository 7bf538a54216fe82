package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.messaging.LoopbackPorts;
import io.quorate.server.config.ConfigReader;
import io.quorate.server.config.ConfigSources;
import io.quorate.server.config.NodeConfig;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.replica.PausedApply;
import io.quorate.server.session.Session;
import io.quorate.server.session.SessionOptions;
import io.quorate.server.session.Shown;
import io.quorate.server.session.Staleness;
import io.quorate.server.session.StatementRequest;
import io.quorate.server.session.StatementResult;
import io.quorate.server.session.Topology;
import io.quorate.server.session.WriteIdentity;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.calcite.avatica.remote.Driver;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How fresh reads are on whole nodes in one JVM: undisturbed, behind, cut off, with one lost. */
@Timeout(240)
final class ReadLevelsIT {
  private static final int NODES = 3;

  @TempDir Path directory;
  private final List<InetSocketAddress> peers = LoopbackPorts.find(NODES);
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private Node leader;
  private Node follower;

  @BeforeEach
  void start() {
    for (int i = 0; i < NODES; i++) {
      Node node = new Node(config(i));
      nodes.put("n" + (i + 1), node);
      node.open();
    }
    await("an election takes a moment")
        .atMost(Duration.ofSeconds(60))
        .until(() -> nodes.values().stream().allMatch(ReadLevelsIT::knowsAll));
    leader = find(ReadLevelsIT::leads);
    follower = find(node -> !leads(node));
    try (Session session = session(leader)) {
      run(session, "CREATE TABLE T (ID INT PRIMARY KEY, V INT)");
      long revision = run(session, "INSERT INTO T VALUES (1, 10)").revision();
      await("every node applies it")
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  nodes.values().stream()
                      .allMatch(node -> node.parts().replica().applied().current() >= revision));
    }
  }

  private NodeConfig config(int number) {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("node.id", "n" + (number + 1));
    flags.put("node.data", directory.resolve("n" + (number + 1)).toString());
    flags.put("node.mode", "cluster");
    flags.put("node.zone", "zone-" + (number + 1));
    flags.put("network.client_addr", "127.0.0.1:0");
    flags.put("network.admin_addr", "127.0.0.1:0");
    flags.put("network.peer_addr", "127.0.0.1:" + peers.get(number).getPort());
    flags.put("log.segment_bytes", "16MiB");
    if (number == 0) {
      flags.put("cluster.bootstrap", "true");
    } else {
      flags.put("cluster.join", "127.0.0.1:" + peers.get(0).getPort());
    }
    return ConfigReader.read(new ConfigSources(flags, Map.of(), null, 512L << 20)).config();
  }

  /** Knows a leader that takes writes, and every member's address and zone. */
  private static boolean knowsAll(Node node) {
    Topology topology = node.statements().topology();
    return topology.leader().isPresent()
        && topology.members().size() == NODES
        && topology.members().stream().allMatch(member -> member.reachable());
  }

  private static boolean leads(Node node) {
    return node.statements().topology().leader().orElse("").equals(name(node));
  }

  private Node find(Predicate<Node> fits) {
    return nodes.values().stream().filter(fits).findFirst().orElseThrow();
  }

  @AfterEach
  void stop() {
    nodes.values().forEach(Node::close);
  }

  @Test
  void each_level_reads_on_the_node_that_is_asked_and_is_counted_there() {
    for (Node node : List.of(leader, follower)) {
      for (String level : List.of("LOCAL", "SESSION", "BOUNDED", "LINEARIZABLE")) {
        try (Session session = session(node)) {
          session.set("read_level", level);
          await("the first answer of a leader comes soon").until(() -> age(node).quorate());
          String counter = "reads_" + level.toLowerCase(Locale.ROOT);
          long before = metric(node, counter);
          StatementResult result = run(session, "SELECT V FROM T WHERE ID = 1");
          Staleness shown = node.statements().staleness(result.shown());

          assertThat(result.rows().rows().stream().map(Arrays::toString)).containsExactly("[10]");
          assertThat(shown.quorate()).isTrue();
          assertThat(shown.millis()).as("%s on %s", level, name(node)).isBetween(0L, 60_000L);
          // To look at the counters is itself a read at level LOCAL.
          assertThat(metric(node, counter)).isEqualTo(before + (level.equals("LOCAL") ? 2 : 1));
          assertThat(rows(session, "EXPLAIN ROUTING SELECT V FROM T WHERE ID = 1"))
              .hasSize(NODES)
              .filteredOn(row -> row.contains(", chosen, "))
              .singleElement()
              .satisfies(row -> assertThat(row).startsWith("[" + name(node) + ", "));
        }
      }
    }
  }

  @Test
  void writes_are_led_by_one_and_handed_on_by_the_others() {
    try (Session session = session(follower)) {
      assertThat(rows(session, "EXPLAIN ROUTING UPDATE T SET V = 11"))
          .filteredOn(row -> row.contains(", chosen, "))
          .singleElement()
          .satisfies(
              row ->
                  assertThat(row)
                      .startsWith("[" + name(leader) + ", ")
                      .contains(name(follower) + " hands it on"));
      long forwarded = metric(follower, "writes_forwarded");
      long served = metric(leader, "forwarded_served");
      run(session, "UPDATE T SET V = 11");
      assertThat(metric(follower, "writes_forwarded")).isEqualTo(forwarded + 1);
      assertThat(metric(leader, "forwarded_served")).isEqualTo(served + 1);
    }
  }

  @Test
  void a_replica_that_does_not_apply_refuses_a_bound_and_tells_locals_how_old_it_is() {
    try (Session reader = session(follower);
        Session writer = session(leader);
        PausedApply paused = new PausedApply(follower.parts().replica().applied())) {
      long first = run(writer, "UPDATE T SET V = 20").revision();
      await("the first write stops the apply thread behind it")
          .until(() -> follower.parts().replica().store().publishedRevision() >= first);
      run(writer, "UPDATE T SET V = 30");
      await("more time than a sign of a majority holds").until(() -> age(follower).millis() > 2500);

      reader.set("read_level", "BOUNDED");
      reader.set("max_staleness", "300");
      long refused = metric(follower, "reads_refused_lagging");
      assertThatThrownBy(() -> run(reader, "SELECT V FROM T"))
          .satisfies(e -> assertThat(code(e)).isEqualTo(ErrorCode.REPLICA_LAGGING))
          .hasMessageContaining("more than")
          .hasMessageContaining("max_staleness is 300 ms");
      assertThat(metric(follower, "reads_refused_lagging")).isEqualTo(refused + 1);

      assertThat(rows(reader, "EXPLAIN ROUTING SELECT V FROM T"))
          .filteredOn(row -> row.startsWith("[" + name(follower)))
          .singleElement()
          .satisfies(row -> assertThat(row).contains(", rejected, ", "applies late"));

      reader.set("read_level", "LOCAL");
      StatementResult local = run(reader, "SELECT V FROM T");
      assertThat(local.rows().rows().get(0)[0]).isNotEqualTo(30);
      assertThat(follower.statements().staleness(local.shown()).millis()).isGreaterThan(2500);
      assertThat(age(follower).quorate()).as("the leader tells it of its majority").isTrue();

      paused.close();
      reader.set("read_level", "BOUNDED");
      assertThat(rows(reader, "SELECT V FROM T")).containsExactly("[30]");
    }
  }

  @Test
  void a_node_that_is_cut_off_has_no_quorum_and_the_others_know_within_moments() {
    Node other = find(node -> node != leader && node != follower);
    long epoch = other.statements().topology().epoch();
    long began = System.nanoTime();
    follower.parts().hub().mute();
    await("three questions go unanswered")
        .atMost(Duration.ofSeconds(20))
        .until(() -> !member(other, name(follower)).reachable());
    System.out.printf("cut off: known after %d ms%n", (System.nanoTime() - began) / 1_000_000);
    assertThat(other.statements().topology().epoch()).isGreaterThan(epoch);

    await("the window of a majority ends")
        .atMost(Duration.ofSeconds(20))
        .until(() -> !age(follower).quorate());
    try (Session session = session(follower)) {
      session.set("read_level", "LINEARIZABLE");
      assertFails(() -> run(session, "SELECT V FROM T"), ErrorCode.NO_QUORUM);
      assertThat(rows(session, "EXPLAIN ROUTING SELECT V FROM T"))
          .filteredOn(row -> row.startsWith("[" + name(follower)))
          .singleElement()
          .satisfies(row -> assertThat(row).contains(", rejected, "));
      session.set("read_level", "BOUNDED");
      session.set("max_staleness", "10");
      assertFails(() -> run(session, "SELECT V FROM T"), ErrorCode.NO_QUORUM);
      session.set("read_level", "SESSION");
      assertThat(rows(session, "SELECT V FROM T")).containsExactly("[10]");
    }
  }

  @Test
  void a_lost_leader_and_the_next_one_are_told_by_another_epoch() {
    long epoch = follower.statements().topology().epoch();
    String lost = name(leader);
    nodes.remove(lost);
    long began = System.nanoTime();
    leader.close();
    awaitTopology(follower, t -> !member(t, lost).reachable());
    System.out.printf(
        "lost node: known after %d ms with its end%n", (System.nanoTime() - began) / 1_000_000);
    awaitTopology(follower, t -> t.leader().isPresent() && !t.leader().get().equals(lost));
    assertThat(follower.statements().topology().epoch()).isGreaterThan(epoch);
  }

  private static void awaitTopology(Node node, Predicate<Topology> holds) {
    await("topologies are made a few times a second")
        .atMost(Duration.ofSeconds(30))
        .until(() -> holds.test(node.statements().topology()));
  }

  @Test
  void zones_are_told_of_every_node_by_every_node() {
    for (Node node : nodes.values()) {
      assertThat(node.statements().topology().members())
          .extracting(Topology.Member::zone)
          .containsExactly("zone-1", "zone-2", "zone-3");
      try (Session session = session(node)) {
        assertThat(rows(session, "SELECT NAME, ZONE, REACHABLE FROM SYSTEM.NODES ORDER BY NAME"))
            .containsExactly("[n1, zone-1, true]", "[n2, zone-2, true]", "[n3, zone-3, true]");
      }
    }
  }

  @Test
  void a_token_of_one_node_makes_another_wait_over_avatica_too() throws SQLException {
    String token;
    try (Connection writer = avatica(leader);
        Statement statement = writer.createStatement()) {
      statement.executeUpdate("UPDATE T SET V = 40");
      token = text(statement, "SELECT LAST_COMMIT_TOKEN()");
      assertThat(text(statement, "SELECT LAST_COMMIT_TOKEN() || '' FROM T GROUP BY ID"))
          .as("in generated code")
          .isEqualTo(token);
    }
    assertThat(token).startsWith(leader.statements().topology().cluster() + "-");
    try (Connection reader = avatica(follower);
        Statement statement = reader.createStatement()) {
      statement.execute("SET read_after = '" + token + "'");
      assertThat(text(statement, "SELECT V FROM T")).isEqualTo("40");
    }
    try (Session session = session(follower)) {
      assertFails(() -> session.set("read_after", "c0-7"), ErrorCode.INVALID_PARAMETER);
      assertFails(() -> run(session, "SET read_after = 'garbage'"), ErrorCode.INVALID_PARAMETER);
    }
  }

  private static Connection avatica(Node node) throws SQLException {
    Connection connection =
        new Driver()
            .connect(
                "jdbc:avatica:remote:url=http://"
                    + node.clientAddress()
                    + ";serialization=protobuf",
                new Properties());
    if (connection == null) {
      throw new AssertionError("the URL is not Avatica's");
    }
    return connection;
  }

  private static String text(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return String.valueOf(rows.getString(1));
    }
  }

  private static String name(Node node) {
    return node.parts().directory().member().name();
  }

  private static Topology.Member member(Node node, String name) {
    return member(node.statements().topology(), name);
  }

  private static Topology.Member member(Topology topology, String name) {
    return topology.members().stream()
        .filter(member -> member.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Of a view that is opened now. */
  private static Staleness age(Node node) {
    return node.statements()
        .staleness(
            new Shown(node.parts().replica().applied().current(), node.parts().gauge().newest()));
  }

  private static long metric(Node node, String name) {
    try (Session session = session(node)) {
      session.set("read_level", "LOCAL");
      return rows(session, "SELECT VALUE FROM SYSTEM.METRICS WHERE NAME = '" + name + "'").stream()
          .mapToLong(row -> Long.parseLong(row.substring(1, row.length() - 1)))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Session session(Node node) {
    return node.statements().open(new SessionOptions("tester", Map.of()));
  }

  private static StatementResult run(Session session, String sql) {
    return run(session, sql, Duration.ofSeconds(60));
  }

  private static StatementResult run(Session session, String sql, Duration timeout) {
    return session.execute(
        new StatementRequest(sql, List.of(), WriteIdentity.NONE, 0, 10_000, 0, timeout));
  }

  private static List<String> rows(Session session, String sql) {
    return run(session, sql).rows().rows().stream().map(Arrays::toString).toList();
  }

  private static ErrorCode code(Throwable failure) {
    return ErrorMapper.map(failure).code();
  }

  private static void assertFails(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call).satisfies(e -> assertThat(code(e)).as("%s", e).isEqualTo(code));
  }
}

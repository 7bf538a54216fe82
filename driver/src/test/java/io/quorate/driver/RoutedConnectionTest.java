package io.quorate.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quorate.driver.route.Await;
import io.quorate.driver.route.FakeCluster;
import io.quorate.driver.route.FakeNode;
import io.quorate.driver.wire.Execute;
import io.quorate.driver.wire.Freshness;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.Result;
import io.quorate.driver.wire.RowBlock;
import io.quorate.driver.wire.SessionState;
import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.WireColumn;
import io.quorate.driver.wire.WireType;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an application sees of routing: levels, tokens, receipts, explanations, failover. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RoutedConnectionTest {
  private static final Signature REVISION =
      new Signature(List.of(WireColumn.computed("REVISION", WireType.BIGINT)));

  private final FakeCluster cluster = FakeCluster.of(3);
  private final List<Connection> connections = new ArrayList<>();

  @AfterEach
  void close() throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
    cluster.close();
  }

  private Connection connect(String options) throws SQLException {
    Connection connection = DriverManager.getConnection(cluster.url() + options);
    connections.add(connection);
    return connection;
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long readLong(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT revision")) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }

  private static String readNode(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT node")) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  // Read your writes

  /** Followers that have applied only what somebody made them wait for; a read shows how much. */
  private void followersLag() {
    for (int i = 1; i < 3; i++) {
      long[] applied = {1};
      cluster
          .node(i)
          .always(
              (peer, request) -> {
                if (!(request instanceof Execute)
                    || !((Execute) request).sql().startsWith("SELECT")) {
                  return null;
                }
                synchronized (applied) {
                  applied[0] = Math.max(applied[0], ((Execute) request).readAfter());
                  return shows(applied[0]);
                }
              });
    }
  }

  private static Message shows(long revision) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    rows.add(new Object[] {revision});
    return Result.rows(
        REVISION,
        0,
        RowBlock.encode(REVISION, rows, 0),
        0,
        SessionState.of(revision, false, new Freshness(revision, 0, true)));
  }

  private static long write(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO t VALUES (1)");
      return statement.unwrap(QuorateStatement.class).receipt().orElseThrow().revision();
    }
  }

  @Test
  void within_a_pool_nothing_is_read_that_is_older_than_what_was_written() throws SQLException {
    followersLag();
    for (int i = 0; i < 20; i++) {
      connect("?target=follower");
    }
    Random random = new Random(3);
    for (int i = 0; i < 2_000; i++) {
      long written = write(connections.get(random.nextInt(20)));
      assertThat(readLong(connections.get(random.nextInt(20)))).isGreaterThanOrEqualTo(written);
    }
  }

  @Test
  void a_token_carries_what_was_written_to_connections_that_share_nothing() throws SQLException {
    followersLag();
    Connection here = connect("?user=ada");
    Connection there = connect("?user=bob&target=follower");
    long written = write(here);
    assertThat(readLong(there)).isLessThan(written);
    there.setClientInfo("read_after", cluster.id() + "-" + written);
    assertThat(readLong(there)).isEqualTo(written);
    assertThat(there.getClientInfo("read_after")).isEqualTo(cluster.id() + "-" + written);
    Connection later =
        connect("?user=eve&target=follower&read_after=" + cluster.id() + "-" + write(here));
    assertThat(readLong(later)).isEqualTo(written + 1);
  }

  @Test
  void a_token_set_by_sql_goes_along_to_other_nodes() throws SQLException {
    Connection connection = connect("?target=follower");
    run(connection, "SET read_after = '" + cluster.id() + "-900'");
    String first = readNode(connection);
    cluster.named(first).close();
    readNode(connection);
    assertThat(cluster.requests(Execute.class))
        .filteredOn(e -> e.sql().startsWith("SELECT"))
        .allSatisfy(e -> assertThat(e.readAfter()).isEqualTo(900));
  }

  @Test
  void a_token_is_no_base_for_writes() throws SQLException {
    Connection connection = connect("?read_after=" + cluster.id() + "-999999");
    run(connection, "INSERT INTO t VALUES (1)");
    assertThat(cluster.leader().requests(Execute.class).get(0).stamp().base()).isLessThan(999_999);
  }

  @Test
  void what_is_no_token_of_this_cluster_is_refused() throws SQLException {
    Connection connection = connect("");
    for (String wrong :
        List.of("d-5", "5", "ID-", "-5", "ID-x", "ID-+5", "ID--", "ID-99999999999999999999")) {
      assertThatExceptionOfType(SQLClientInfoException.class)
          .as(wrong)
          .isThrownBy(
              () -> connection.setClientInfo("read_after", wrong.replace("ID", cluster.id())))
          .satisfies(
              e -> {
                assertThat(e.getSQLState()).isEqualTo("22023");
                assertThat(e.getFailedProperties()).containsOnlyKeys("read_after");
                assertThat(e.getMessage()).doesNotContain("\n");
              });
    }
    Properties both = new Properties();
    both.setProperty("read_after", "d-5");
    assertThatExceptionOfType(SQLClientInfoException.class)
        .isThrownBy(() -> connection.setClientInfo(both));
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> connect("?read_after=d-5"))
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("22023"));
  }

  // Options that nodes keep

  @Test
  void levels_and_bounds_are_settings_of_every_session() throws SQLException {
    Connection connection =
        connect("?read_level=bounded&max_staleness=250&commit_level=all&write_routing=redirect");
    readNode(connection);
    run(connection, "INSERT INTO t VALUES (1)");
    assertThat(cluster.leader().settingsOfPeers())
        .allSatisfy(
            s ->
                assertThat(s)
                    .containsEntry("read_level", "BOUNDED")
                    .containsEntry("max_staleness", "250")
                    .containsEntry("commit_level", "ALL")
                    .containsEntry("write_routing", "redirect"));
  }

  @Test
  void a_bounded_read_goes_where_rows_are_young_enough() throws SQLException {
    cluster.node(0).vouch(5_000, true);
    cluster.node(1).vouch(5_000, true);
    cluster.node(2).vouch(10, true);
    Connection connection = connect("");
    run(connection, "SET read_level = 'BOUNDED'");
    run(connection, "SET max_staleness = 2000");
    Await.until("all vouch", () -> readNode(connection).equals("n3"));
    for (int i = 0; i < 20; i++) {
      assertThat(readNode(connection)).isEqualTo("n3");
    }
  }

  @Test
  void the_own_zone_is_read_from_until_it_is_gone() throws SQLException {
    cluster.place(0, "a");
    cluster.place(1, "b");
    cluster.place(2, "a");
    for (int i = 0; i < 5; i++) {
      Connection connection = connect("?zone=b");
      assertThat(readNode(connection)).isEqualTo("n2");
    }
    cluster.node(1).close();
    assertThat(readNode(connections.get(0))).isIn("n1", "n3");
  }

  @Test
  void writes_stay_with_the_contact_point_where_they_may_not_be_passed_on() throws SQLException {
    Connection connection = DriverManager.getConnection(cluster.url(1) + "?write_routing=refuse");
    connections.add(connection);
    run(connection, "INSERT INTO t VALUES (1)");
    assertThat(cluster.node(1).requests(Execute.class)).hasSize(1);
    assertThat(cluster.node(1).settingsOfPeers().get(0)).containsEntry("write_routing", "refuse");
  }

  // Failover

  @Test
  void all_of_a_session_is_there_on_the_next_node() throws SQLException {
    Connection connection = connect("?target=follower&read_level=local");
    PreparedStatement prepared = connection.prepareStatement("SELECT node WHERE ?");
    connection.setSchema("S");
    connection.setReadOnly(true);
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    connection.setClientInfo("ApplicationName", "books");
    run(connection, "SET query_timeout = 7");
    prepared.setString(1, "x");
    String first = nodeOf(prepared);
    assertReplayed(cluster.named(first));
    cluster.named(first).close();
    String second = nodeOf(prepared);
    assertThat(second).isNotEqualTo(first);
    assertReplayed(cluster.named(second));
    assertThat(cluster.named(second).settingsOfPeers())
        .anySatisfy(s -> assertThat(s).containsEntry("query_timeout", "7"));
    assertThat(cluster.named(second).requests(Execute.class).get(0).parameters())
        .containsExactly("x");
    connection.setAutoCommit(false);
    assertThat(nodeOf(prepared)).isEqualTo("n1");
    assertReplayed(cluster.leader());
    assertThat(cluster.leader().settingsOfPeers())
        .anySatisfy(s -> assertThat(s).containsEntry("autocommit", "false"));
  }

  private static String nodeOf(PreparedStatement prepared) throws SQLException {
    try (ResultSet rows = prepared.executeQuery()) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static void assertReplayed(FakeNode node) {
    assertThat(node.settingsOfPeers())
        .anySatisfy(
            s ->
                assertThat(s)
                    .containsEntry("schema", "S")
                    .containsEntry("read_only", "true")
                    .containsEntry("isolation", "READ COMMITTED")
                    .containsEntry("application_name", "books")
                    .containsEntry("read_level", "LOCAL"));
  }

  @Test
  void a_read_that_an_overloaded_node_refuses_is_done_by_another() throws SQLException {
    Connection connection = connect("");
    String first = readNode(connection);
    cluster
        .named(first)
        .always(
            (peer, request) ->
                request instanceof Execute
                    ? FakeNode.failure(ErrorCode.OVERLOADED, "too many statements")
                    : null);
    assertThat(readNode(connection)).isNotEqualTo(first);
  }

  // Receipt and explanation

  @Test
  void a_receipt_says_who_answered_and_how_fresh_that_was() throws SQLException {
    for (int i = 0; i < 3; i++) {
      cluster.node(i).vouch(40 + i, true);
    }
    Connection connection = connect("?target=follower");
    try (Statement plain = connection.createStatement();
        PreparedStatement prepared = connection.prepareStatement("SELECT node")) {
      QuorateStatement telling = plain.unwrap(QuorateStatement.class);
      assertThat(telling.receipt()).isEmpty();
      plain.executeQuery("SELECT node").close();
      Receipt receipt = telling.receipt().orElseThrow();
      FakeNode node = cluster.named(receipt.node());
      assertThat(receipt.address()).isEqualTo(node.address());
      assertThat(receipt.staleness())
          .contains(Duration.ofMillis(node.name().equals("n2") ? 41 : 42));
      assertThat(receipt.quorate()).isTrue();
      assertThat(receipt.level()).isEqualTo("SESSION");
      assertThat(receipt.revision()).isEqualTo(1);
      prepared.executeQuery().close();
      assertThat(prepared.unwrap(QuorateStatement.class).receipt().orElseThrow().node())
          .isEqualTo(receipt.node());
      plain.executeUpdate("INSERT INTO t VALUES (1)");
      Receipt written = telling.receipt().orElseThrow();
      assertThat(written.node()).isEqualTo("n1");
      assertThat(written.level()).isEqualTo("QUORUM");
      assertThat(written.revision()).isEqualTo(101);
      cluster.always((peer, request) -> FakeNode.failure(ErrorCode.SYNTAX_ERROR, "no"));
      assertThatExceptionOfType(SQLException.class).isThrownBy(() -> plain.execute("INSERT x"));
      assertThat(telling.receipt()).isEmpty();
    }
  }

  @Test
  void a_receipt_of_a_batch_has_the_revision_of_the_batch() throws SQLException {
    Connection connection = connect("");
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
      insert.setString(1, "x");
      insert.addBatch();
      insert.executeBatch();
      assertThat(insert.unwrap(QuorateStatement.class).receipt().orElseThrow().revision())
          .isEqualTo(101);
    }
  }

  private static final Signature ROUTING =
      new Signature(
          List.of(
              WireColumn.computed("NODE", WireType.VARCHAR),
              WireColumn.computed("ADDRESS", WireType.VARCHAR),
              WireColumn.computed("ROLE", WireType.VARCHAR),
              WireColumn.computed("ZONE", WireType.VARCHAR),
              WireColumn.computed("DECISION", WireType.VARCHAR),
              WireColumn.computed("REASON", WireType.VARCHAR),
              WireColumn.computed("LATENCY_US", WireType.BIGINT),
              WireColumn.computed("IN_FLIGHT", WireType.BIGINT),
              WireColumn.computed("STALENESS_MS", WireType.BIGINT)));

  /** Each says that it would do it, or hand it to n1 if it is a write; n9 takes no clients. */
  private void nodesExplain() {
    for (String name : List.of("n1", "n2", "n3")) {
      FakeNode node = cluster.named(name);
      node.always(
          (peer, request) -> {
            if (!(request instanceof Execute)
                || !((Execute) request).sql().startsWith("EXPLAIN ROUTING")) {
              return null;
            }
            boolean write = ((Execute) request).sql().contains("INSERT");
            List<@Nullable Object[]> rows = new ArrayList<>();
            for (String other : List.of("n1", "n2", "n3", "n9")) {
              boolean chosen = other.equals(write ? "n1" : name);
              String reason =
                  chosen ? "runs here" : other.equals(name) ? "hands it on" : "not asked";
              rows.add(
                  new Object[] {
                    other, "", "", "", chosen ? "chosen" : "candidate", reason, null, null, 77L
                  });
            }
            return Result.rows(
                ROUTING, 0, RowBlock.encode(ROUTING, rows, 0), 0, node.state(peer, false));
          });
    }
  }

  private static Map<String, String> explain(Connection connection, String sql)
      throws SQLException {
    Map<String, String> lines = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("EXPLAIN ROUTING " + sql)) {
      statement.setFetchSize(1);
      while (rows.next()) {
        String[] line = new String[6];
        Arrays.setAll(line, i -> "");
        for (int i = 0; i < line.length; i++) {
          line[i] = rows.getString(i + 1);
        }
        lines.put(line[0], line[4] + ": " + line[5]);
        assertThat(rows.getLong("STALENESS_MS")).isEqualTo(77);
      }
    }
    return lines;
  }

  @Test
  void an_explanation_names_the_node_that_then_gets_the_statement() throws SQLException {
    nodesExplain();
    Connection connection = connect("?target=follower");
    Map<String, String> lines = explain(connection, "SELECT node");
    String chosen = readNode(connection);
    assertThat(lines.get(chosen)).startsWith("chosen: ").endsWith("; there: runs here");
    assertThat(lines.get("n1")).startsWith("rejected: ").contains("target demands: follower");
    assertThat(lines.get("n9")).startsWith("rejected: the driver knows no way to it");
    assertThat(lines.get(chosen.equals("n2") ? "n3" : "n2")).startsWith("candidate: ");
    assertThat(lines.values()).filteredOn(line -> line.startsWith("chosen")).hasSize(1);
  }

  @Test
  void a_write_is_explained_and_not_done() throws SQLException {
    nodesExplain();
    Connection connection = connect("?target=follower");
    assertThat(explain(connection, "INSERT INTO t VALUES (1)").get("n1"))
        .isEqualTo("chosen: leads; there: runs here");
    assertThat(cluster.requests(Execute.class)).noneMatch(e -> e.stamp().present());
    Connection there = DriverManager.getConnection(cluster.url(1) + "?write_routing=refuse");
    connections.add(there);
    Map<String, String> lines = explain(there, "INSERT INTO t VALUES (1)");
    assertThat(lines.get("n2")).startsWith("chosen: ").endsWith("; there: hands it on");
    assertThat(lines.get("n1")).contains("gets it in the end");
  }

  @Test
  void in_a_transaction_there_is_no_choice() throws SQLException {
    nodesExplain();
    Connection connection = connect("?target=follower");
    connection.setAutoCommit(false);
    run(connection, "INSERT INTO t VALUES (1)");
    Map<String, String> lines = explain(connection, "SELECT node");
    assertThat(lines.get("n1")).startsWith("chosen: holds the open transaction");
    assertThat(lines.get("n2")).startsWith("rejected: the open transaction is on another node");
  }
}

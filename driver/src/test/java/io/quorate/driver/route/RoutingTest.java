package io.quorate.driver.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.Commit;
import io.quorate.driver.wire.Execute;
import io.quorate.driver.wire.FrameType;
import io.quorate.driver.wire.Hello;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.WriteStamp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RoutingTest {
  private final FakeCluster cluster = FakeCluster.of(3);
  private final List<Connection> connections = new ArrayList<>();

  @AfterEach
  void close() throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
    cluster.close();
  }

  private Connection connect(String url) throws SQLException {
    Connection connection = DriverManager.getConnection(url);
    connections.add(connection);
    return connection;
  }

  private static String nodeOf(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT node")) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static int write(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate("INSERT INTO t VALUES (1)");
    }
  }

  @Test
  void writes_go_to_the_leader_and_reads_spread_over_all() throws SQLException {
    Set<String> readers = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      Connection connection = connect(cluster.url());
      assertThat(write(connection)).isEqualTo(1);
      readers.add(nodeOf(connection));
    }
    assertThat(readers).containsExactlyInAnyOrder("n1", "n2", "n3");
    assertThat(cluster.leader().requests(Execute.class))
        .filteredOn(e -> e.sql().startsWith("INSERT"))
        .hasSize(40);
  }

  @Test
  void reads_spread_from_one_contact_point_too() throws SQLException {
    Set<String> readers = new HashSet<>();
    Await.until(
        "all are read from",
        () -> {
          readers.add(nodeOf(connect(cluster.url(1))));
          return readers.equals(Set.of("n1", "n2", "n3"));
        });
  }

  @Test
  void a_node_that_takes_no_sessions_yet_is_passed_over() throws SQLException {
    cluster
        .node(1)
        .always(
            (peer, request) ->
                request instanceof Hello && !((Hello) request).client().equals(Probe.CLIENT)
                    ? FakeNode.failure(ErrorCode.REPLICA_LAGGING, "loading a snapshot")
                    : null);
    for (int i = 0; i < 20; i++) {
      Connection connection = connect(cluster.url());
      assertThat(nodeOf(connection)).isIn("n1", "n3");
      assertThat(write(connection)).isEqualTo(1);
    }
    assertThat(cluster.node(1).requests(Execute.class)).isEmpty();
  }

  @Test
  void target_says_where_reads_go() throws SQLException {
    try (FakeCluster mixed = FakeCluster.withLearners(2, 1)) {
      for (int i = 0; i < 5; i++) {
        assertThat(nodeOf(connect(mixed.url() + "?target=leader"))).isEqualTo("n1");
        assertThat(nodeOf(connect(mixed.url() + "?target=follower"))).isEqualTo("n2");
        assertThat(nodeOf(connect(mixed.url() + "?target=learner"))).isEqualTo("n3");
        assertThat(nodeOf(connect(mixed.url() + "?target=prefer-learner"))).isEqualTo("n3");
      }
      mixed.node(2).close();
      assertThat(nodeOf(connect(mixed.url(0) + "?target=prefer-learner"))).isIn("n1", "n2");
    }
  }

  @Test
  void reads_stay_with_the_contact_points_if_told_so() throws SQLException {
    for (int i = 0; i < 5; i++) {
      Connection connection = connect(cluster.url(1) + "?target=contact");
      assertThat(write(connection)).isEqualTo(1);
      assertThat(nodeOf(connection)).isEqualTo("n2");
    }
    assertThat(cluster.leader().requests(Execute.class)).hasSize(5);
  }

  @Test
  void what_changes_a_node_goes_to_the_only_one_that_is_meant_or_nowhere() throws SQLException {
    String change = "ADMIN SET LEADER";
    for (String url : List.of(cluster.url() + "?target=contact", cluster.url(1), cluster.url())) {
      Statement statement = connect(url).createStatement();
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> statement.execute(change))
          .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("22023"))
          .withMessageContaining("target=contact");
    }
    Connection one = connect(cluster.url(1) + "?target=contact");
    one.setAutoCommit(false);
    Statement statement = one.createStatement();
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> statement.execute(change))
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("25000"));
    one.setAutoCommit(true);

    statement.execute(change);

    for (int node = 0; node < 3; node++) {
      assertThat(cluster.node(node).requests(Execute.class))
          .filteredOn(e -> e.sql().equals(change))
          .hasSize(node == 1 ? 1 : 0);
    }
  }

  @Test
  void a_cancelled_write_is_not_tried_elsewhere() throws SQLException {
    Connection connection = connect(cluster.url());
    cluster
        .leader()
        .once(
            FrameType.EXECUTE,
            FakeNode.failure(ErrorCode.CANCELLED, "enough", cluster.node(1).address()));
    assertThatExceptionOfType(java.sql.SQLTimeoutException.class)
        .isThrownBy(() -> write(connection));
    assertThat(cluster.requests(Execute.class)).hasSize(1);
  }

  @Test
  void a_read_asks_for_what_this_connection_wrote_on_another_node() throws SQLException {
    Connection connection = connect(cluster.url() + "?target=follower");
    write(connection);
    long written = cluster.revision();
    assertThat(nodeOf(connection)).isNotEqualTo("n1");
    Execute read =
        cluster.requests(Execute.class).stream()
            .filter(e -> e.sql().startsWith("SELECT"))
            .findFirst()
            .orElseThrow();
    assertThat(read.readAfter()).isEqualTo(written);
  }

  @Test
  void stamps_count_writes_and_begin_at_what_was_seen() throws SQLException {
    Connection connection = connect(cluster.url());
    long before = cluster.revision();
    write(connection);
    write(connection);
    List<Execute> writes = cluster.leader().requests(Execute.class);
    assertThat(writes).extracting(e -> e.stamp().sequence()).containsExactly(1L, 2L);
    assertThat(writes).extracting(e -> e.stamp().base()).containsExactly(before, before + 1);
    assertThat(writes)
        .extracting(e -> e.stamp().client())
        .containsOnly(writes.get(0).stamp().client());
    Connection other = connect(cluster.url());
    write(other);
    assertThat(cluster.leader().requests(Execute.class).get(2).stamp().client())
        .isNotEqualTo(writes.get(0).stamp().client());
  }

  @Test
  void a_write_whose_answer_was_lost_is_repeated_under_its_name() throws SQLException {
    Connection connection = connect(cluster.url());
    cluster.leader().once(FrameType.EXECUTE, FakeNode.HANG_UP);
    assertThat(write(connection)).isEqualTo(1);
    List<Execute> attempts = cluster.requests(Execute.class);
    assertThat(attempts).hasSize(2);
    WriteStamp first = cluster.leader().requests(Execute.class).get(0).stamp();
    assertThat(first.repeated()).isFalse();
    assertThat(attempts).extracting(Execute::stamp).contains(first, first.again());
  }

  @Test
  void a_write_goes_on_with_the_next_leader() throws SQLException {
    Connection connection = connect(cluster.url());
    write(connection);
    cluster
        .leader()
        .always(
            (peer, request) -> {
              if (request instanceof Execute) {
                FakeNode before = cluster.leader();
                // First, so that whoever is asked next names the new leader.
                cluster.lead(2);
                before.close();
                return FakeNode.HANG_UP;
              }
              return null;
            });
    assertThat(write(connection)).isEqualTo(1);
    assertThat(write(connection)).isEqualTo(1);
    List<Execute> later = cluster.node(2).requests(Execute.class);
    assertThat(later).isNotEmpty();
    assertThat(later.get(later.size() - 1).stamp().sequence()).isEqualTo(3);
    assertThat(later.get(later.size() - 1).stamp().repeated()).isFalse();
  }

  @Test
  void a_hint_at_the_leader_is_followed() throws SQLException {
    Connection connection = connect(cluster.url());
    cluster
        .leader()
        .once(
            FrameType.EXECUTE,
            FakeNode.failure(ErrorCode.NO_LEADER, "not I", cluster.node(1).address()));
    write(connection);
    assertThat(cluster.node(1).requests(Execute.class)).hasSize(1);
    assertThat(cluster.node(1).requests(Execute.class).get(0).stamp().repeated()).isFalse();
  }

  @Test
  void a_cluster_without_a_leader_is_waited_for() throws SQLException {
    Connection connection = connect(cluster.url());
    int[] refusals = {0};
    FakeNode.Answer refuse =
        (peer, request) ->
            request instanceof Execute && refusals[0]++ < 5
                ? FakeNode.failure(ErrorCode.NO_LEADER, "election")
                : null;
    cluster.always(refuse);
    assertThat(write(connection)).isEqualTo(1);
    assertThat(refusals[0]).isEqualTo(6);
  }

  @Test
  void a_write_goes_round_the_nodes_that_are_cut_off() throws SQLException {
    Connection connection = connect(cluster.url());
    for (FakeNode node : List.of(cluster.leader(), cluster.node(1))) {
      node.always(
          (peer, request) ->
              request instanceof Execute
                  ? FakeNode.failure(ErrorCode.NO_QUORUM, "1 of 3 voters")
                  : null);
    }
    assertThat(write(connection)).isEqualTo(1);
    assertThat(cluster.node(2).requests(Execute.class)).hasSize(1);
  }

  @Test
  void where_all_nodes_are_cut_off_a_write_fails_at_once() throws SQLException {
    Connection connection = connect(cluster.url());
    cluster.always(
        (peer, request) ->
            request instanceof Execute
                ? FakeNode.failure(ErrorCode.NO_QUORUM, "1 of 3 voters")
                : null);
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> write(connection))
        .withMessage("1 of 3 voters")
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("08006"));
    assertThat(cluster.requests(Execute.class)).hasSize(3);
  }

  @Test
  void a_write_without_an_answer_stays_in_doubt_where_all_others_are_cut_off() throws SQLException {
    Connection connection = connect(cluster.url());
    cluster.leader().once(FrameType.EXECUTE, FakeNode.HANG_UP);
    cluster.always(
        (peer, request) ->
            request instanceof Execute && ((Execute) request).stamp().repeated()
                ? FakeNode.failure(ErrorCode.NO_QUORUM, "1 of 3 voters")
                : null);
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> write(connection))
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("40003"));
  }

  @Test
  void an_outcome_that_no_node_can_tell_is_said_to_be_unknown() throws SQLException {
    Connection connection = connect(cluster.url());
    cluster.always((peer, request) -> request instanceof Execute ? FakeNode.HANG_UP : null);
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      assertThatExceptionOfType(SQLNonTransientException.class)
          .isThrownBy(() -> statement.executeUpdate("INSERT INTO t VALUES (1)"))
          .satisfies(
              e -> {
                assertThat(e.getSQLState()).isEqualTo("40003");
                assertThat(e.getErrorCode()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN.number());
                assertThat(e.getMessage()).contains("may have been done").doesNotContain("\n");
              });
    }
    List<Execute> attempts = cluster.requests(Execute.class);
    assertThat(attempts).extracting(e -> e.stamp().sequence()).containsOnly(1L);
    assertThat(attempts).filteredOn(e -> !e.stamp().repeated()).hasSize(1);
  }

  @Test
  void what_a_later_attempt_could_not_do_says_nothing_of_the_first() throws SQLException {
    Connection connection = connect(cluster.url());
    cluster.leader().once(FrameType.EXECUTE, FakeNode.HANG_UP);
    cluster.always(
        (peer, request) ->
            request instanceof Execute && ((Execute) request).stamp().repeated()
                ? FakeNode.failure(ErrorCode.NO_LEADER, "election")
                : null);
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> statement.executeUpdate("INSERT INTO t VALUES (1)"))
          .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("40003"));
    }
  }

  @Test
  void a_failure_of_the_statement_itself_is_told_at_once() throws SQLException {
    Connection connection = connect(cluster.url());
    cluster.leader().once(FrameType.EXECUTE, FakeNode.failure(ErrorCode.UNIQUE_VIOLATION, "twice"));
    assertThatExceptionOfType(SQLIntegrityConstraintViolationException.class)
        .isThrownBy(() -> write(connection))
        .withMessage("twice")
        .satisfies(
            e -> {
              assertThat(e.getSQLState()).isEqualTo("23505");
              assertThat(e.getErrorCode()).isEqualTo(ErrorCode.UNIQUE_VIOLATION.number());
            });
    assertThat(cluster.requests(Execute.class)).hasSize(1);
  }

  @Test
  void a_read_goes_on_elsewhere_when_its_node_is_gone() throws SQLException {
    Connection connection = connect(cluster.url());
    String first = nodeOf(connection);
    cluster.named(first).close();
    String second = nodeOf(connection);
    assertThat(second).isNotEqualTo(first);
    assertThat(nodeOf(connection)).isEqualTo(second);
  }

  @Test
  void a_read_goes_on_elsewhere_when_its_node_lags() throws SQLException {
    Connection connection = connect(cluster.url());
    String first = nodeOf(connection);
    cluster
        .named(first)
        .once(FrameType.EXECUTE, FakeNode.failure(ErrorCode.REPLICA_LAGGING, "behind"));
    assertThat(nodeOf(connection)).isNotEqualTo(first);
  }

  @Test
  void a_read_goes_on_elsewhere_when_its_node_talks_rubbish() throws SQLException {
    Connection connection = connect(cluster.url());
    String first = nodeOf(connection);
    cluster.named(first).once(FrameType.EXECUTE, FakeNode.GARBAGE);
    assertThat(nodeOf(connection)).isNotEqualTo(first);
  }

  @Test
  void a_transaction_stays_on_the_leader() throws SQLException {
    Connection connection = connect(cluster.url() + "?target=follower");
    connection.setAutoCommit(false);
    assertThat(nodeOf(connection)).isEqualTo("n1");
    write(connection);
    assertThat(nodeOf(connection)).isEqualTo("n1");
    connection.commit();
    assertThat(cluster.leader().requests(Commit.class)).hasSize(1);
    Execute inside = cluster.leader().requests(Execute.class).get(1);
    assertThat(inside.stamp().present()).isFalse();
    connection.setAutoCommit(true);
    assertThat(nodeOf(connection)).isNotEqualTo("n1");
  }

  @Test
  void a_transaction_that_sql_began_stays_on_the_leader_too() throws SQLException {
    Connection connection = connect(cluster.url() + "?target=follower");
    try (Statement statement = connection.createStatement()) {
      statement.execute("START TRANSACTION");
      assertThat(nodeOf(connection)).isEqualTo("n1");
      statement.execute(" commit work; ");
    }
    assertThat(cluster.leader().requests(Commit.class)).hasSize(1);
    assertThat(nodeOf(connection)).isNotEqualTo("n1");
  }

  @Test
  void a_transaction_that_is_lost_with_its_node_is_told_and_the_connection_goes_on()
      throws SQLException {
    Connection connection = connect(cluster.url());
    connection.setAutoCommit(false);
    write(connection);
    cluster.leader().once(FrameType.EXECUTE, FakeNode.HANG_UP);
    assertThatExceptionOfType(SQLTransactionRollbackException.class)
        .isThrownBy(() -> write(connection))
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("40001"));
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> write(connection))
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("25P02"));
    connection.rollback();
    assertThat(write(connection)).isEqualTo(1);
    connection.commit();
    assertThat(cluster.requests(Commit.class)).hasSize(1);
  }

  @Test
  void a_lost_transaction_cannot_be_committed() throws SQLException {
    Connection connection = connect(cluster.url());
    connection.setAutoCommit(false);
    write(connection);
    cluster.leader().once(FrameType.EXECUTE, FakeNode.HANG_UP);
    assertThatExceptionOfType(SQLTransactionRollbackException.class)
        .isThrownBy(() -> write(connection));
    assertThatExceptionOfType(SQLTransactionRollbackException.class).isThrownBy(connection::commit);
    assertThat(cluster.requests(Commit.class)).isEmpty();
  }

  @Test
  void a_commit_whose_answer_was_lost_is_repeated_under_its_name() throws SQLException {
    Connection connection = connect(cluster.url());
    connection.setAutoCommit(false);
    write(connection);
    cluster.leader().once(FrameType.COMMIT, FakeNode.HANG_UP);
    connection.commit();
    List<Commit> commits = cluster.requests(Commit.class);
    assertThat(commits).hasSize(2);
    assertThat(commits).extracting(c -> c.stamp().sequence()).containsOnly(1L);
    assertThat(commits).extracting(c -> c.stamp().repeated()).containsOnly(false, true);
    assertThat(write(connection)).isEqualTo(1);
  }

  @Test
  void a_commit_that_a_later_leader_does_not_know_failed() throws SQLException {
    Connection connection = connect(cluster.url());
    connection.setAutoCommit(false);
    write(connection);
    cluster.leader().once(FrameType.COMMIT, FakeNode.HANG_UP);
    cluster.always(
        (peer, request) ->
            request instanceof Commit && ((Commit) request).stamp().repeated()
                ? FakeNode.failure(ErrorCode.TRANSACTION_LOST, "never seen")
                : null);
    assertThatExceptionOfType(SQLTransactionRollbackException.class).isThrownBy(connection::commit);
    assertThat(write(connection)).isEqualTo(1);
  }

  @Test
  void settings_go_to_every_node_that_is_used() throws SQLException {
    Connection connection = connect(cluster.url() + "?target=follower&read_level=local");
    connection.setSchema("S");
    nodeOf(connection);
    write(connection);
    nodeOf(connection);
    List<Execute> requests = cluster.requests(Execute.class);
    assertThat(requests).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(cluster.node(i).settingsOfPeers())
          .allSatisfy(s -> assertThat(s).containsEntry("read_level", "LOCAL"));
    }
    assertThat(cluster.leader().settingsOfPeers())
        .allSatisfy(s -> assertThat(s).containsEntry("schema", "S"));
    String reader = nodeOf(connection);
    cluster.named(reader).close();
    String next = nodeOf(connection);
    assertThat(cluster.named(next).settingsOfPeers())
        .anySatisfy(s -> assertThat(s).containsEntry("schema", "S"));
  }

  @Test
  void one_live_contact_point_is_enough() throws SQLException, IOException {
    int dead = deadPort();
    Connection connection =
        connect("jdbc:quorate://127.0.0.1:" + dead + "," + cluster.node(2).address() + "/");
    assertThat(write(connection)).isEqualTo(1);
    assertThat(cluster.leader().requests(Execute.class)).hasSize(1);
  }

  @Test
  void no_node_that_answers_is_told_with_all_that_was_tried() throws IOException {
    int one = deadPort();
    int other = deadPort();
    assertThatExceptionOfType(SQLTransientConnectionException.class)
        .isThrownBy(() -> connect("jdbc:quorate://127.0.0.1:" + one + ",127.0.0.1:" + other + "/"))
        .satisfies(
            e -> {
              assertThat(e.getSQLState()).isEqualTo("08001");
              assertThat(e.getMessage())
                  .contains("127.0.0.1:" + one, "127.0.0.1:" + other)
                  .doesNotContain("\n");
            });
  }

  @Test
  void something_else_on_the_port_is_told() {
    cluster.always((peer, request) -> FakeNode.GARBAGE);
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> connect(cluster.url()))
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("08001"))
        .withMessageContaining("does not speak this protocol");
  }

  @Test
  void a_session_that_is_refused_is_told() {
    Message refusal =
        new io.quorate.driver.wire.Failure(
            "28P01",
            1,
            "wrong password",
            ErrorCode.RetryAdvice.NEVER,
            "",
            new long[0],
            io.quorate.driver.wire.SessionState.NOTHING);
    cluster.always((peer, request) -> refusal);
    assertThatExceptionOfType(java.sql.SQLInvalidAuthorizationSpecException.class)
        .isThrownBy(() -> connect(cluster.url()))
        .withMessage("wrong password");
  }

  @Test
  void few_links_are_held() throws SQLException {
    Connection connection = connect(cluster.url());
    for (int i = 0; i < 10; i++) {
      cluster.lead(i % 3);
      nodeOf(connection);
      write(connection);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(cluster.node(i).peerCount()).isLessThanOrEqualTo(1);
    }
  }

  private static int deadPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.Session;
import io.quorate.server.session.SessionOptions;
import io.quorate.server.session.StatementRequest;
import io.quorate.server.session.WriteIdentity;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clusters in which an administrator says who is to lead: FEATURES I-20, I-22, I-23. */
@Tag("slow")
@Timeout(240)
final class ManualElectionIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir Path directory;
  private final List<HostedNode> nodes = new ArrayList<>();

  private HostedNode open(String id) {
    HostedNode node =
        HostedNode.open(directory.resolve(id), id, "admin", Map.of("cluster.election", "manual"));
    nodes.add(node);
    return node;
  }

  @AfterEach
  void close() {
    nodes.forEach(HostedNode::close);
  }

  private static void become(HostedNode node, String role, HostedNode leader) throws Exception {
    HostedNode.Answer answer = node.become(role, leader.peer());
    assertThat(answer.code()).as("%s", answer.body()).isZero();
    node.awaitRole(role);
  }

  private static void awaitShown(HostedNode at, String what) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(at.get("/admin/nodes").body().path("nodes"))
                    .extracting(
                        each ->
                            each.path("name").asText()
                                + " "
                                + each.path("role").asText()
                                + " "
                                + each.path("status").asText())
                    .contains(what));
  }

  private static void awaitCount(HostedNode node, int count) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              try (Connection connection = node.connect();
                  Statement statement = connection.createStatement();
                  ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM t")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(count);
              }
            });
  }

  private static void writesNothing(HostedNode node) {
    try (Session session = node.node().statements().open(new SessionOptions("", Map.of()))) {
      assertThatThrownBy(
              () ->
                  session.execute(
                      new StatementRequest(
                          "INSERT INTO t VALUES (99)",
                          List.of(),
                          WriteIdentity.NONE,
                          0,
                          0,
                          0,
                          PATIENCE)))
          .isInstanceOfSatisfying(
              QuorateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_LEADER))
          .hasMessageContaining("elections are manual; ADMIN SET LEADER");
    }
  }

  /** The steps of Infinity's test_tc1. */
  @Test
  void without_the_leader_nothing_is_written_until_it_is_the_leader_again() throws Exception {
    HostedNode first = open("n1");
    HostedNode second = open("n2");
    become(first, "leader", first);
    first.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    become(second, "follower", first);
    first.execute("INSERT INTO t VALUES (1)");
    awaitCount(second, 1);

    become(first, "admin", first);
    awaitShown(second, "n1 follower timeout");
    second.awaitRole("follower");
    writesNothing(second);
    awaitCount(second, 1);

    become(first, "leader", first);
    first.execute("INSERT INTO t VALUES (2)");
    become(second, "admin", first);
    first.execute("INSERT INTO t VALUES (3)");
    become(second, "follower", first);
    awaitCount(second, 3);
    awaitCount(first, 3);
  }

  @Test
  void a_follower_is_made_the_leader_and_the_others_follow_without_being_told() throws Exception {
    HostedNode first = open("n1");
    HostedNode second = open("n2");
    HostedNode third = open("n3");
    become(first, "leader", first);
    first.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    become(second, "follower", first);
    become(third, "follower", first);
    first.execute("INSERT INTO t VALUES (1)");
    first.close();
    nodes.remove(first);
    awaitShown(third, "n1 follower timeout");

    assertThat(second.sql("ADMIN SET LEADER USING 'n2'")).isZero();
    second.awaitRole("leader");

    awaitShown(third, "n2 leader alive");
    second.execute("INSERT INTO t VALUES (2)");
    HostedNode again = open("n1");
    again.awaitRole("follower");
    awaitShown(again, "n2 leader alive");
    again.execute("INSERT INTO t VALUES (3)");
    for (HostedNode node : nodes) {
      awaitCount(node, 3);
    }
  }

  @Test
  void two_nodes_change_places_and_keep_their_rows() throws Exception {
    HostedNode first = open("n1");
    HostedNode second = open("n2");
    become(first, "leader", first);
    first.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    become(second, "follower", first);
    for (int round = 1; round <= 3; round++) {
      HostedNode old = round % 2 == 1 ? first : second;
      HostedNode next = round % 2 == 1 ? second : first;
      become(next, "leader", old);
      become(old, "admin", next);
      next.execute("INSERT INTO t VALUES (" + round + ")");
      become(old, "follower", next);
      awaitCount(old, round);
      awaitCount(next, round);
    }
  }
}

package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clusters that are made of nodes in mode admin, by what administrators tell them. */
@Tag("slow")
@Timeout(180)
final class RolesAtRunTimeIT {
  @TempDir Path directory;
  private final List<HostedNode> nodes = new ArrayList<>();

  private HostedNode open(String id) {
    HostedNode node = HostedNode.open(directory.resolve(id), id, "admin");
    nodes.add(node);
    return node;
  }

  @AfterEach
  void close() {
    nodes.forEach(HostedNode::close);
  }

  private static void leads(HostedNode node) throws Exception {
    assertThat(node.become("leader", "").code()).isZero();
    node.awaitRole("leader");
  }

  private static void joins(HostedNode node, HostedNode leader, String role) throws Exception {
    assertThat(node.become(role, leader.peer()).code()).isZero();
    node.awaitRole(role);
  }

  private static void leaves(HostedNode node) throws Exception {
    assertThat(node.become("admin", "").code()).isZero();
    node.awaitRole("admin");
  }

  private static void awaitCount(HostedNode node, int count) {
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .untilAsserted(
            () -> {
              try (Connection connection = TestNodes.connectTo(node.node(), "");
                  Statement statement = connection.createStatement();
                  ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM t")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(count);
              }
            });
  }

  /** The three calls that Infinity has published, with the address of this leader. */
  @Test
  void the_published_calls_make_a_cluster_of_three() throws Exception {
    HostedNode harry = open("n1");
    HostedNode hermione = open("n2");
    HostedNode ron = open("n3");

    assertThat(harry.post("{ \"role\": \"leader\", \"name\": \"Harry\", }").code()).isZero();
    harry.awaitRole("leader");
    String call = "{ \"role\": \"%s\", \"name\": \"%s\", \"address\": \"%s\", }";
    assertThat(hermione.post(call.formatted("follower", "Hermione", harry.peer())).code()).isZero();
    hermione.awaitRole("follower");
    assertThat(ron.post(call.formatted("learner", "Ron", harry.peer())).code()).isZero();
    ron.awaitRole("learner");

    for (HostedNode node : nodes) {
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(node.get("/admin/nodes").body().path("nodes"))
                      .extracting(
                          each -> each.path("name").asText() + " " + each.path("role").asText())
                      .containsExactly("Harry leader", "Hermione follower", "Ron learner"));
    }
    harry.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    harry.execute("INSERT INTO t VALUES (1)");
    awaitCount(ron, 1);

    // The node operates in ADMIN mode and is unregistered, and may come back.
    assertThat(harry.delete("/admin/node/ron").code()).isZero();
    ron.awaitRole("admin");
    await().untilAsserted(() -> assertThat(status(ron)).isEqualTo("started"));
    assertThat(hermione.get("/admin/nodes").body().path("nodes")).hasSize(2);
    harry.execute("INSERT INTO t VALUES (2)");
    joins(ron, harry, "learner");
    awaitCount(ron, 2);
  }

  private static String status(HostedNode node) throws Exception {
    return node.get("/admin/node/current").body().path("node").path("status").asText();
  }

  /** InfinityStore's call, InsiDB's, and the statement; FEATURES K-03, K-04 and S-07. */
  @Test
  void nodes_are_added_where_they_are_not_asked_themselves() throws Exception {
    HostedNode first = open("node1");
    HostedNode second = open("node2");
    HostedNode third = open("n3");
    HostedNode other = open("other");
    leads(first);
    leads(other);
    other.execute("CREATE TABLE kept (id INT PRIMARY KEY)");
    first.execute("CREATE TABLE t (id INT PRIMARY KEY)");

    HostedNode.Answer added = first.postTo("/join?nodeid=node2&nodeaddr=" + second.peer());
    assertThat(added.status()).isEqualTo(200);
    assertThat(added.body().path("message").asText()).isEqualTo("Voter added");
    second.awaitRole("follower");
    assertThat(first.postTo("/join?nodeid=node2&nodeaddr=" + second.peer()).code()).isZero();
    first.execute("ADMIN ADD NODE 'node3' AT '" + third.peer() + "' AS LEARNER");
    third.awaitRole("learner");
    first.execute("INSERT INTO t VALUES (1)");
    awaitCount(third, 1);

    assertThat(first.postTo("/join?nodeid=node4").status()).isEqualTo(400);
    String call = "/db/api/v1/join?followerId=node4&followerAddr=";
    assertThat(second.postTo(call + "127.0.0.1:1").code()).isEqualTo(7018);
    assertThat(second.postTo(call + "nowhere").code()).isEqualTo(7016);
    assertThat(second.postTo(call + third.peer()).code()).isEqualTo(8007);
    assertThat(second.postTo(call + other.peer()).body().toString())
        .contains("a member of cluster c", "cannot enter cluster c");
    leaves(other);
    assertThat(second.postTo("/join?nodeid=other&nodeaddr=" + other.peer()).code()).isEqualTo(8007);
    other.awaitRole("admin");
  }

  /** InfinityStore's nodes each begin a cluster of their own; FEATURES K-02 and K-03. */
  @Test
  void a_node_that_leads_itself_alone_is_added_while_it_holds_nothing() throws Exception {
    HostedNode first = HostedNode.open(directory.resolve("n1"), "n1", "cluster");
    nodes.add(first);
    HostedNode second = HostedNode.open(directory.resolve("n2"), "n2", "cluster");
    nodes.add(second);
    HostedNode full = HostedNode.open(directory.resolve("n3"), "n3", "cluster");
    nodes.add(full);
    for (HostedNode node : nodes) {
      node.awaitRole("leader");
    }
    full.execute("CREATE TABLE kept (id INT PRIMARY KEY)");
    first.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    first.execute("INSERT INTO t VALUES (1)");

    assertThat(first.postTo("/join?nodeid=other&nodeaddr=" + second.peer()).body().toString())
        .contains("Voter added");
    second.awaitRole("follower");
    assertThat(second.get("/admin/node/current").body().path("node").path("name").asText())
        .isEqualTo("other");
    awaitCount(second, 1);

    HostedNode.Answer refused = first.postTo("/join?nodeid=n3&nodeaddr=" + full.peer());
    assertThat(refused.code()).isEqualTo(8007);
    assertThat(refused.body().toString())
        .contains("a member of cluster c", "cannot enter cluster c");
    full.awaitRole("leader");
    full.execute("INSERT INTO kept VALUES (1)");
  }

  /** FEATURES I-20, I-22 and I-23. */
  @Test
  void two_nodes_change_places_and_keep_their_rows() throws Exception {
    HostedNode first = open("n1");
    HostedNode second = open("n2");
    leads(first);
    first.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    joins(second, first, "follower");
    for (int round = 1; round <= 3; round++) {
      HostedNode old = round % 2 == 1 ? first : second;
      HostedNode next = round % 2 == 1 ? second : first;
      leaves(old);
      next.awaitRole("leader");
      assertThat(next.become("leader", "").code()).isZero();
      next.execute("INSERT INTO t VALUES (" + round + ")");
      joins(old, next, "follower");
      awaitCount(old, round);
    }
  }

  @Test
  void a_follower_and_a_learner_take_the_leadership_over() throws Exception {
    HostedNode first = open("n1");
    HostedNode second = open("n2");
    HostedNode third = open("n3");
    leads(first);
    joins(second, first, "follower");
    joins(third, first, "learner");
    assertThat(second.become("leader", "").code()).isZero();
    second.awaitRole("leader");
    first.awaitRole("follower");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(third.become("leader", "").code()).isZero());
    third.awaitRole("leader");
    second.awaitRole("follower");
  }

  @Test
  void what_cannot_be_done_is_refused_and_changes_nothing() throws Exception {
    HostedNode first = open("n1");
    HostedNode second = open("n2");
    HostedNode third = open("n3");
    leads(first);
    joins(second, first, "follower");
    HostedNode named = open("other");

    assertThat(third.become("follower", "127.0.0.1:1").code()).isEqualTo(7018);
    assertThat(third.become("follower", third.peer()).code()).isEqualTo(7016);
    assertThat(third.become("follower", "nowhere").code()).isEqualTo(7016);
    assertThat(third.become("follower", second.peer()).code()).isEqualTo(7021);
    assertThat(third.become("follower", named.peer()).code()).isEqualTo(7021);
    assertThat(third.post("{\"role\":\"follower\"}").code()).isEqualTo(3076);
    String duplicate = "{\"role\":\"learner\",\"name\":\"N2\",\"address\":\"%s\"}";
    assertThat(third.post(duplicate.formatted(first.peer())).code()).isEqualTo(7020);
    assertThat(third.post("{\"name\":\"n3\"}").code()).isEqualTo(3076);
    assertThat(third.post("{\"role\":").code()).isEqualTo(3067);
    assertThat(third.post("{\"role\":\"king\"}").code()).isEqualTo(8007);
    assertThat(third.post("{\"role\":\"ADMIN\"}").code()).isZero();
    third.awaitRole("admin");
    assertThat(status(third)).isEqualTo("started");
    leads(named);
    assertThat(named.post("{\"role\":\"admin\",\"name\":\"n1\"}").body().toString())
        .contains("this node is other");
    assertThat(named.become("admin", "").code()).isZero();
    named.awaitRole("admin");
    assertThat(named.become("follower", first.peer()).code()).isEqualTo(8007);
    named.awaitRole("admin");
  }

  @ParameterizedTest
  @CsvSource({"standalone", "leader"})
  void a_role_and_its_rows_outlive_the_process(String role) throws Exception {
    HostedNode node = open("n1");
    assertThat(node.become(role, "").code()).isZero();
    node.awaitRole(role);
    node.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    node.execute("INSERT INTO t VALUES (1)");
    node.close();
    nodes.clear();

    HostedNode again = open("n1");
    again.awaitRole(role);
    awaitCount(again, 1);
    leaves(again);
    assertThat(again.become("standalone", "").code()).isZero();
    again.awaitRole("standalone");
    awaitCount(again, 1);
  }
}

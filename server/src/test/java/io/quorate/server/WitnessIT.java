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
import io.quorate.server.store.StoreView;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes with data and one that only votes: adr/0042. */
@Tag("slow")
@Timeout(240)
final class WitnessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

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

  private HostedNode leads(String id) throws Exception {
    HostedNode node = open(id);
    assertThat(node.become("leader", "").code()).isZero();
    node.awaitRole("leader");
    return node;
  }

  private HostedNode joins(String id, HostedNode leader, String role) throws Exception {
    HostedNode node = open(id);
    assertThat(node.become(role, leader.peer()).code()).isZero();
    node.awaitRole(role);
    return node;
  }

  private static String answer(HostedNode node, String sql) throws SQLException {
    try (Connection connection = node.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      StringBuilder all = new StringBuilder();
      while (rows.next()) {
        all.append(all.isEmpty() ? "" : ", ").append(rows.getString(1));
      }
      return all.toString();
    }
  }

  private static void awaitAnswer(HostedNode node, String sql, String expected) {
    await(sql)
        .atMost(PATIENCE)
        .ignoreExceptionsMatching(
            e -> e instanceof SQLException failure && failure.getSQLState().startsWith("08"))
        .untilAsserted(() -> assertThat(answer(node, sql)).isEqualTo(expected));
  }

  private static List<Integer> storedTables(HostedNode node) {
    try (StoreView view = node.node().parts().replica().store().openView()) {
      return IntStream.of(view.tables()).filter(table -> view.rowCount(table) > 0).boxed().toList();
    }
  }

  private static void awaitSame(HostedNode node, HostedNode leader) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                node.node().parts().replica().applied().current()
                    >= leader.node().parts().replica().applied().current());
  }

  @Test
  void a_witness_keeps_two_nodes_with_data_writing_and_holds_no_rows() throws Exception {
    HostedNode first = leads("n1");
    first.execute("CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR, large CLOB)");
    first.execute("CREATE INDEX names ON t (name)");
    first.execute("INSERT INTO t VALUES (1, 'one', '" + "x".repeat(100_000) + "')");
    HostedNode second = joins("n2", first, "follower");
    HostedNode witness = joins("w", first, "witness");
    first.execute("INSERT INTO system.kv VALUES ('k', 'v')");
    first.execute("INSERT INTO t VALUES (2, 'two', 'y')");

    awaitSame(witness, first);
    limitOfFollowers(first, witness);
    assertThat(storedTables(witness)).isSubsetOf(0, 3, 5, 6).contains(6);
    assertThat(storedTables(second)).contains(0, 1, 4);
    for (HostedNode node : nodes) {
      awaitAnswer(
          node,
          "SELECT name || ' ' || role FROM system.nodes ORDER BY name",
          "n1 leader, n2 follower, w witness");
      awaitAnswer(node, "SELECT name FROM t WHERE id = 2", "two");
      awaitAnswer(node, "SELECT COUNT(*) FROM t", "2");
      awaitAnswer(node, "SELECT large FROM t WHERE name = 'one'", "x".repeat(100_000));
      awaitAnswer(
          node, "SHOW SERVERS", "data_nodes, data_nodes, meta_nodes, meta_nodes, meta_nodes");
    }
    witness.execute("INSERT INTO t VALUES (3, 'three', 'z')");
    assertThat(answer(witness, "SELECT COUNT(*) FROM t")).isEqualTo("3");
    onlyReads(witness);

    first.close();
    second.awaitRole("leader");
    second.execute("INSERT INTO t VALUES (4, 'four', 'z')");
    awaitAnswer(second, "SELECT COUNT(*) FROM t", "4");

    nodes.remove(first);
    HostedNode again = open("n1");
    again.awaitRole("follower");
    awaitAnswer(again, "SELECT COUNT(*) FROM t", "4");
    witness.close();
    nodes.remove(witness);
    DataCheck.Report report = DataCheck.of(directory.resolve("w").resolve("data"));
    assertThat(report.sound()).as("%s", report.findings()).isTrue();
    assertThat(report.findings().get(0).detail()).contains("a witness");
    HostedNode back = open("w");
    back.awaitRole("witness");
    second.execute("INSERT INTO t VALUES (5, 'five', 'z')");
    awaitAnswer(back, "SELECT COUNT(*) FROM t", "5");
    assertThat(storedTables(back)).isSubsetOf(0, 3, 5, 6);
    awaitAnswer(back, "ADMIN SHOW VARIABLE max_followers", "max_followers");
    assertThat(back.get("/admin/variables/max_followers").body().path("max_followers").asText())
        .isEqualTo("2");
  }

  /** It takes a follower's place, and knows how many of these there may be. */
  private static void limitOfFollowers(HostedNode leader, HostedNode witness) throws Exception {
    assertThat(leader.sql("SET CLUSTER max_followers = 1")).isEqualTo(7027);
    assertThat(witness.sql("SET CLUSTER max_followers = 2")).isZero();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(
                        witness
                            .get("/admin/variables/max_followers")
                            .body()
                            .path("max_followers")
                            .asText())
                    .isEqualTo("2"));
  }

  /** It runs on one view of the rows, which are not here; a driver goes elsewhere for it. */
  private static void onlyReads(HostedNode witness) {
    try (Session session = witness.node().statements().open(new SessionOptions("", Map.of()))) {
      assertThatThrownBy(
              () ->
                  session.execute(
                      new StatementRequest(
                          "START TRANSACTION READ ONLY",
                          List.of(),
                          WriteIdentity.NONE,
                          0,
                          0,
                          0,
                          PATIENCE)))
          .isInstanceOfSatisfying(
              QuorateException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.ROWS_ELSEWHERE));
    }
  }

  @Test
  void a_directory_is_a_witnesss_or_has_rows_for_good() throws Exception {
    HostedNode first = leads("n1");
    first.execute("CREATE TABLE t (id INT PRIMARY KEY)");
    HostedNode second = joins("n2", first, "follower");
    HostedNode witness = open("w");
    first.execute("ADMIN ADD NODE 'w' AT '" + witness.peer() + "' AS WITNESS");
    witness.awaitRole("witness");

    assertThat(witness.become("leader", "").code()).isEqualTo(7026);
    assertThat(first.sql("ADMIN TRANSFER LEADER TO 'w'")).isEqualTo(7026);
    assertThat(first.sql("ADMIN PROMOTE NODE 'w'")).isEqualTo(7026);
    for (HostedNode node : List.of(witness, second)) {
      assertThat(node.become("admin", "").code()).isZero();
      node.awaitRole("admin");
    }
    for (String role : List.of("follower", "learner", "leader", "standalone")) {
      assertThat(witness.become(role, first.peer()).code()).as(role).isEqualTo(8007);
    }
    assertThat(second.become("witness", first.peer()).body().toString())
        .contains("8007", "has the rows of cluster");
    assertThat(witness.become("witness", first.peer()).code()).isZero();
    witness.awaitRole("witness");
    // No majority without rows could ever serve anybody.
    assertThat(first.become("admin", "").code()).isZero();
    first.awaitRole("admin");
  }
}

package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.server.store.StoreView;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.store.ReadView.RowCursor;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A byte of one replica's rows changes behind its back, where no checksum of a file sees it. */
@Timeout(300)
final class DivergenceIT {
  private static final int ROWS = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path directory;

  private final List<HostedNode> nodes = new ArrayList<>();
  private final Map<Integer, String> expected = new TreeMap<>();

  @BeforeEach
  void threeNodesWithRows() throws SQLException {
    open("n1", Map.of("cluster.bootstrap", "true"));
    open("n2", Map.of("cluster.join", nodes.get(0).peer()));
    open("n3", Map.of("cluster.join", nodes.get(0).peer()));
    nodes.get(0).execute("CREATE TABLE precious (id INTEGER PRIMARY KEY, note VARCHAR(40))");
    for (int id = 0; id < ROWS; id++) {
      expected.put(id, "note " + id);
      nodes.get(0).execute("INSERT INTO precious VALUES (" + id + ", 'note " + id + "')");
    }
    nodes.forEach(this::awaitRight);
  }

  private void open(String id, Map<String, String> more) {
    nodes.add(HostedNode.open(directory.resolve(id), id, "cluster", more));
  }

  @AfterEach
  void close() {
    nodes.forEach(HostedNode::close);
  }

  @Test
  void a_node_with_another_hash_than_most_gets_the_rows_of_another_one() throws Exception {
    HostedNode wrong = follower();
    final Node before = wrong.node();
    flip(wrong);
    assertThat(rows(wrong)).as("what is planted").isNotEqualTo(expected);
    // The row is right again, and its hash is not: what is now there was put in another's place.
    try (Connection connection = nodes.get(0).connect();
        PreparedStatement update =
            connection.prepareStatement("UPDATE precious SET note = ? WHERE id = ?")) {
      long begin = before.parts().replica().applied().current();
      for (int write = 0; last(before) < begin + 1_100; write++) {
        expected.put(write % ROWS, "again " + write);
        update.setString(1, "again " + write);
        update.setInt(2, write % ROWS);
        update.executeUpdate();
      }
    }
    await().atMost(PATIENCE).until(() -> wrong.node() != before);
    awaitRight(wrong);
    assertThat(directory.resolve(idOf(wrong)).resolve("data/store/rows.mv.damaged")).exists();
    assertThat(directory.resolve(idOf(wrong)).resolve("data/diverged")).doesNotExist();
    assertAllAgree();
    wrong.execute("INSERT INTO precious VALUES (1000, 'later')");
    expected.put(1000, "later");
    nodes.forEach(this::awaitRight);
  }

  private static long last(Node node) {
    return node.parts().replica().applied().current();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_check_finds_the_row_and_nobody_is_shown_it_again(boolean leads) throws Exception {
    assertAllAgree();
    HostedNode wrong = leads ? leader() : follower();
    final Node before = wrong.node();
    flip(wrong);
    assertThat(rows(wrong)).as("what is planted").isNotEqualTo(expected);
    Map<String, String> verdicts = check();
    assertThat(verdicts).containsEntry(idOf(wrong), "damaged");
    assertThat(verdicts.values()).containsOnlyOnce("damaged").contains("agrees");
    while (wrong.node() == before) {
      assertRightOrRefused(wrong);
    }
    assertRightOrRefused(wrong);
    awaitRight(wrong);
    assertAllAgree();
  }

  private void assertRightOrRefused(HostedNode node) {
    try {
      assertThat(rows(node)).isIn(expected, Map.of());
    } catch (SQLException e) {
      // It shows nothing, which is not wrong.
      assertThat(e.getSQLState()).isNotEmpty();
    }
  }

  private void assertAllAgree() {
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(SQLException.class)
        .untilAsserted(
            () ->
                assertThat(check())
                    .isEqualTo(Map.of("n1", "agrees", "n2", "agrees", "n3", "agrees")));
  }

  /** Asked of a follower, which has the leader make the mark. */
  private Map<String, String> check() throws SQLException {
    HostedNode asked =
        nodes.stream().filter(node -> !isLeading(node)).reduce((one, two) -> two).orElseThrow();
    Map<String, String> verdicts = new TreeMap<>();
    List<String> hashes = new ArrayList<>();
    try (Connection connection = TestNodes.connectTo(asked.node(), "");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("CHECK CLUSTER")) {
      while (rows.next()) {
        verdicts.put(rows.getString("NODE"), rows.getString("VERDICT"));
        if (rows.getString("VERDICT").equals("agrees")) {
          hashes.add(rows.getLong("REVISION") + " " + rows.getString("HASH"));
        }
      }
    }
    assertThat(hashes.stream().distinct()).hasSizeLessThanOrEqualTo(1);
    return verdicts;
  }

  private HostedNode leader() {
    return nodes.stream().filter(DivergenceIT::isLeading).findFirst().orElseThrow();
  }

  private HostedNode follower() {
    return nodes.stream().filter(node -> !isLeading(node)).findFirst().orElseThrow();
  }

  private static boolean isLeading(HostedNode node) {
    return node.node().parts().replica().proposer().isReady();
  }

  private String idOf(HostedNode node) {
    return "n" + (nodes.indexOf(node) + 1);
  }

  /** The last byte of a row, in the page that is in memory. */
  private static void flip(HostedNode node) {
    try (StoreView view = node.node().parts().replica().store().openView()) {
      for (int table : view.tables()) {
        if (table >= Catalog.FIRST_ID && view.rowCount(table) == ROWS) {
          RowCursor rows = view.scan(table, Optional.empty(), Optional.empty());
          assertThat(rows.next()).isTrue();
          byte[] row = rows.row().unsafeBytes();
          row[row.length - 1] ^= 1;
          return;
        }
      }
    }
    throw new AssertionError("the table is not there");
  }

  private void awaitRight(HostedNode node) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(SQLException.class)
        .untilAsserted(() -> assertThat(rows(node)).isEqualTo(expected));
  }

  private static Map<Integer, String> rows(HostedNode node) throws SQLException {
    Map<Integer, String> found = new TreeMap<>();
    try (Connection connection = TestNodes.connectTo(node.node(), "&read_level=LOCAL");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, note FROM precious")) {
      while (rows.next()) {
        found.put(rows.getInt(1), rows.getString(2));
      }
    }
    return found;
  }
}

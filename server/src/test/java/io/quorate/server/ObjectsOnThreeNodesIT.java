package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.server.store.StoreView;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequences, views and indexes of a cluster of three nodes in one JVM, by the driver. */
@Timeout(240)
final class ObjectsOnThreeNodesIT {
  @TempDir static Path directory;
  private static TestNodes nodes;

  @BeforeAll
  static void start() {
    nodes = new TestNodes(directory, 3);
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    for (String sql : statements) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
  }

  private static void fails(String state, Connection connection, String sql) {
    assertThatThrownBy(() -> run(connection, sql))
        .isInstanceOfSatisfying(
            SQLException.class,
            failure -> assertThat(failure.getSQLState()).as(failure.getMessage()).isEqualTo(state));
  }

  /** Rows as text: values split by a bar, a row a line. */
  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return text(rows);
    }
  }

  private static String text(ResultSet rows, String... labels) throws SQLException {
    List<String> lines = new ArrayList<>();
    while (rows.next()) {
      List<String> line = new ArrayList<>();
      int count = labels.length == 0 ? rows.getMetaData().getColumnCount() : labels.length;
      for (int i = 0; i < count; i++) {
        line.add(labels.length == 0 ? rows.getString(i + 1) : rows.getString(labels[i]));
      }
      lines.add(String.join("|", line.stream().map(String::valueOf).toList()));
    }
    return String.join("\n", lines);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_session_takes_values_and_asks_for_its_last_wherever_it_is(boolean atLeader)
      throws SQLException {
    Node node = atLeader ? nodes.leader() : nodes.follower();
    try (Connection connection = TestNodes.connectTo(node, "");
        Connection other = TestNodes.connectTo(node, "")) {
      run(connection, "CREATE SEQUENCE S START 10");
      run(
          connection,
          "CREATE TABLE T (ID BIGINT DEFAULT NEXT VALUE FOR S PRIMARY KEY, OTHER BIGINT)");
      fails("55000", connection, "SELECT CURRVAL('S')");
      assertThat(text(connection, "SELECT NEXT VALUE FOR S, NEXTVAL('S')")).isEqualTo("10|11");
      assertThat(text(connection, "SELECT CURRENT VALUE FOR S")).isEqualTo("11");
      assertThat(text(other, "SELECT NEXTVAL('S')")).isEqualTo("12");
      run(connection, "INSERT INTO T VALUES (DEFAULT, CURRVAL('S') + 0)");
      assertThat(text(connection, "SELECT ID, CURRVAL('S') FROM T")).isEqualTo("13|13");
      connection.setAutoCommit(false);
      assertThat(text(connection, "SELECT NEXTVAL('S')")).isEqualTo("14");
      run(connection, "INSERT INTO T (OTHER) VALUES (CURRVAL('S'))");
      connection.rollback();
      assertThat(text(connection, "SELECT CURRVAL('S')")).isEqualTo("15");
      connection.setAutoCommit(true);
      assertThat(text(connection, "SELECT CURRVAL('S')")).isEqualTo("15");
      assertThat(text(connection, "SELECT COUNT(*) FROM T")).isEqualTo("1");
    } finally {
      try (Connection connection = nodes.connect()) {
        run(connection, "DROP TABLE IF EXISTS T", "DROP SEQUENCE IF EXISTS S CASCADE");
      }
    }
  }

  @Test
  void a_read_only_session_takes_no_values_and_an_altered_sequence_begins_anew()
      throws SQLException {
    try (Connection connection = nodes.connect();
        Connection other = nodes.connect()) {
      run(connection, "CREATE SEQUENCE R MAXVALUE 3");
      other.setReadOnly(true);
      fails("25006", other, "SELECT NEXTVAL('R')");
      other.setAutoCommit(false);
      fails("25006", other, "SELECT NEXTVAL('R')");
      other.rollback();
      other.setReadOnly(false);
      assertThat(text(other, "SELECT NEXTVAL('R')")).isEqualTo("1");
      other.commit();
      assertThat(text(connection, "VALUES (NEXTVAL('R')), (NEXTVAL('R'))")).isEqualTo("2\n3");
      fails("2200H", connection, "SELECT NEXT VALUE FOR R");
      run(connection, "ALTER SEQUENCE R RESTART INCREMENT BY 2");
      assertThat(text(connection, "VALUES (NEXTVAL('R')), (NEXTVAL('R'))")).isEqualTo("1\n3");
      assertThat(text(connection, "SELECT INCREMENT FROM INFORMATION_SCHEMA.SEQUENCES"))
          .isEqualTo("2");
      run(connection, "DROP SEQUENCE R");
      fails("42P01", connection, "SELECT NEXT VALUE FOR R");
    }
  }

  @Test
  void rows_that_come_in_many_pages_have_each_a_value() throws SQLException {
    try (Connection connection = TestNodes.connectTo(nodes.follower(), "")) {
      run(
          connection,
          "CREATE SEQUENCE P CACHE 7",
          "CREATE TABLE MANY (ID INT PRIMARY KEY)",
          "INSERT INTO MANY VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)",
          "INSERT INTO MANY SELECT A.ID * 10 + B.ID + 10 FROM MANY A, MANY B");
      Set<Long> values = new ConcurrentSkipListSet<>();
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(9);
        try (ResultSet rows = statement.executeQuery("SELECT NEXTVAL('P'), ID FROM MANY")) {
          while (rows.next()) {
            assertThat(values.add(rows.getLong(1))).isTrue();
          }
        }
      }
      assertThat(values).hasSize(110).contains(1L, 110L);
      run(connection, "DROP TABLE MANY", "DROP SEQUENCE P");
    }
  }

  @Test
  void views_and_comments_are_seen_on_every_node_at_every_level() throws SQLException {
    try (Connection connection = TestNodes.connectTo(nodes.follower(), "")) {
      run(
          connection,
          "CREATE SCHEMA SHOP",
          "CREATE TABLE SHOP.ITEMS (ID INT PRIMARY KEY, NAME VARCHAR(20), PRICE INT)",
          "INSERT INTO SHOP.ITEMS VALUES (1, 'apple', 3), (2, 'pear', 5)",
          "CREATE VIEW SHOP.CHEAP (NO, WHAT) AS SELECT ID, NAME FROM SHOP.ITEMS WHERE PRICE < 4",
          "CREATE VIEW ALL_CHEAP AS SELECT * FROM SHOP.CHEAP",
          "COMMENT ON TABLE SHOP.ITEMS IS 'what we sell'",
          "COMMENT ON COLUMN SHOP.CHEAP.WHAT IS 'its name'",
          "COMMENT ON VIEW SHOP.CHEAP IS 'for few'",
          "INSERT INTO SHOP.ITEMS VALUES (3, 'fig', 1)");
      fails("42809", connection, "INSERT INTO SHOP.CHEAP VALUES (4, 'plum')");
      fails("2BP01", connection, "DROP TABLE SHOP.ITEMS");
      fails("2BP01", connection, "DROP SCHEMA SHOP");
    }
    for (Node node : nodes.all()) {
      for (String level : List.of("SESSION", "BOUNDED", "LINEARIZABLE", "LOCAL")) {
        try (Connection connection = TestNodes.connectTo(node, "&read_level=" + level)) {
          await()
              .atMost(Duration.ofSeconds(20))
              .untilAsserted(
                  () ->
                      assertThat(text(connection, "SELECT * FROM ALL_CHEAP ORDER BY NO"))
                          .isEqualTo("1|apple\n3|fig"));
          connection.setReadOnly(true);
          connection.setAutoCommit(false);
          assertThat(text(connection, "SELECT WHAT FROM SHOP.CHEAP WHERE NO = 3")).isEqualTo("fig");
          connection.rollback();
        }
      }
    }
    try (Connection connection = nodes.connect()) {
      var metadata = connection.getMetaData();
      try (ResultSet rows = metadata.getTables(null, "SHOP", "%", new String[] {"VIEW"})) {
        assertThat(text(rows, "TABLE_NAME", "TABLE_TYPE", "REMARKS"))
            .isEqualTo("CHEAP|VIEW|for few");
      }
      try (ResultSet rows = metadata.getTables(null, "SHOP", "ITEMS", null)) {
        assertThat(text(rows, "TABLE_TYPE", "REMARKS")).isEqualTo("TABLE|what we sell");
      }
      try (ResultSet rows = metadata.getColumns(null, "SHOP", "CHEAP", "%")) {
        assertThat(text(rows, "COLUMN_NAME", "TYPE_NAME", "REMARKS"))
            .isEqualTo("NO|INTEGER|null\nWHAT|VARCHAR|its name");
      }
      run(connection, "DROP SCHEMA SHOP CASCADE");
      fails("42P01", connection, "SELECT * FROM ALL_CHEAP");
      assertThat(text(connection, "SELECT * FROM INFORMATION_SCHEMA.COMMENTS")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"CREATE INDEX BIG_K ON BIG (K)", "CREATE UNIQUE INDEX BIG_K ON BIG (K)"})
  void an_index_is_built_while_rows_are_written(String create) throws Exception {
    int rows = 20_000;
    try (Connection connection = nodes.connect()) {
      run(
          connection,
          "CREATE TABLE D (N INT PRIMARY KEY)",
          "INSERT INTO D VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)",
          "CREATE TABLE BIG (ID INT PRIMARY KEY, K INT)",
          "INSERT INTO BIG SELECT A.N * 1000 + B.N * 100 + C.N * 10 + E.N, NULL"
              + " FROM D A, D B, D C, D E",
          "INSERT INTO BIG SELECT ID + 10000, NULL FROM BIG",
          "UPDATE BIG SET K = ID");
      ExecutorService threads = Executors.newCachedThreadPool();
      CountDownLatch built = new CountDownLatch(1);
      List<Future<Integer>> writers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int first = i;
        writers.add(threads.submit(() -> write(first, rows, built)));
      }
      try {
        run(connection, create);
      } finally {
        built.countDown();
        threads.shutdown();
      }
      for (Future<Integer> writer : writers) {
        assertThat(writer.get(60, TimeUnit.SECONDS)).isPositive();
      }
    }
    for (Node node : nodes.all()) {
      try (Connection connection = TestNodes.connectTo(node, "")) {
        // Ranges of few rows: for one of most, a planner that knows the values reads the table.
        for (int from : new int[] {100, rows - 300, 2 * rows, 2 * rows + 300}) {
          String counted =
              "SELECT COUNT(*), SUM(ID) FROM BIG WHERE %s BETWEEN " + from + " AND " + (from + 300);
          assertThat(text(connection, "EXPLAIN PLAN FOR " + String.format(counted, "K")))
              .contains("BIG_K");
          assertThat(text(connection, String.format(counted, "K")))
              .isEqualTo(text(connection, String.format(counted, "K + 0")));
        }
      }
      try (StoreView view = node.parts().replica().store().openView()) {
        assertThat(RowsCheck.of(view).problems()).isEmpty();
      }
    }
    try (Connection connection = nodes.connect()) {
      run(connection, "DROP TABLE BIG", "DROP TABLE D");
    }
  }

  /** Rows that change, come and go; no two writers want the same. */
  private static int write(int first, int rows, CountDownLatch built) throws SQLException {
    int written = 0;
    try (Connection connection = nodes.connect();
        PreparedStatement change =
            connection.prepareStatement("UPDATE BIG SET K = ? WHERE ID = ?");
        PreparedStatement come = connection.prepareStatement("INSERT INTO BIG VALUES (?, ?)");
        PreparedStatement go = connection.prepareStatement("DELETE FROM BIG WHERE ID = ?")) {
      for (int id = first; id < rows && built.getCount() > 0; id += 3) {
        change.setInt(1, id + 2 * rows);
        change.setInt(2, rows - 1 - id);
        come.setInt(1, id + rows);
        come.setInt(2, id + rows);
        go.setInt(1, id);
        written += change.executeUpdate() + come.executeUpdate() + go.executeUpdate();
      }
    }
    return written;
  }

  @Test
  void no_value_is_given_twice_whoever_leads() throws Exception {
    try (Connection connection = nodes.connect()) {
      run(connection, "CREATE SEQUENCE F", "CREATE SEQUENCE ONE_BY_ONE CACHE 1");
    }
    Set<Long> told = new ConcurrentSkipListSet<>();
    Set<Long> toldOneByOne = new ConcurrentSkipListSet<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    int leader = nodes.leaderNumber();
    try {
      CountDownLatch begun = new CountDownLatch(4);
      CountDownLatch deposed = new CountDownLatch(1);
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        workers.add(
            threads.submit(
                () -> {
                  take(told, toldOneByOne, begun, deposed);
                  return true;
                }));
      }
      assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
      nodes.close(leader);
      deposed.countDown();
      for (Future<?> worker : workers) {
        worker.get(120, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
      nodes.open(leader);
    }
    try (Connection connection = nodes.connect()) {
      run(connection, "DROP SEQUENCE F", "DROP SEQUENCE ONE_BY_ONE");
    }
  }

  /** Some values before the leader goes, and some that are begun behind it. */
  private static void take(
      Set<Long> told, Set<Long> toldOneByOne, CountDownLatch begun, CountDownLatch deposed)
      throws Exception {
    try (Connection connection = nodes.connect();
        PreparedStatement many = connection.prepareStatement("SELECT NEXT VALUE FOR F");
        PreparedStatement one = connection.prepareStatement("SELECT NEXTVAL('ONE_BY_ONE')")) {
      int behind = 0;
      for (int i = 0; behind < 20; i++) {
        behind += deposed.getCount() == 0 ? 1 : 0;
        takeOne(many, told);
        takeOne(one, toldOneByOne);
        if (i == 10) {
          begun.countDown();
        }
      }
    }
  }

  private static void takeOne(PreparedStatement statement, Set<Long> told) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      assertThat(rows.next()).isTrue();
      assertThat(told.add(rows.getLong(1))).as("given twice").isTrue();
    }
  }
}

package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SELECT … FOR UPDATE on three nodes, wherever it is sent. */
@Timeout(240)
final class RowLocksIT {
  @TempDir static Path directory;
  private static TestNodes nodes;
  private static final ExecutorService THREADS = Executors.newCachedThreadPool();

  @BeforeAll
  static void start() throws SQLException {
    nodes = new TestNodes(directory, 3);
    try (Connection connection = nodes.connect();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE T (ID INT PRIMARY KEY, N INT)");
      statement.executeUpdate("INSERT INTO T VALUES (1, 0), (2, 0), (3, 0)");
    }
  }

  @AfterAll
  static void stop() {
    THREADS.shutdownNow();
    nodes.close();
  }

  private static Connection connect(String road) throws SQLException {
    return switch (road) {
      case "one url" -> nodes.connect();
      case "leader" -> TestNodes.connectTo(nodes.leader(), "");
      case "follower" -> TestNodes.connectTo(nodes.follower(), "");
      default ->
          DriverManager.getConnection(
              "jdbc:avatica:remote:url=http://"
                  + nodes.follower().clientAddress()
                  + ";serialization=protobuf");
    };
  }

  private static List<Integer> numbers(Connection connection, String sql) throws SQLException {
    List<Integer> numbers = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        numbers.add(rows.getInt(1));
      }
    }
    return numbers;
  }

  private static void fails(String state, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SQLException.class,
            failure -> assertThat(failure.getSQLState()).as(failure.getMessage()).isEqualTo(state));
  }

  @ParameterizedTest
  @ValueSource(strings = {"one url", "leader", "follower", "avatica"})
  void a_row_is_locked_until_the_transaction_ends(String road) throws SQLException {
    try (Connection first = connect(road);
        Connection second = connect("one url")) {
      first.setAutoCommit(false);
      second.setAutoCommit(false);
      int before = numbers(first, "SELECT N FROM T WHERE ID = 1 FOR UPDATE").get(0);
      assertThat(numbers(second, "SELECT ID FROM T WHERE ID < 3 FOR UPDATE SKIP LOCKED"))
          .containsExactly(2);
      second.rollback();
      fails("55P03", () -> numbers(second, "SELECT N FROM T WHERE ID = 1 FOR UPDATE NOWAIT"));
      second.rollback();
      CompletableFuture<List<Integer>> later =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return numbers(second, "SELECT N FROM T WHERE ID = 1 FOR UPDATE");
                } catch (SQLException e) {
                  throw new AssertionError(e);
                }
              },
              THREADS);
      try (Statement statement = first.createStatement()) {
        statement.executeUpdate("UPDATE T SET N = N + 1 WHERE ID = 1");
      }
      first.commit();
      assertThat(later.join()).containsExactly(before + 1);
      second.commit();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"one url", "leader", "follower", "avatica"})
  void without_a_transaction_the_lock_ends_with_the_rows(String road) throws SQLException {
    try (Connection connection = connect(road);
        Connection other = connect("leader")) {
      assertThat(numbers(connection, "SELECT ID FROM T ORDER BY ID DESC FOR UPDATE"))
          .containsExactly(3, 2, 1);
      assertThat(numbers(other, "SELECT ID FROM T ORDER BY ID FOR UPDATE NOWAIT"))
          .containsExactly(1, 2, 3);
    }
  }

  @Test
  void who_only_reads_locks_nothing() throws SQLException {
    try (Connection connection = nodes.connect()) {
      connection.setReadOnly(true);
      fails("25006", () -> numbers(connection, "SELECT N FROM T FOR UPDATE"));
      connection.setAutoCommit(false);
      fails("25006", () -> numbers(connection, "SELECT N FROM T FOR SHARE"));
      connection.rollback();
    }
    try (Connection connection = nodes.connect();
        Statement statement = connection.createStatement()) {
      fails("0A000", () -> numbers(connection, "SELECT DISTINCT N FROM T FOR UPDATE"));
      fails("22023", () -> batch(connection));
      try (ResultSet plan = statement.executeQuery("EXPLAIN ROUTING SELECT N FROM T FOR UPDATE")) {
        while (plan.next()) {
          if (plan.getString("DECISION").equals("chosen")) {
            assertThat(plan.getString("ROLE")).isEqualTo("leader");
          }
        }
      }
    }
  }

  private static void batch(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT N FROM T WHERE ID = ? FOR UPDATE")) {
      statement.setInt(1, 1);
      statement.addBatch();
      statement.executeBatch();
    }
  }

  @Test
  void many_who_count_by_the_one_url_lose_no_update() throws Exception {
    List<CompletableFuture<Void>> workers = new ArrayList<>();
    for (int worker = 0; worker < 4; worker++) {
      workers.add(
          CompletableFuture.runAsync(
              () -> {
                try (Connection connection = nodes.connect()) {
                  connection.setAutoCommit(false);
                  for (int i = 0; i < 10; i++) {
                    count(connection);
                  }
                } catch (SQLException e) {
                  throw new AssertionError(e);
                }
              },
              THREADS));
    }
    workers.forEach(CompletableFuture::join);
    try (Connection connection = nodes.connect()) {
      assertThat(numbers(connection, "SELECT N FROM T WHERE ID = 3")).containsExactly(40);
    }
  }

  private static void count(Connection connection) throws SQLException {
    int n = numbers(connection, "SELECT N FROM T WHERE ID = 3 FOR UPDATE").get(0);
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE T SET N = ? WHERE ID = 3")) {
      update.setInt(1, n + 1);
      update.executeUpdate();
    }
    connection.commit();
  }
}

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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Statements that write and return rows, and tables made of queries, by the drivers, at the leader
 * and at a node that hands them on.
 */
@Timeout(240)
final class ReturningIT {
  @TempDir static Path directory;
  private static TestNodes nodes;

  @BeforeAll
  static void start() {
    nodes = new TestNodes(directory, 2);
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  private static Connection connect(String driver, boolean leading) throws SQLException {
    Node node = leading ? nodes.leader() : nodes.follower();
    return driver.equals("native")
        ? TestNodes.connectTo(node, "")
        : DriverManager.getConnection(
            "jdbc:avatica:remote:url=http://" + node.clientAddress() + ";serialization=protobuf");
  }

  private static String text(ResultSet rows) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (rows) {
      while (rows.next()) {
        List<String> line = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          line.add(String.valueOf(rows.getString(i)));
        }
        lines.add(String.join("|", line));
      }
    }
    return String.join("\n", lines);
  }

  private static void fails(String state, Statement statement, String sql) {
    assertThatThrownBy(() -> statement.executeQuery(sql))
        .isInstanceOfSatisfying(
            SQLException.class,
            failure -> assertThat(failure.getSQLState()).as(failure.getMessage()).isEqualTo(state));
  }

  @ParameterizedTest
  @CsvSource({"native, true", "native, false", "avatica, true", "avatica, false"})
  void rows_come_back_from_a_write_wherever_it_is_sent(String driver, boolean leading)
      throws SQLException {
    try (Connection connection = connect(driver, leading);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE R (ID INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, NAME VARCHAR(9) UNIQUE,"
              + " N INT DEFAULT 7)");
      assertThat(
              text(statement.executeQuery("INSERT INTO R (NAME) VALUES ('a'), ('b') RETURNING *")))
          .isEqualTo("1|a|7\n2|b|7");
      fails("23505", statement, "INSERT INTO R (NAME) VALUES ('a') RETURNING ID");
      String upsert =
          "INSERT INTO R (NAME, N) VALUES (?, ?) ON CONFLICT (NAME) DO UPDATE SET N = R.N + EXCLUDED.N"
              + " RETURNING NAME, N AS TOTAL";
      try (PreparedStatement prepared = connection.prepareStatement(upsert)) {
        assertThat(prepared.getMetaData().getColumnLabel(2)).isEqualTo("TOTAL");
        prepared.setString(1, "a");
        prepared.setInt(2, 3);
        assertThat(text(prepared.executeQuery())).isEqualTo("a|10");
        assertThat(text(prepared.executeQuery())).isEqualTo("a|13");
      }
      connection.setAutoCommit(false);
      assertThat(text(statement.executeQuery("DELETE FROM R WHERE N = 7 RETURNING NAME, N")))
          .isEqualTo("b|7");
      assertThat(text(statement.executeQuery("UPDATE R SET N = 1 WHERE N = 99 RETURNING ID")))
          .isEmpty();
      connection.rollback();
      connection.setAutoCommit(true);
      assertThat(text(statement.executeQuery("SELECT NAME, N FROM R ORDER BY NAME")))
          .isEqualTo("a|13\nb|7");
      statement.executeUpdate("DROP TABLE R");
    }
  }

  @ParameterizedTest
  @CsvSource({"native, true", "native, false", "avatica, false"})
  void more_rows_than_one_answer_holds_are_fetched(String driver, boolean leading)
      throws SQLException {
    try (Connection connection = connect(driver, leading);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE D AS SELECT * FROM (VALUES 0, 1, 2, 3, 4, 5, 6) V (X)");
      statement.executeUpdate(
          "CREATE TABLE M AS SELECT A.X + 7 * B.X + 49 * C.X + 343 * D.X AS ID FROM D A, D B, D C, D");
      statement.setFetchSize(100);
      try (ResultSet rows = statement.executeQuery("UPDATE M SET ID = ID + 1 RETURNING ID")) {
        long sum = 0;
        int count = 0;
        while (rows.next()) {
          sum += rows.getLong(1);
          count++;
        }
        assertThat(count).isEqualTo(2401);
        assertThat(sum).isEqualTo(2401L * 2402 / 2);
      }
      statement.setMaxRows(3);
      try (ResultSet rows = statement.executeQuery("DELETE FROM M RETURNING ID")) {
        assertThat(text(rows).lines()).hasSize(3);
      }
      statement.setMaxRows(0);
      assertThat(text(statement.executeQuery("SELECT COUNT(*) FROM M"))).isEqualTo("0");
      statement.executeUpdate("DROP TABLE M");
      statement.executeUpdate("DROP TABLE D");
    }
  }
}

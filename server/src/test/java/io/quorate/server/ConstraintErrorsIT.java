package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each kind of constraint, violated in each way that there is: the error has its SQLState and names
 * table, constraint and value, and nothing of the statement is left, neither rows nor entries of
 * indexes, at any node. Sent to a node that hands the writes on.
 */
@Timeout(240)
final class ConstraintErrorsIT {
  private static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE OWNERS (ID INT CONSTRAINT OWNERS_PK PRIMARY KEY, CODE VARCHAR(9) NOT NULL)",
          "CREATE TABLE ITEMS (ID INT CONSTRAINT ITEMS_PK PRIMARY KEY, NAME VARCHAR(9) NOT NULL,"
              + " PRICE DECIMAL(8, 2) CONSTRAINT PRICE_POSITIVE CHECK (PRICE > 0),"
              + " SERIAL_NO INT CONSTRAINT ITEMS_SERIAL UNIQUE,"
              + " OWNER_ID INT CONSTRAINT ITEMS_OWNER REFERENCES OWNERS (ID) ON DELETE RESTRICT,"
              + " TWICE DECIMAL(9, 2) GENERATED ALWAYS AS (PRICE * 2) STORED)",
          "CREATE UNIQUE INDEX ITEMS_BY_NAME ON ITEMS (NAME, PRICE)",
          "CREATE TABLE NOTES (ID INT PRIMARY KEY,"
              + " ITEM_ID INT CONSTRAINT NOTES_ITEM REFERENCES ITEMS (ID) ON DELETE CASCADE)",
          "CREATE TABLE STAMPS (NOTE_ID INT CONSTRAINT STAMPS_NOTE REFERENCES NOTES (ID))",
          "INSERT INTO OWNERS VALUES (1, 'ann'), (2, 'ben')",
          "INSERT INTO ITEMS (ID, NAME, PRICE, SERIAL_NO, OWNER_ID)"
              + " VALUES (1, 'pen', 2.50, 701, 1), (2, 'cup', 4.00, 702, NULL)",
          "INSERT INTO NOTES VALUES (11, 1), (12, 2)",
          "INSERT INTO STAMPS VALUES (11)");

  /** A row that violates nothing, with values that a unique constraint would remember. */
  private static final String GOOD = "(50, 'good', 9.75, 750, 2)";

  private static final String INSERT =
      "INSERT INTO ITEMS (ID, NAME, PRICE, SERIAL_NO, OWNER_ID) VALUES ";

  @TempDir static Path directory;
  private static TestNodes nodes;

  @BeforeAll
  static void start() throws SQLException {
    nodes = new TestNodes(directory, 2);
    try (Connection connection = nodes.connect()) {
      for (String sql : SCHEMA) {
        run(connection, sql);
      }
    }
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  private record Violation(String state, String sql, List<String> named) {
    static Violation of(String state, String sql, String... named) {
      return new Violation(state, sql, List.of(named));
    }

    @Override
    public String toString() {
      return state + ": " + sql;
    }
  }

  static Stream<Violation> violations() {
    return Stream.of(
        Violation.of("23502", INSERT + GOOD + ", (3, NULL, 1, 703, 1)", "ITEMS", "NAME", "null"),
        Violation.of("23502", "UPDATE ITEMS SET NAME = NULL", "ITEMS", "NAME", "null"),
        Violation.of("23502", "INSERT INTO ITEMS (ID) VALUES (3)", "ITEMS", "NAME", "null"),
        Violation.of(
            "23514",
            INSERT + GOOD + ", (3, 'x', -1.25, 703, 1)",
            "ITEMS",
            "PRICE_POSITIVE",
            "-1.25"),
        Violation.of(
            "23514", "UPDATE ITEMS SET PRICE = PRICE - 3", "ITEMS", "PRICE_POSITIVE", "-0.50"),
        Violation.of("23505", INSERT + GOOD + ", (1, 'x', 1, 703, 1)", "ITEMS", "ITEMS_PK", "1"),
        Violation.of("23505", "UPDATE ITEMS SET ID = 7", "ITEMS", "ITEMS_PK", "7"),
        Violation.of(
            "23505", INSERT + GOOD + ", (3, 'x', 1, 702, 1)", "ITEMS", "ITEMS_SERIAL", "702"),
        Violation.of("23505", "UPDATE ITEMS SET SERIAL_NO = 9", "ITEMS", "ITEMS_SERIAL", "9"),
        Violation.of(
            "23505", INSERT + GOOD + ", (3, 'cup', 4, 703, 1)", "ITEMS", "ITEMS_BY_NAME", "cup"),
        Violation.of(
            "23505", INSERT + GOOD + ", (51, 'other', 1, 750, 2)", "ITEMS", "ITEMS_SERIAL", "750"),
        Violation.of(
            "23503", INSERT + GOOD + ", (3, 'x', 1, 703, 99)", "ITEMS", "ITEMS_OWNER", "99"),
        Violation.of("23503", "UPDATE ITEMS SET OWNER_ID = 98", "ITEMS", "ITEMS_OWNER", "98"),
        Violation.of(
            "23503", "UPDATE ITEMS SET ID = ID + 20 WHERE ID = 2", "ITEMS", "NOTES_ITEM", "2"),
        Violation.of("23001", "DELETE FROM OWNERS", "OWNERS", "ITEMS", "ITEMS_OWNER", "1"),
        Violation.of("23503", "DELETE FROM NOTES", "NOTES", "STAMPS", "STAMPS_NOTE", "11"),
        // The rows that would go with it are held by others.
        Violation.of("23503", "DELETE FROM ITEMS", "NOTES", "STAMPS", "STAMPS_NOTE", "11"),
        Violation.of(
            "23505",
            INSERT + "(2, 'x', 1, 703, 1) ON CONFLICT (ID) DO UPDATE SET SERIAL_NO = 701",
            "ITEMS",
            "ITEMS_SERIAL",
            "701"),
        Violation.of(
            "23505",
            "MERGE INTO ITEMS USING (VALUES (2), (60)) AS S (N) ON ITEMS.ID = S.N"
                + " WHEN MATCHED THEN UPDATE SET SERIAL_NO = 760"
                + " WHEN NOT MATCHED THEN INSERT (ID, NAME, PRICE, SERIAL_NO)"
                + " VALUES (S.N, 'm', 1, 701)",
            "ITEMS",
            "ITEMS_SERIAL",
            "701"),
        Violation.of(
            "23514",
            "ALTER TABLE ITEMS ADD CONSTRAINT CHEAP CHECK (PRICE < 3)",
            "ITEMS",
            "CHEAP",
            "4.00"),
        Violation.of("23502", "ALTER TABLE ITEMS ALTER COLUMN OWNER_ID SET NOT NULL", "OWNER_ID"),
        Violation.of(
            "23503",
            "ALTER TABLE ITEMS ADD CONSTRAINT TO_NOTES FOREIGN KEY (SERIAL_NO) REFERENCES NOTES (ID)",
            "ITEMS",
            "TO_NOTES",
            "701"));
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Every row of every table, and what its indexes lead to; and the constraints there are. */
  private static Map<String, List<String>> everything(Connection connection) throws SQLException {
    Map<String, List<String>> all = new TreeMap<>();
    for (String query :
        List.of(
            "SELECT * FROM OWNERS ORDER BY ID",
            "SELECT * FROM ITEMS ORDER BY ID",
            "SELECT SERIAL_NO, ID FROM ITEMS WHERE SERIAL_NO > 0 ORDER BY SERIAL_NO",
            "SELECT NAME, PRICE, ID FROM ITEMS WHERE NAME > '' ORDER BY NAME, PRICE",
            "SELECT * FROM NOTES ORDER BY ID",
            "SELECT * FROM STAMPS ORDER BY NOTE_ID",
            "SELECT TABLE_NAME, CONSTRAINT_NAME FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS"
                + " WHERE TABLE_SCHEMA = 'PUBLIC' ORDER BY 1, 2",
            "SELECT TABLE_NAME, COLUMN_NAME, IS_NULLABLE FROM INFORMATION_SCHEMA.COLUMNS"
                + " WHERE TABLE_SCHEMA = 'PUBLIC' ORDER BY 1, 2")) {
      all.put(query, rows(connection, query));
    }
    return all;
  }

  private static List<String> rows(Connection connection, String query) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        List<String> line = new ArrayList<>();
        for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
          line.add(String.valueOf(rows.getString(column)));
        }
        lines.add(String.join("|", line));
      }
    }
    return lines;
  }

  private static void requireEverywhere(Map<String, List<String>> expected) throws SQLException {
    for (Node node : nodes.all()) {
      try (Connection connection = TestNodes.connectTo(node, "&read_level=LINEARIZABLE")) {
        assertThat(everything(connection)).isEqualTo(expected);
      }
    }
  }

  private static void requireRefused(Connection connection, Violation violation) {
    SQLException failure =
        catchThrowableOfType(SQLException.class, () -> run(connection, violation.sql));
    assertThat((Throwable) failure).as(violation.sql).isNotNull();
    assertThat(failure.getSQLState()).as(failure.getMessage()).isEqualTo(violation.state);
    assertThat((Throwable) failure).hasMessageContainingAll(violation.named.toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void a_violation_is_named_and_leaves_nothing(Violation violation) throws SQLException {
    try (Connection connection = TestNodes.connectTo(nodes.follower(), "")) {
      Map<String, List<String>> before = everything(connection);
      requireRefused(connection, violation);
      requireEverywhere(before);
      if (!violation.sql.startsWith("ALTER")) {
        requireNothingLeftInTransaction(connection, violation, before);
      }
      // No index remembers a value of a row that is not there.
      run(connection, INSERT + GOOD);
      run(connection, "UPDATE ITEMS SET SERIAL_NO = 703, NAME = 'x', PRICE = 1 WHERE ID = 50");
      run(connection, "DELETE FROM ITEMS WHERE ID = 50");
      requireEverywhere(before);
    }
  }

  private static void requireNothingLeftInTransaction(
      Connection connection, Violation violation, Map<String, List<String>> before)
      throws SQLException {
    connection.setAutoCommit(false);
    run(connection, "INSERT INTO OWNERS VALUES (40, 'joe')");
    Map<String, List<String>> within = everything(connection);
    requireRefused(connection, violation);
    assertThat(everything(connection)).isEqualTo(within);
    connection.commit();
    connection.setAutoCommit(true);
    requireEverywhere(within);
    run(connection, "DELETE FROM OWNERS WHERE ID = 40");
    requireEverywhere(before);
  }
}

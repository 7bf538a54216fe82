package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.driver.ErrorCode;
import io.quorate.server.OneNode.Client;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A whole node with its client port, spoken to by the stock Avatica driver and by our own. */
@Timeout(240)
final class ClientsOfOneNodeIT {
  @TempDir static Path directory;
  private static Node node;

  @BeforeAll
  static void start() {
    node = OneNode.open(directory);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @EnumSource
  void rows_are_written_and_read(Client client) throws SQLException {
    String table = client.table("ITEMS");
    try (Connection connection = client.connect(node);
        Statement statement = connection.createStatement()) {
      assertThat(
              statement.executeUpdate(
                  "CREATE TABLE "
                      + table
                      + " (ID INT PRIMARY KEY, NAME VARCHAR(40) NOT NULL, PRICE DECIMAL(10, 2),"
                      + " DAY_ DATE, AT_ TIMESTAMP(3), DATA VARBINARY(10))"))
          .isZero();
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO " + table + " VALUES (?, ?, ?, ?, ?, ?)")) {
        insert.setInt(1, 1);
        insert.setString(2, "Grüße 世界 🙂");
        insert.setBigDecimal(3, new BigDecimal("12.30"));
        insert.setDate(4, Date.valueOf("1960-02-29"));
        insert.setTimestamp(5, Timestamp.valueOf("2026-11-22 13:14:15.123"));
        insert.setBytes(6, new byte[] {1, -1});
        assertThat(insert.executeUpdate()).isEqualTo(1);
        for (int i = 2; i <= 1000; i++) {
          insert.setInt(1, i);
          insert.setString(2, "name " + i);
          insert.setBigDecimal(3, null);
          insert.setDate(4, null);
          insert.setTimestamp(5, null);
          insert.setBytes(6, null);
          insert.addBatch();
        }
        assertThat(insert.executeBatch()).hasSize(999).containsOnly(1);
      }
      try (ResultSet row = statement.executeQuery("SELECT * FROM " + table + " WHERE ID = 1")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getString("NAME")).isEqualTo("Grüße 世界 🙂");
        assertThat(row.getBigDecimal("PRICE")).isEqualByComparingTo("12.30");
        assertThat(row.getDate("DAY_")).isEqualTo(Date.valueOf("1960-02-29"));
        assertThat(row.getTimestamp("AT_")).isEqualTo(Timestamp.valueOf("2026-11-22 13:14:15.123"));
        assertThat(row.getBytes("DATA")).containsExactly(1, -1);
        assertThat(row.next()).isFalse();
      }
      assertThat(number(statement, "SELECT COUNT(*) FROM " + table)).isEqualTo(1000);
      assertThat(number(statement, "SELECT COUNT(*) FROM " + table + " WHERE PRICE IS NULL"))
          .isEqualTo(999);
      assertThat(statement.executeUpdate("DELETE FROM " + table + " WHERE ID > 10")).isEqualTo(990);
      statement.setFetchSize(3);
      try (ResultSet rows = statement.executeQuery("SELECT ID FROM " + table + " ORDER BY ID")) {
        List<Integer> ids = new ArrayList<>();
        while (rows.next()) {
          ids.add(rows.getInt(1));
        }
        assertThat(ids).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void transactions_commit_and_roll_back(Client client) throws SQLException {
    String table = client.table("ACCOUNTS");
    try (Connection connection = client.connect(node);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE " + table + " (ID INT PRIMARY KEY, V BIGINT)");
      connection.setAutoCommit(false);
      try (Statement inTransaction = connection.createStatement()) {
        inTransaction.executeUpdate("INSERT INTO " + table + " VALUES (1, 10)");
        connection.rollback();
        assertThat(number(inTransaction, "SELECT COUNT(*) FROM " + table)).isZero();
        inTransaction.executeUpdate("INSERT INTO " + table + " VALUES (2, 20)");
        connection.commit();
      }
      try (Connection other = client.connect(node);
          Statement reader = other.createStatement()) {
        assertThat(number(reader, "SELECT SUM(V) FROM " + table)).isEqualTo(20);
      }
    }
  }

  /** Through all views that a statement reads by: alone, and over the writes of a transaction. */
  @ParameterizedTest
  @EnumSource
  void keys_are_walked_backward(Client client) throws SQLException {
    String table = client.table("EVENTS");
    String last = "SELECT ID FROM " + table + " ORDER BY AT_ DESC, ID DESC LIMIT 3";
    String greatest = "SELECT MAX(ID) FROM " + table + " WHERE AT_ < 500";
    try (Connection connection = client.connect(node);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE " + table + " (ID INT PRIMARY KEY, AT_ BIGINT)");
      statement.executeUpdate("CREATE INDEX " + table + "_AT ON " + table + " (AT_)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO " + table + " VALUES (?, ?)")) {
        for (int id = 0; id < 1000; id++) {
          insert.setInt(1, id);
          insert.setLong(2, id / 2);
          insert.addBatch();
        }
        assertThat(insert.executeBatch()).hasSize(1000);
      }
      assertThat(numbers(statement, last)).containsExactly(999L, 998L, 997L);
      assertThat(numbers(statement, greatest)).containsExactly(999L);
      connection.setAutoCommit(false);
      try (Statement inTransaction = connection.createStatement()) {
        inTransaction.executeUpdate("DELETE FROM " + table + " WHERE ID = 998");
        inTransaction.executeUpdate("INSERT INTO " + table + " VALUES (-5, 499), (-6, NULL)");
        assertThat(numbers(inTransaction, last)).containsExactly(-6L, 999L, -5L);
        inTransaction.executeUpdate("DELETE FROM " + table + " WHERE ID > 10");
        assertThat(numbers(inTransaction, last)).containsExactly(-6L, -5L, 10L);
        assertThat(numbers(inTransaction, greatest)).containsExactly(10L);
        connection.rollback();
        assertThat(numbers(inTransaction, last)).containsExactly(999L, 998L, 997L);
      }
    }
  }

  private static List<Long> numbers(Statement statement, String query) throws SQLException {
    List<Long> numbers = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
    }
    return numbers;
  }

  @ParameterizedTest
  @EnumSource
  void savepoints_are_gone_back_to(Client client) throws SQLException {
    String table = client.table("DRAFTS");
    try (Connection connection = client.connect(node);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE " + table + " (ID INT PRIMARY KEY)");
      assertState("25P01", () -> statement.executeUpdate("SAVEPOINT s"));
      connection.setAutoCommit(false);
      try (Statement inTransaction = connection.createStatement()) {
        inTransaction.executeUpdate("SAVEPOINT s");
        inTransaction.executeUpdate("INSERT INTO " + table + " VALUES (1)");
        inTransaction.executeUpdate("SAVEPOINT t");
        inTransaction.executeUpdate("INSERT INTO " + table + " VALUES (2)");
        assertThat(number(inTransaction, "SELECT COUNT(*) FROM " + table)).isEqualTo(2);
        inTransaction.executeUpdate("ROLLBACK TO SAVEPOINT t");
        assertThat(number(inTransaction, "SELECT COUNT(*) FROM " + table)).isEqualTo(1);
        inTransaction.executeUpdate("RELEASE s");
        assertState("3B001", () -> inTransaction.executeUpdate("ROLLBACK WORK TO t"));
      }
      connection.commit();
      assertThat(number(statement, "SELECT COUNT(*) FROM " + table)).isEqualTo(1);
    }
  }

  @Test
  void savepoints_of_jdbc_are_those_of_sql() throws SQLException {
    try (Connection connection = Client.NATIVE.connect(node);
        Statement statement = connection.createStatement()) {
      assertThat(connection.getMetaData().supportsSavepoints()).isTrue();
      statement.executeUpdate("CREATE TABLE POINTS (ID INT PRIMARY KEY)");
      connection.setAutoCommit(false);
      Savepoint unnamed = connection.setSavepoint();
      statement.executeUpdate("INSERT INTO POINTS VALUES (1)");
      Savepoint named = connection.setSavepoint("S");
      statement.executeUpdate("INSERT INTO POINTS VALUES (2)");
      statement.executeUpdate("ROLLBACK TO s");
      assertThat(number(statement, "SELECT SUM(ID) FROM POINTS")).isEqualTo(1);
      connection.releaseSavepoint(named);
      assertState("3B001", () -> statement.executeUpdate("ROLLBACK TO s"));
      connection.rollback(unnamed);
      assertThat(number(statement, "SELECT COUNT(*) FROM POINTS")).isZero();
      connection.commit();
    }
  }

  @Test
  void keys_of_inserted_rows_come_with_the_answer() throws SQLException {
    try (Connection connection = Client.NATIVE.connect(node);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE KEYED (ID INT PRIMARY KEY, NAME VARCHAR(9) DEFAULT 'x' || 'y', V INT)");
      statement.executeUpdate(
          "INSERT INTO keyed (id) VALUES (1), (2)", Statement.RETURN_GENERATED_KEYS);
      assertThat(texts(statement.getGeneratedKeys())).containsExactly("ID=1", "ID=2");
      statement.executeUpdate("INSERT INTO keyed (id) VALUES (3)", new String[] {"name", "ID"});
      assertThat(texts(statement.getGeneratedKeys())).containsExactly("NAME=xy ID=3");
      statement.executeUpdate("UPDATE keyed SET v = 1", Statement.RETURN_GENERATED_KEYS);
      assertThat(texts(statement.getGeneratedKeys())).isEmpty();
      assertState(
          "42703",
          () ->
              statement.executeUpdate(
                  "INSERT INTO keyed (id) VALUES (4)", new String[] {"nothing"}));
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO keyed (id) VALUES (?)", new int[] {1, 2})) {
        for (int i = 10; i < 12; i++) {
          insert.setInt(1, i);
          insert.addBatch();
        }
        insert.executeBatch();
        assertThat(texts(insert.getGeneratedKeys()))
            .containsExactly("ID=10 NAME=xy", "ID=11 NAME=xy");
      }
      connection.commit();
    }
  }

  @Test
  void identity_columns_are_keys_that_the_database_makes() throws SQLException {
    try (Connection connection = Client.NATIVE.connect(node);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE MADE (REGION CHAR(2), ID BIGINT GENERATED BY DEFAULT AS IDENTITY,"
              + " V INT, PRIMARY KEY (REGION, ID))");
      statement.executeUpdate(
          "INSERT INTO made (region) VALUES ('de'), ('fr')", Statement.RETURN_GENERATED_KEYS);
      assertThat(texts(statement.getGeneratedKeys()))
          .containsExactly("ID=1 REGION=de", "ID=2 REGION=fr");
      statement.executeUpdate("INSERT INTO made VALUES ('it', 40, 0)", new String[] {"id"});
      assertThat(texts(statement.getGeneratedKeys())).containsExactly("ID=40");
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO made (region, v) VALUES ('es', ?)", new String[] {"id"})) {
        for (int i = 0; i < 3; i++) {
          insert.setInt(1, i);
          insert.addBatch();
        }
        insert.executeBatch();
        assertThat(texts(insert.getGeneratedKeys())).containsExactly("ID=3", "ID=4", "ID=5");
      }
      statement.executeUpdate(
          "CREATE TABLE KEYLESS (ID INT GENERATED ALWAYS AS IDENTITY (START WITH 7), V INT)");
      statement.executeUpdate(
          "INSERT INTO keyless (v) VALUES (1)", Statement.RETURN_GENERATED_KEYS);
      assertThat(texts(statement.getGeneratedKeys())).containsExactly("ID=7");
      assertState("428C9", () -> statement.executeUpdate("INSERT INTO keyless VALUES (1, 1)"));
      statement.executeUpdate("DROP TABLE keyless");
      statement.executeUpdate(
          "CREATE TABLE KEYLESS (ID INT GENERATED ALWAYS AS IDENTITY (START WITH 9), V INT)");
      connection.setAutoCommit(false);
      statement.executeUpdate(
          "INSERT INTO keyless (v) SELECT v FROM (VALUES (1), (2)) AS x (v)",
          Statement.RETURN_GENERATED_KEYS);
      assertThat(texts(statement.getGeneratedKeys())).containsExactly("ID=9", "ID=10");
      connection.rollback();
      connection.setAutoCommit(true);
      statement.executeUpdate(
          "INSERT INTO keyless (v) VALUES (1)", Statement.RETURN_GENERATED_KEYS);
      assertThat(texts(statement.getGeneratedKeys())).containsExactly("ID=11");
      statement.executeUpdate(
          "CREATE TABLE ENDS (ID SMALLINT GENERATED ALWAYS AS IDENTITY (START WITH 32767), V INT)");
      statement.executeUpdate("INSERT INTO ends (v) VALUES (1)");
      assertState("2200H", () -> statement.executeUpdate("INSERT INTO ends (v) VALUES (2)"));
      try (ResultSet columns = connection.getMetaData().getColumns(null, null, "MADE", "%")) {
        List<String> made = new ArrayList<>();
        while (columns.next()) {
          made.add(columns.getString("COLUMN_NAME") + columns.getString("IS_AUTOINCREMENT"));
        }
        assertThat(made).containsExactly("REGIONNO", "IDYES", "VNO");
      }
    }
  }

  private static List<String> texts(ResultSet rows) throws SQLException {
    List<String> texts = new ArrayList<>();
    while (rows.next()) {
      List<String> columns = new ArrayList<>();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        columns.add(rows.getMetaData().getColumnLabel(i) + "=" + rows.getString(i));
      }
      texts.add(String.join(" ", columns));
    }
    rows.close();
    return texts;
  }

  @ParameterizedTest
  @EnumSource
  void failures_have_their_state(Client client) throws SQLException {
    String table = client.table("KEYS");
    try (Connection connection = client.connect(node);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE " + table + " (ID INT PRIMARY KEY, NAME VARCHAR(5) NOT NULL)");
      statement.executeUpdate("INSERT INTO " + table + " VALUES (1, 'a')");
      assertState(
          "23505", () -> statement.executeUpdate("INSERT INTO " + table + " VALUES (1, 'b')"));
      assertState(
          "23502", () -> statement.executeUpdate("INSERT INTO " + table + " VALUES (2, NULL)"));
      assertState("42601", () -> statement.executeQuery("SELEC 1"));
      assertState("42P01", () -> statement.executeQuery("SELECT * FROM NOWHERE"));
      assertState("42703", () -> statement.executeQuery("SELECT NONE FROM " + table));
      assertState("42P07", () -> statement.executeUpdate("CREATE TABLE " + table + " (I INT)"));
      assertThat(number(statement, "SELECT COUNT(*) FROM " + table)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_a_constraint_refuses_leaves_nothing_behind(Client client) throws SQLException {
    String table = client.table("CHECKED");
    try (Connection connection = client.connect(node);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE "
              + table
              + " (ID INT PRIMARY KEY, V INT CHECK (V > 0), S VARCHAR(9),"
              + " CHECK (POSITION('@' IN S) > 1))");
      String insert = "INSERT INTO " + table + " (ID, V) VALUES ";
      assertState("23514", () -> statement.executeUpdate(insert + "(1, 1), (2, 2), (3, 0)"));
      assertThat(number(statement, "SELECT COUNT(*) FROM " + table)).isZero();

      try (PreparedStatement prepared = connection.prepareStatement(insert + "(?, ?)")) {
        assertThat(update(prepared, 1, 1)).isEqualTo(1);
        assertState("23514", () -> update(prepared, 2, 0));
        assertThat(update(prepared, 2, 2)).as("after a refusal").isEqualTo(1);
        assertState("23505", () -> update(prepared, 2, 2));
        addBatch(prepared, 3, 3);
        addBatch(prepared, 4, -4);
        addBatch(prepared, 5, 5);
        assertState("23514", prepared::executeBatch);
        assertThat(number(statement, "SELECT COUNT(*) FROM " + table)).as("batch").isEqualTo(2);
      }

      connection.setAutoCommit(false);
      statement.executeUpdate(insert + "(10, 10)");
      assertState("23514", () -> statement.executeUpdate(insert + "(11, 11), (12, -12)"));
      assertState("23514", () -> statement.executeUpdate("UPDATE " + table + " SET V = V - 2"));
      assertState("23514", () -> statement.executeUpdate("UPDATE " + table + " SET S = '@'"));
      statement.executeUpdate("UPDATE " + table + " SET S = 'a@b', V = NULL WHERE ID = 10");
      statement.executeUpdate(insert + "(13, 13)");
      connection.commit();
    }
    try (Connection other = client.connect(node);
        Statement reader = other.createStatement()) {
      assertThat(texts(reader.executeQuery("SELECT ID, V, S FROM " + table + " ORDER BY ID")))
          .containsExactly(
              "ID=1 V=1 S=null", "ID=2 V=2 S=null", "ID=10 V=null S=a@b", "ID=13 V=13 S=null");
      assertThat(
              texts(
                  reader.executeQuery(
                      "SELECT CONSTRAINT_NAME, CONSTRAINT_TYPE"
                          + " FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS WHERE TABLE_NAME = '"
                          + table
                          + "' AND CONSTRAINT_TYPE = 'CHECK' ORDER BY 1")))
          .containsExactly(
              "CONSTRAINT_NAME=" + table + "_CHECK CONSTRAINT_TYPE=CHECK",
              "CONSTRAINT_NAME=" + table + "_V_CHECK CONSTRAINT_TYPE=CHECK");
    }
  }

  private static int update(PreparedStatement statement, int id, int v) throws SQLException {
    statement.setInt(1, id);
    statement.setInt(2, v);
    return statement.executeUpdate();
  }

  private static void addBatch(PreparedStatement statement, int id, int v) throws SQLException {
    statement.setInt(1, id);
    statement.setInt(2, v);
    statement.addBatch();
  }

  @Test
  void a_violation_is_jdbcs_and_says_what_where_and_why() throws SQLException {
    try (Connection connection = Client.NATIVE.connect(node);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE VIOLATED (A INT CONSTRAINT A_IS_POSITIVE CHECK (A > 0))");
      SQLException failure =
          catchThrowableOfType(
              SQLException.class,
              () -> statement.executeUpdate("INSERT INTO VIOLATED VALUES (-5)"));
      assertThat((Throwable) failure)
          .isInstanceOf(SQLIntegrityConstraintViolationException.class)
          .hasMessageContaining(
              "row of table \"PUBLIC.VIOLATED\" violates check constraint \"A_IS_POSITIVE\""
                  + " (A > 0): (A)=(-5)");
      assertThat(failure.getErrorCode()).isEqualTo(ErrorCode.CHECK_VIOLATION.number());
    }
  }

  @Test
  void prepared_writes_of_one_row_are_held_against_checks_too() throws SQLException {
    try (Connection connection = Client.NATIVE.connect(node);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE SHORTLY (ID INT PRIMARY KEY, V INT CHECK (V > 0))");
      try (PreparedStatement insert =
              connection.prepareStatement("INSERT INTO SHORTLY VALUES (?, ?)");
          PreparedStatement change =
              connection.prepareStatement("UPDATE SHORTLY SET V = V - ? WHERE ID = ?")) {
        for (int id = 1; id <= 5; id++) {
          int next = id;
          assertThat(update(insert, next, 1)).isEqualTo(1);
          assertState("23514", () -> update(insert, next + 100, -next));
          assertState("23514", () -> update(change, 1, next));
          assertThat(update(change, -next, next)).isEqualTo(1);
        }
      }
      assertThat(texts(statement.executeQuery("SELECT COUNT(*) N, SUM(V) V FROM SHORTLY")))
          .containsExactly("N=5 V=20");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_foreign_key_binds_rows_on_every_road(Client client) throws SQLException {
    String parent = client.table("BOUND");
    String child = client.table("REFERRING");
    try (Connection connection = client.connect(node);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE " + parent + " (ID INT PRIMARY KEY)");
      statement.executeUpdate(
          "CREATE TABLE " + child + " (ID INT PRIMARY KEY, V INT REFERENCES " + parent + ")");
      statement.executeUpdate("INSERT INTO " + parent + " VALUES (1), (2), (3)");
      String insert = "INSERT INTO " + child + " VALUES ";
      assertState("23503", () -> statement.executeUpdate(insert + "(1, 1), (2, 9)"));
      assertThat(number(statement, "SELECT COUNT(*) FROM " + child)).isZero();

      try (PreparedStatement prepared = connection.prepareStatement(insert + "(?, ?)");
          PreparedStatement change =
              connection.prepareStatement("UPDATE " + child + " SET V = ? WHERE ID = ?")) {
        for (int id = 1; id <= 4; id++) {
          int next = id;
          assertThat(update(prepared, next, 1)).isEqualTo(1);
          assertState("23503", () -> update(prepared, next + 100, 9));
          assertState("23503", () -> update(change, 9, next));
          assertThat(update(change, 2, next)).isEqualTo(1);
        }
        addBatch(prepared, 5, 3);
        addBatch(prepared, 6, 9);
        assertState("23503", prepared::executeBatch);
      }
      assertState("23503", () -> statement.executeUpdate("DELETE FROM " + parent));
      assertState("2BP01", () -> statement.executeUpdate("DROP TABLE " + parent));
      assertThat(statement.executeUpdate("DELETE FROM " + parent + " WHERE ID = 3")).isEqualTo(1);

      connection.setAutoCommit(false);
      statement.executeUpdate("INSERT INTO " + parent + " VALUES (7)");
      statement.executeUpdate(insert + "(7, 7)");
      assertState("23503", () -> statement.executeUpdate(insert + "(8, 3)"));
      assertState(
          "23503", () -> statement.executeUpdate("DELETE FROM " + parent + " WHERE ID = 7"));
      statement.executeUpdate("UPDATE " + child + " SET V = NULL WHERE V = 2");
      statement.executeUpdate("DELETE FROM " + parent + " WHERE ID < 3");
      connection.commit();
      connection.setAutoCommit(true);
      assertForeignKeyComesAndGoes(statement, parent, child);
    }
  }

  private static void assertForeignKeyComesAndGoes(Statement statement, String parent, String child)
      throws SQLException {
    statement.executeUpdate("ALTER TABLE " + child + " DROP CONSTRAINT " + child + "_V_FKEY");
    statement.executeUpdate("INSERT INTO " + child + " VALUES (9, 99)");
    assertState(
        "23503",
        () ->
            statement.executeUpdate(
                "ALTER TABLE " + child + " ADD FOREIGN KEY (V) REFERENCES " + parent));
    statement.executeUpdate("DELETE FROM " + child + " WHERE V = 99");
    statement.executeUpdate(
        "ALTER TABLE "
            + child
            + " ADD CONSTRAINT "
            + child
            + "_FK FOREIGN KEY (V) REFERENCES "
            + parent
            + " ON DELETE CASCADE");
    assertThat(statement.executeUpdate("DELETE FROM " + parent)).isEqualTo(1);
    assertThat(texts(statement.executeQuery("SELECT ID, V FROM " + child + " ORDER BY ID")))
        .containsExactly("ID=1 V=null", "ID=2 V=null", "ID=3 V=null", "ID=4 V=null");
  }

  @Test
  void foreign_keys_are_in_the_metadata() throws SQLException {
    try (Connection connection = Client.NATIVE.connect(node);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE REFERRED (A INT, B INT, PRIMARY KEY (A, B))");
      statement.executeUpdate(
          "CREATE TABLE REFERRER (X INT, Y INT, CONSTRAINT XY FOREIGN KEY (Y, X) REFERENCES"
              + " REFERRED ON DELETE SET NULL ON UPDATE CASCADE)");
      String expected = "REFERRED REFERRER XY ";
      DatabaseMetaData metadata = connection.getMetaData();
      assertThat(keys(metadata.getImportedKeys(null, "PUBLIC", "REFERRER")))
          .containsExactly(expected + "Y=A 0 2", expected + "X=B 0 2");
      assertThat(keys(metadata.getExportedKeys(null, null, "REFERRED"))).hasSize(2);
      assertThat(keys(metadata.getCrossReference(null, null, "REFERRED", null, null, "REFERRER")))
          .hasSize(2);
      assertThat(keys(metadata.getExportedKeys(null, null, "REFERRER"))).isEmpty();
    }
  }

  private static List<String> keys(ResultSet rows) throws SQLException {
    List<String> keys = new ArrayList<>();
    try (rows) {
      while (rows.next()) {
        keys.add(
            String.join(
                " ",
                rows.getString("PKTABLE_NAME"),
                rows.getString("FKTABLE_NAME"),
                rows.getString("FK_NAME"),
                rows.getString("FKCOLUMN_NAME") + "=" + rows.getString("PKCOLUMN_NAME"),
                rows.getString("UPDATE_RULE"),
                rows.getString("DELETE_RULE")));
      }
    }
    return keys;
  }

  private static void assertState(String state, ThrowingCallable call) {
    SQLException failure = catchThrowableOfType(SQLException.class, call);
    assertThat(failure.getSQLState()).as(failure.getMessage()).isEqualTo(state);
    assertThat(String.valueOf(failure.getMessage()).lines()).hasSizeLessThanOrEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void metadata_knows_what_was_made(Client client) throws SQLException {
    String table = client.table("DESCRIBED");
    try (Connection connection = client.connect(node);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE " + table + " (ID INT PRIMARY KEY, NAME VARCHAR(5) NOT NULL)");
      List<String> columns = new ArrayList<>();
      try (ResultSet rows = connection.getMetaData().getColumns(null, "PUBLIC", table, null)) {
        while (rows.next()) {
          columns.add(rows.getString("COLUMN_NAME") + " " + rows.getString("TYPE_NAME"));
        }
      }
      assertThat(columns).containsExactly("ID INTEGER", "NAME VARCHAR");
      try (ResultSet rows =
          connection
              .getMetaData()
              .getTables(null, "SYSTEM", "NODES", new String[] {"SYSTEM TABLE"})) {
        assertThat(rows.next()).isTrue();
      }
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      return row.getLong(1);
    }
  }
}

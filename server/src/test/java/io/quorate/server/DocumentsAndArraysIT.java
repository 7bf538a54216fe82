package io.quorate.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.server.OneNode.Client;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values of JSON and ARRAY through a whole node, by the stock Avatica driver and by our own. */
@Timeout(240)
final class DocumentsAndArraysIT {
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
  void json_is_written_and_read(Client client) throws SQLException {
    String table = client.table("DOCUMENTS");
    try (Connection connection = client.connect(node);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + table + " (ID INT PRIMARY KEY, J JSON)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO " + table + " VALUES (?, ?)")) {
        insert.setInt(1, 1);
        insert.setString(2, "{\"a\" : \"ä\"}");
        assertThat(insert.executeUpdate()).isEqualTo(1);
        insert.setInt(1, 2);
        insert.setObject(2, null);
        assertThat(insert.executeUpdate()).isEqualTo(1);
        insert.setInt(1, 3);
        insert.setString(2, "{a}");
        assertThat(catchThrowableOfType(SQLException.class, insert::executeUpdate).getSQLState())
            .isEqualTo("22P02");
      }
      try (ResultSet rows =
          statement.executeQuery("SELECT J, JSON_VALUE(J, '$.a') FROM " + table + " ORDER BY ID")) {
        assertThat(rows.getMetaData().getColumnTypeName(1)).isEqualTo("JSON");
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isEqualTo("{\"a\" : \"ä\"}");
        assertThat(rows.getObject(1)).isEqualTo("{\"a\" : \"ä\"}");
        assertThat(rows.getString(2)).isEqualTo("ä");
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isNull();
        assertThat(rows.next()).isFalse();
      }
      try (ResultSet columns = connection.getMetaData().getColumns(null, "PUBLIC", table, "J")) {
        assertThat(columns.next()).isTrue();
        assertThat(columns.getInt("DATA_TYPE")).isEqualTo(java.sql.Types.OTHER);
        assertThat(columns.getString("TYPE_NAME")).isEqualTo("JSON");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void arrays_are_read(Client client) throws SQLException {
    String table = client.table("ARRAYS");
    try (Connection connection = client.connect(node);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + table + " (ID INT PRIMARY KEY, V INT ARRAY)");
      statement.execute("INSERT INTO " + table + " VALUES (1, ARRAY[1, NULL, 3]), (2, NULL)");
      try (ResultSet rows =
          statement.executeQuery("SELECT V, ARRAY['a b', 'c'] FROM " + table + " ORDER BY ID")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isEqualTo("{1,NULL,3}");
        assertThat(rows.getString(2)).isEqualTo("{\"a b\",c}");
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isNull();
      }
    }
  }

  @Test
  void arrays_are_values_of_jdbc() throws SQLException {
    try (Connection connection = Client.NATIVE.connect(node);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE A (ID INT PRIMARY KEY, V INT ARRAY, T VARCHAR(5) ARRAY)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO A VALUES (?, ?, ?)")) {
        insert.setInt(1, 1);
        insert.setArray(2, connection.createArrayOf("INTEGER", new Object[] {1, null, 3L}));
        insert.setObject(3, List.of("ä", ""));
        insert.executeUpdate();
        insert.setInt(1, 2);
        insert.setObject(2, new int[] {7});
        insert.setArray(3, null);
        insert.executeUpdate();
      }
      try (ResultSet rows = statement.executeQuery("SELECT V, T FROM A ORDER BY ID")) {
        assertThat(rows.getMetaData().getColumnType(1)).isEqualTo(java.sql.Types.ARRAY);
        assertThat(rows.getMetaData().getColumnTypeName(2)).isEqualTo("VARCHAR ARRAY");
        assertThat(rows.next()).isTrue();
        java.sql.Array array = rows.getArray(1);
        assertThat(array.getBaseTypeName()).isEqualTo("INTEGER");
        assertThat(array.getArray()).isEqualTo(new Integer[] {1, null, 3});
        assertThat(array.getArray(2, 1)).isEqualTo(new Integer[] {null});
        try (ResultSet elements = array.getResultSet(3, 5)) {
          assertThat(elements.next()).isTrue();
          assertThat(elements.getInt("INDEX")).isEqualTo(3);
          assertThat(elements.getInt("VALUE")).isEqualTo(3);
          assertThat(elements.next()).isFalse();
        }
        assertThat(((java.sql.Array) requireNonNull(rows.getObject(2))).getArray())
            .isEqualTo(new String[] {"ä", ""});
        assertThat(rows.next()).isTrue();
        assertThat(rows.getArray("V").getArray()).isEqualTo(new Integer[] {7});
        assertThat(rows.getArray("T")).isNull();
        assertThat(rows.wasNull()).isTrue();
      }
    }
  }
}

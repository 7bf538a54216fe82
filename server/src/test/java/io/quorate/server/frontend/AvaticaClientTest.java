package io.quorate.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.calcite.avatica.AvaticaSpecificDatabaseMetaData;
import org.apache.calcite.avatica.AvaticaSqlException;
import org.apache.calcite.avatica.remote.Driver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stock Avatica driver against the client port. */
final class AvaticaClientTest {
  private final TestPort port = new TestPort();

  @AfterEach
  void close() {
    port.close();
    assertThat(port.uncaught.get()).isNull();
    assertThat(port.statements.open()).isZero();
  }

  private Connection connect(String serialization) throws SQLException {
    return connect(serialization, Map.of());
  }

  private Connection connect(String serialization, Map<String, String> more) throws SQLException {
    Properties properties = new Properties();
    properties.putAll(more);
    return new Driver()
        .connect(
            "jdbc:avatica:remote:url=http://" + port.address() + ";serialization=" + serialization,
            properties);
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void values_of_every_type_arrive(String serialization) throws SQLException {
    try (Connection connection = connect(serialization);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("ALL TYPES")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getBoolean(1)).isTrue();
      assertThat(row.getByte(2)).isEqualTo((byte) -7);
      assertThat(row.getShort(3)).isEqualTo((short) 300);
      assertThat(row.getInt(4)).isEqualTo(70_000);
      assertThat(row.getLong(5)).isEqualTo(5_000_000_000L);
      assertThat(row.getBigDecimal(6)).isEqualByComparingTo("1234.50");
      assertThat(row.getFloat(7)).isEqualTo(1.5f);
      assertThat(row.getDouble(8)).isEqualTo(-2.25);
      assertThat(row.getString(9)).isEqualTo("abc");
      assertThat(row.getString(10)).isEqualTo("Grüße, 世界 🙂");
      assertThat(row.getBytes(11)).containsExactly(1, 2);
      assertThat(row.getBytes(12)).containsExactly(-1, 0, 127);
      assertThat(row.getDate(13)).isEqualTo(Date.valueOf("1969-07-20"));
      assertThat(row.getTime(14)).hasToString("23:59:58");
      assertThat(row.getTimestamp(15)).isEqualTo(Timestamp.valueOf("2026-02-28 13:14:15.123"));
      assertThat(row.getString(15)).isEqualTo("2026-02-28 13:14:15.123");
      assertThat(row.getString(16)).isEqualTo("12345678-1234-5678-1234-567812345678");
      assertThat(row.next()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void null_of_every_type_arrives(String serialization) throws SQLException {
    try (Connection connection = connect(serialization);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("ALL NULLS")) {
      assertThat(row.next()).isTrue();
      for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
        assertThat(row.getObject(i)).as("column " + i).isNull();
        assertThat(row.getString(i)).as("column " + i).isNull();
        assertThat(row.wasNull()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void columns_describe_themselves(String serialization) throws SQLException {
    try (Connection connection = connect(serialization);
        PreparedStatement statement = connection.prepareStatement("ALL TYPES")) {
      ResultSetMetaData columns = statement.getMetaData();
      assertThat(columns.getColumnCount()).isEqualTo(16);
      assertThat(columns.getColumnLabel(6)).isEqualTo("C_DECIMAL");
      assertThat(columns.getColumnName(6)).isEqualTo("C");
      assertThat(columns.getTableName(6)).isEqualTo("ALL_TYPES");
      assertThat(columns.getSchemaName(6)).isEqualTo("PUBLIC");
      assertThat(columns.getColumnType(6)).isEqualTo(Types.DECIMAL);
      assertThat(columns.getColumnTypeName(6)).isEqualTo("DECIMAL");
      assertThat(columns.getPrecision(6)).isEqualTo(12);
      assertThat(columns.getScale(6)).isEqualTo(2);
      assertThat(columns.isNullable(6)).isEqualTo(ResultSetMetaData.columnNullable);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void parameters_of_every_type_arrive(String serialization) throws SQLException {
    try (Connection connection = connect(serialization);
        PreparedStatement echo = connection.prepareStatement("ECHO")) {
      assertThat(echo.getParameterMetaData().getParameterCount()).isEqualTo(1);
      assertThat(echoed(echo, statement -> statement.setString(1, "Ä"))).isEqualTo("String Ä");
      assertThat(echoed(echo, statement -> statement.setInt(1, 5))).isEqualTo("Integer 5");
      assertThat(echoed(echo, statement -> statement.setLong(1, 1L << 40)))
          .isEqualTo("Long 1099511627776");
      assertThat(echoed(echo, statement -> statement.setShort(1, (short) 5))).isEqualTo("Short 5");
      assertThat(echoed(echo, statement -> statement.setByte(1, (byte) 5))).isEqualTo("Byte 5");
      assertThat(echoed(echo, statement -> statement.setBoolean(1, true)))
          .isEqualTo("Boolean true");
      assertThat(echoed(echo, statement -> statement.setDouble(1, 2.5))).isEqualTo("Double 2.5");
      assertThat(echoed(echo, statement -> statement.setFloat(1, 2.5f))).isEqualTo("Float 2.5");
      assertThat(echoed(echo, statement -> statement.setBigDecimal(1, new BigDecimal("0.10"))))
          .isEqualTo("BigDecimal 0.10");
      assertThat(echoed(echo, statement -> statement.setBytes(1, new byte[] {1, 2, 3})))
          .isEqualTo("byte[] 3 bytes");
      assertThat(echoed(echo, statement -> statement.setDate(1, Date.valueOf("1960-02-29"))))
          .isEqualTo("LocalDate 1960-02-29");
      assertThat(echoed(echo, statement -> statement.setTime(1, Time.valueOf("13:14:15"))))
          .isEqualTo("LocalTime 13:14:15");
      assertThat(
              echoed(
                  echo,
                  statement ->
                      statement.setTimestamp(1, Timestamp.valueOf("1950-01-02 03:04:05.678"))))
          .isEqualTo("LocalDateTime 1950-01-02T03:04:05.678");
      assertThat(echoed(echo, statement -> statement.setNull(1, Types.VARCHAR))).isEqualTo("null");
      assertThat(echoed(echo, statement -> statement.setObject(1, null))).isEqualTo("null");
    }
  }

  private interface Setter {
    void set(PreparedStatement statement) throws SQLException;
  }

  private static String echoed(PreparedStatement statement, Setter setter) throws SQLException {
    setter.set(statement);
    try (ResultSet row = statement.executeQuery()) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void update_counts_arrive(String serialization) throws SQLException {
    try (Connection connection = connect(serialization);
        Statement statement = connection.createStatement();
        PreparedStatement prepared = connection.prepareStatement("COUNT 3")) {
      assertThat(statement.executeUpdate("COUNT 17")).isEqualTo(17);
      assertThat(statement.executeUpdate("CREATE TABLE T")).isZero();
      assertThat(statement.execute("COUNT 5")).isFalse();
      assertThat(statement.getUpdateCount()).isEqualTo(5);
      assertThat(statement.execute("ROWS 1")).isTrue();
      assertThat(prepared.executeUpdate()).isEqualTo(3);
      assertThat(prepared.executeUpdate()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void ten_thousand_rows_come_in_frames_and_in_order(String serialization) throws SQLException {
    try (Connection connection = connect(serialization);
        Statement statement = connection.createStatement()) {
      for (int size : List.of(1, 99, 100, 101, 10_000)) {
        try (ResultSet rows = statement.executeQuery("ROWS " + size)) {
          assertInOrder(rows, size);
        }
      }
      statement.setFetchSize(3_000);
      try (ResultSet rows = statement.executeQuery("ROWS 10000")) {
        assertInOrder(rows, 10_000);
      }
    }
  }

  private static void assertInOrder(ResultSet rows, int count) throws SQLException {
    int next = 0;
    while (rows.next()) {
      assertThat(rows.getInt(1)).isEqualTo(next);
      assertThat(rows.getString(2)).isEqualTo("row " + next);
      next++;
    }
    assertThat(next).isEqualTo(count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void an_empty_result_is_a_result(String serialization) throws SQLException {
    try (Connection connection = connect(serialization);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("ROWS 0")) {
      assertThat(rows.next()).isFalse();
      assertThat(rows.getMetaData().getColumnCount()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void rows_of_a_statement_are_bounded_by_its_maximum(String serialization) throws SQLException {
    try (Connection connection = connect(serialization);
        Statement statement = connection.createStatement()) {
      statement.setMaxRows(250);
      try (ResultSet rows = statement.executeQuery("ROWS 1000")) {
        assertInOrder(rows, 250);
      }
      assertThat(port.statements.requests.get(0).rowsMax()).isEqualTo(250);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void running_again_drops_the_rows_that_were_left(String serialization) throws SQLException {
    try (Connection connection = connect(serialization);
        Statement statement = connection.createStatement();
        Statement other = connection.createStatement()) {
      for (int i = 0; i < 5; i++) {
        assertThat(statement.executeQuery("ROWS 20000").next()).isTrue();
      }
      assertThat(single(other, "SHOW cursors")).isEqualTo("1");
      statement.close();
      assertThat(single(other, "SHOW cursors")).isEqualTo("0");
    }
  }

  private static String single(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void a_prepared_statement_runs_again_and_again(String serialization) throws SQLException {
    try (Connection connection = connect(serialization);
        PreparedStatement statement = connection.prepareStatement("ROWS 150")) {
      for (int i = 0; i < 3; i++) {
        try (ResultSet rows = statement.executeQuery()) {
          assertInOrder(rows, 150);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void failures_have_their_state_and_one_line(String serialization) throws SQLException {
    try (Connection connection = connect(serialization);
        Statement statement = connection.createStatement()) {
      assertFailure(
          () -> statement.executeUpdate("FAIL"), "23505", 10102, "key 1 is there already");
      assertFailure(() -> statement.executeQuery("NONSENSE"), "42601", 10301, "syntax error");
      assertFailure(() -> connection.prepareStatement("BAD"), "42601", 10301, "preparing SQL: BAD");
      assertFailure(() -> statement.executeUpdate("BREAK"), "XX000", 10901, "internal error");
      assertThat(statement.executeUpdate("COUNT 1")).isEqualTo(1);
    }
  }

  private static void assertFailure(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call,
      String state,
      int code,
      String message) {
    AvaticaSqlException failure = catchThrowableOfType(AvaticaSqlException.class, call);
    assertThat(failure.getSQLState()).isEqualTo(state);
    assertThat(failure.getErrorCode()).isEqualTo(code);
    assertThat(failure.getMessage()).contains(message).doesNotContain("\tat ");
    assertThat(failure.getStackTraces())
        .allSatisfy(text -> assertThat(text).doesNotContain("\tat ").doesNotContain("secret"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void batches_run_in_one_request(String serialization) throws SQLException {
    try (Connection connection = connect(serialization);
        PreparedStatement take = connection.prepareStatement("TAKE");
        Statement texts = connection.createStatement()) {
      for (int i = 0; i < 1000; i++) {
        take.setString(1, "value " + i);
        take.addBatch();
      }
      assertThat(take.executeBatch()).hasSize(1000).containsOnly(1);
      assertThat(port.statements.requests).hasSize(1);
      texts.addBatch("COUNT 1");
      texts.addBatch("COUNT 2");
      assertThat(texts.executeBatch()).containsExactly(1, 2);
      take.setString(1, "bad");
      take.addBatch();
      assertFailure(take::executeBatch, "23502", 10101, "column X");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void properties_of_the_connection_are_settings_of_the_session(String serialization)
      throws SQLException {
    try (Connection connection =
        connect(serialization, Map.of("read_level", "LOCAL", "other", "x"))) {
      assertThat(port.statements.openedWith.get(0).settings())
          .containsOnly(Map.entry("read_level", "LOCAL"));
      assertThat(connection.getSchema()).isEqualTo("PUBLIC");
      assertThat(connection.getAutoCommit()).isTrue();
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      connection.setSchema("SALES");
      try (Statement statement = connection.createStatement()) {
        assertThat(single(statement, "SHOW autocommit")).isEqualTo("false");
        assertThat(single(statement, "SHOW read_only")).isEqualTo("true");
        assertThat(single(statement, "SHOW isolation")).isEqualTo("SERIALIZABLE");
        assertThat(single(statement, "SHOW schema")).isEqualTo("SALES");
      }
      connection.commit();
      connection.rollback();
      assertThat(connection.getCatalog()).isEqualTo("QUORATE");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void metadata_is_answered(String serialization) throws SQLException {
    try (Connection connection = connect(serialization)) {
      DatabaseMetaData metadata = connection.getMetaData();
      assertThat(
              metadata
                  .unwrap(AvaticaSpecificDatabaseMetaData.class)
                  .getRemoteAvaticaProperties()
                  .toString())
          .contains("Quorate");
      assertThat(metadata.getDefaultTransactionIsolation())
          .isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
      assertThat(texts(metadata.getCatalogs(), "TABLE_CAT")).containsExactly("QUORATE");
      assertThat(texts(metadata.getSchemas(), "TABLE_SCHEM")).containsExactly("PUBLIC");
      assertThat(texts(metadata.getTableTypes(), "TABLE_TYPE")).contains("TABLE", "VIEW");
      assertThat(texts(metadata.getTables(null, null, "ORD%", null), "TABLE_NAME"))
          .containsExactly("ORDERS");
      assertThat(
              texts(metadata.getTables("QUORATE", "PUBLIC", "%", new String[] {"VIEW"}), "REMARKS"))
          .isEmpty();
      assertThat(texts(metadata.getColumns(null, "PUBLIC", "ORDERS", "%"), "COLUMN_NAME"))
          .containsExactly("ID", "PRICE");
      assertThat(texts(metadata.getTypeInfo(), "TYPE_NAME")).contains("DECIMAL", "TIMESTAMP");
      try (ResultSet columns = metadata.getColumns(null, "PUBLIC", "ORDERS", "PRICE")) {
        assertThat(columns.next()).isTrue();
        assertThat(columns.getInt("DATA_TYPE")).isEqualTo(Types.DECIMAL);
        assertThat(columns.getInt("COLUMN_SIZE")).isEqualTo(12);
        assertThat(columns.getString("COLUMN_DEF")).isEqualTo("0.00");
        assertThat(columns.getInt("ORDINAL_POSITION")).isEqualTo(2);
      }
    }
  }

  private static List<String> texts(ResultSet rows, String column) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (rows) {
      while (rows.next()) {
        texts.add(rows.getString(column));
      }
    }
    return texts;
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void a_session_ends_with_its_connection(String serialization) throws SQLException {
    Connection connection = connect(serialization);
    assertThat(connection.createStatement().executeUpdate("COUNT 1")).isEqualTo(1);
    assertThat(port.statements.open()).isEqualTo(1);
    connection.close();
    assertThat(port.statements.open()).isZero();
    try (Connection next = connect(serialization)) {
      assertThat(next.createStatement().executeUpdate("COUNT 2")).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void a_refused_session_says_why(String serialization) {
    assertThatThrownBy(() -> connect(serialization, Map.of("user", "nobody")).close())
        .hasMessageContaining("too many sessions");
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void a_parameter_beyond_the_bound_of_a_request_is_refused(String serialization)
      throws SQLException {
    try (Connection connection = connect(serialization);
        PreparedStatement echo = connection.prepareStatement("ECHO")) {
      assertFailure(
          () -> echoed(echo, statement -> statement.setString(1, "x".repeat(17 << 20))),
          "54000",
          10501,
          "a request has at most 16777216 bytes");
      assertThat(echoed(echo, statement -> statement.setString(1, "small")))
          .isEqualTo("String small");
    }
  }
}

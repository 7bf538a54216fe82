package io.quorate.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quorate.driver.route.FakeCluster;
import io.quorate.driver.route.FakeNode;
import io.quorate.driver.wire.Execute;
import io.quorate.driver.wire.FrameType;
import io.quorate.driver.wire.LargeValue;
import io.quorate.driver.wire.Result;
import io.quorate.driver.wire.RowBlock;
import io.quorate.driver.wire.SessionState;
import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.WireColumn;
import io.quorate.driver.wire.WireType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JdbcValuesTest {
  private static final LocalDateTime MOMENT = LocalDateTime.of(2026, 3, 29, 2, 30, 0, 123_456_789);
  private static final OffsetDateTime INSTANT = MOMENT.atOffset(ZoneOffset.UTC);

  private static final UUID SOME_UUID = new UUID(1, 2);

  private final FakeCluster cluster = FakeCluster.of(1);
  private Connection connection;

  @BeforeEach
  void connect() throws SQLException {
    connection = cluster.connect();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    cluster.close();
  }

  private FakeNode node() {
    return cluster.leader();
  }

  /** Has the next SELECT give a row with a value of each type, in columns named as these. */
  private void giveEachType() {
    List<WireColumn> columns = new ArrayList<>();
    for (WireType type : WireType.values()) {
      WireColumn column = WireColumn.computed(type.name(), type);
      columns.add(type == WireType.ARRAY ? column.ofElements(WireType.SMALLINT) : column);
    }
    @Nullable Object[] row = {
      true,
      (byte) 1,
      (short) 2,
      3,
      4L,
      new BigDecimal("5.50"),
      1.5f,
      2.5,
      "c",
      "v",
      new byte[] {1},
      new byte[] {2},
      LocalDate.of(2026, 1, 2),
      LocalTime.of(3, 4, 5, 6_000_000),
      MOMENT,
      SOME_UUID,
      null,
      LargeValue.of(false, new byte[] {7, 8}),
      LargeValue.of(true, "große".getBytes(StandardCharsets.UTF_8)),
      INSTANT,
      Period.of(-1, -6, 0),
      Duration.ofSeconds(-93_784, -500_000_000),
      Arrays.asList((short) 1, null),
      "[1]"
    };
    Signature signature = new Signature(columns);
    RowBlock block = RowBlock.encode(signature, List.<@Nullable Object[]>of(row), 0);
    node().once(FrameType.EXECUTE, Result.rows(signature, 0, block, 0, SessionState.NOTHING));
  }

  @Test
  void each_type_is_read_as_jdbc_has_it() throws SQLException {
    giveEachType();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT all")) {
      rows.next();
      assertThat(rows.getObject("BOOLEAN")).isEqualTo(true);
      assertThat(rows.getObject("TINYINT")).isEqualTo(1);
      assertThat(rows.getObject("SMALLINT")).isEqualTo(2);
      assertThat(rows.getObject(4)).isEqualTo(3);
      assertThat(rows.getObject("BIGINT")).isEqualTo(4L);
      assertThat(rows.getObject("DECIMAL")).isEqualTo(new BigDecimal("5.50"));
      assertThat(rows.getObject("REAL")).isEqualTo(1.5f);
      assertThat(rows.getObject("DOUBLE")).isEqualTo(2.5);
      assertThat(((Blob) rows.getObject("BLOB")).getBytes(2, 5)).containsExactly(8);
      assertThat(rows.getBytes("BLOB")).containsExactly(7, 8);
      assertThat(((Clob) rows.getObject("CLOB")).getSubString(1, 4)).isEqualTo("groß");
      assertThat(rows.getString("CLOB")).isEqualTo("große");
      assertThat((Object[]) rows.getArray("ARRAY").getArray()).isEqualTo(new Integer[] {1, null});
      assertThat(rows.getString("ARRAY")).isEqualTo("{1,NULL}");
      assertThat(rows.getObject("JSON")).isEqualTo("[1]");
      assertThat(rows.getString("JSON")).isEqualTo("[1]");
      assertThat(rows.getObject("VARCHAR")).isEqualTo("v");
      assertThat(rows.getObject("DATE")).isEqualTo(Date.valueOf("2026-01-02"));
      assertThat(rows.getObject("TIMESTAMP")).isEqualTo(Timestamp.valueOf(MOMENT));
      assertThat(rows.getObject("UUID")).isEqualTo(SOME_UUID);
      assertThat(rows.getObject("TIMESTAMP_TZ")).isEqualTo(INSTANT);
      assertThat(rows.getObject("INTERVAL_YEAR_MONTH")).isEqualTo(Period.of(-1, -6, 0));
      assertThat(rows.getObject("INTERVAL_DAY_TIME"))
          .isEqualTo(Duration.ofSeconds(-93_784, -500_000_000));
    }
  }

  @Test
  void instants_and_intervals_are_read_as_they_are_asked_for() throws SQLException {
    giveEachType();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT all")) {
      rows.next();
      assertThat(rows.getString("TIMESTAMP_TZ")).isEqualTo("2026-03-29 02:30:00.123456789+00:00");
      assertThat(rows.getTimestamp("TIMESTAMP_TZ")).isEqualTo(Timestamp.from(INSTANT.toInstant()));
      assertThat(rows.getObject("TIMESTAMP_TZ", Instant.class)).isEqualTo(INSTANT.toInstant());
      assertThat(rows.getObject("TIMESTAMP_TZ", OffsetDateTime.class)).isEqualTo(INSTANT);
      assertThat(rows.getObject("TIMESTAMP_TZ", ZonedDateTime.class))
          .isEqualTo(INSTANT.toZonedDateTime());
      assertThat(rows.getObject("TIMESTAMP_TZ", LocalDateTime.class)).isEqualTo(MOMENT);
      assertThat(rows.getObject("TIMESTAMP", OffsetDateTime.class)).isEqualTo(INSTANT);
      assertThat(rows.getString("INTERVAL_YEAR_MONTH")).isEqualTo("-1-06");
      assertThat(rows.getString("INTERVAL_DAY_TIME")).isEqualTo("-1 02:03:04.5");
      assertThat(rows.getObject("INTERVAL_DAY_TIME", Duration.class))
          .isEqualTo(Duration.ofSeconds(-93_784, -500_000_000));
      assertThat(rows.getObject("INTERVAL_YEAR_MONTH", Period.class))
          .isEqualTo(Period.of(-1, -6, 0));
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> rows.getObject("INTERVAL_YEAR_MONTH", Duration.class));
      ResultSetMetaData told = rows.getMetaData();
      int tz = rows.findColumn("TIMESTAMP_TZ");
      assertThat(told.getColumnType(tz)).isEqualTo(Types.TIMESTAMP_WITH_TIMEZONE);
      assertThat(told.getColumnTypeName(tz)).isEqualTo("TIMESTAMP WITH TIME ZONE");
      assertThat(told.getColumnClassName(tz)).isEqualTo(OffsetDateTime.class.getName());
      assertThat(told.getColumnTypeName(tz + 1)).isEqualTo("INTERVAL YEAR TO MONTH");
      assertThat(told.getColumnTypeName(tz + 2)).isEqualTo("INTERVAL DAY TO SECOND");
      assertThat(told.getColumnClassName(tz + 2)).isEqualTo(Duration.class.getName());
    }
  }

  @Test
  void each_type_is_read_as_it_is_asked_for() throws SQLException {
    giveEachType();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT all")) {
      rows.next();
      assertThat(rows.getTimestamp("TIMESTAMP").getNanos()).isEqualTo(123_456_789);
      assertThat(rows.getObject("TIMESTAMP", LocalDateTime.class)).isEqualTo(MOMENT);
      assertThat(rows.getObject("DATE", LocalDate.class)).isEqualTo(LocalDate.of(2026, 1, 2));
      assertThat(rows.getObject("TIME", LocalTime.class))
          .isEqualTo(LocalTime.of(3, 4, 5, 6_000_000));
      assertThat(rows.getTime("TIME").toLocalTime()).isEqualTo(LocalTime.of(3, 4, 5));
      assertThat(rows.getObject("UUID", UUID.class)).isEqualTo(SOME_UUID);
      assertThat(rows.getObject("INTEGER", Long.class)).isEqualTo(3L);
      assertThat(rows.getString("TIMESTAMP")).isEqualTo("2026-03-29 02:30:00.123456789");
      assertThat(rows.getString("TIME")).isEqualTo("03:04:05.006");
      assertThat(rows.getString("DECIMAL")).isEqualTo("5.50");
      assertThat(rows.getLong("DECIMAL")).isEqualTo(5);
      assertThat(rows.getBytes("BINARY")).containsExactly(1);
      assertThat(rows.getInt("NULL")).isZero();
      assertThat(rows.wasNull()).isTrue();
      assertThat(rows.getObject("NULL")).isNull();
    }
  }

  @Test
  void what_cannot_be_read_is_told_with_its_state() throws SQLException {
    giveEachType();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT all")) {
      rows.next();
      assertThatExceptionOfType(SQLDataException.class)
          .isThrownBy(() -> rows.getInt("VARCHAR"))
          .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("22P02"));
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> rows.getString("NONE"))
          .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("42703"));
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> rows.getString(100))
          .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("22023"));
      ResultSetMetaData metadata = rows.getMetaData();
      assertThat(metadata.getColumnType(15)).isEqualTo(Types.TIMESTAMP);
      assertThat(metadata.getColumnTypeName(6)).isEqualTo("DECIMAL");
      assertThat(metadata.getColumnClassName(2)).isEqualTo("java.lang.Integer");
    }
  }

  @Test
  void timestamps_are_of_the_calendars_zone() throws SQLException {
    Signature signature = new Signature(List.of(WireColumn.computed("T", WireType.TIMESTAMP)));
    @Nullable Object[] row = {MOMENT};
    RowBlock block = RowBlock.encode(signature, List.<@Nullable Object[]>of(row), 0);
    node().once(FrameType.EXECUTE, Result.rows(signature, 0, block, 0, SessionState.NOTHING));
    java.util.Calendar tokyo = java.util.Calendar.getInstance(TimeZone.getTimeZone("Asia/Tokyo"));
    try (PreparedStatement select = connection.prepareStatement("SELECT ?, ?")) {
      select.setTimestamp(1, Timestamp.valueOf(MOMENT));
      select.setTimestamp(
          2, Timestamp.from(MOMENT.atZone(java.time.ZoneId.of("Asia/Tokyo")).toInstant()), tokyo);
      try (ResultSet rows = select.executeQuery()) {
        rows.next();
        assertThat(rows.getTimestamp(1, tokyo).toInstant())
            .isEqualTo(MOMENT.atZone(java.time.ZoneId.of("Asia/Tokyo")).toInstant());
      }
    }
    assertThat(node().requests(Execute.class).get(0).parameters()).containsExactly(MOMENT, MOMENT);
  }

  @Test
  void parameters_travel_in_their_own_class() throws SQLException {
    UUID uuid = new UUID(3, 4);
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      insert.setObject(1, LocalDate.of(2026, 1, 2));
      insert.setObject(2, LocalTime.of(1, 2, 3, 4));
      insert.setObject(3, MOMENT);
      insert.setObject(4, uuid);
      insert.setObject(5, "7", Types.INTEGER);
      insert.setObject(6, 7, JDBCType.DECIMAL);
      insert.setNull(7, Types.VARCHAR);
      insert.setDate(8, Date.valueOf("2026-01-02"));
      insert.setTime(9, Time.valueOf("01:02:03"));
      insert.setCharacterStream(10, new java.io.StringReader("text"), 2);
      insert.setBinaryStream(11, new java.io.ByteArrayInputStream(new byte[] {1, 2, 3}));
      insert.executeUpdate();
    }
    assertThat(node().requests(Execute.class).get(0).parameters())
        .usingRecursiveComparison()
        .isEqualTo(
            java.util.Arrays.asList(
                LocalDate.of(2026, 1, 2),
                LocalTime.of(1, 2, 3, 4),
                MOMENT,
                uuid,
                7,
                new BigDecimal(7),
                null,
                LocalDate.of(2026, 1, 2),
                LocalTime.of(1, 2, 3),
                "te",
                new byte[] {1, 2, 3}));
  }
}

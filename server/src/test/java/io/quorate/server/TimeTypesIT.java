package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Instants and intervals on their way to a node and back, by our driver and by Avatica's. */
@Timeout(240)
final class TimeTypesIT {
  private static final OffsetDateTime MOMENT =
      OffsetDateTime.parse("2026-03-29T02:30:00.123456789+05:30");

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

  private static Connection ours() throws SQLException {
    return OneNode.Client.NATIVE.connect(node);
  }

  private static Connection avaticas() throws SQLException {
    return OneNode.Client.AVATICA_PROTOBUF.connect(node);
  }

  private static void create(Statement statement, String table) throws SQLException {
    statement.executeUpdate(
        "CREATE TABLE "
            + table
            + " (ID INT PRIMARY KEY, TZ TIMESTAMP(9) WITH TIME ZONE, YM INTERVAL YEAR TO MONTH,"
            + " DT INTERVAL DAY TO SECOND(9))");
  }

  @Test
  void our_driver_gives_and_takes_classes_of_java_time() throws SQLException {
    try (Connection connection = ours();
        Statement statement = connection.createStatement()) {
      create(statement, "OURS");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO OURS VALUES (?, ?, ?, ?)")) {
        insert.setInt(1, 1);
        insert.setObject(2, MOMENT);
        insert.setObject(3, Period.ofMonths(-18));
        insert.setObject(4, Duration.ofSeconds(-1, 1));
        assertThat(insert.executeUpdate()).isEqualTo(1);
        insert.setInt(1, 2);
        insert.setTimestamp(2, Timestamp.from(MOMENT.toInstant()));
        insert.setString(3, "1-06");
        insert.setString(4, "3 04:05:06.7");
        insert.addBatch();
        insert.setInt(1, 3);
        insert.setObject(2, MOMENT.toInstant(), Types.OTHER);
        insert.setNull(3, Types.OTHER);
        insert.setObject(4, Period.ofDays(2));
        insert.addBatch();
        assertThat(insert.executeBatch()).containsExactly(1, 1);
        assertThatExceptionOfType(SQLException.class)
            .isThrownBy(() -> insert.setObject(3, Period.of(0, 1, 1)));
      }
      try (ResultSet rows = statement.executeQuery("SELECT * FROM OURS ORDER BY ID")) {
        assertThat(rows.getMetaData().getColumnType(2)).isEqualTo(Types.TIMESTAMP_WITH_TIMEZONE);
        assertThat(rows.getMetaData().getColumnTypeName(3)).isEqualTo("INTERVAL YEAR TO MONTH");
        assertThat(rows.getMetaData().getColumnTypeName(4)).isEqualTo("INTERVAL DAY TO SECOND");
        assertThat(rows.getMetaData().getScale(4)).isEqualTo(9);
        rows.next();
        assertThat(rows.getObject("TZ")).isEqualTo(MOMENT.withOffsetSameInstant(ZoneOffset.UTC));
        assertThat(rows.getTimestamp("TZ")).isEqualTo(Timestamp.from(MOMENT.toInstant()));
        assertThat(rows.getObject("YM")).isEqualTo(Period.of(-1, -6, 0));
        assertThat(rows.getObject("DT", Duration.class)).isEqualTo(Duration.ofSeconds(-1, 1));
        rows.next();
        assertThat(rows.getObject("TZ", Instant.class)).isEqualTo(MOMENT.toInstant());
        assertThat(rows.getString("YM")).isEqualTo("1-06");
        assertThat(rows.getString("DT")).isEqualTo("3 04:05:06.7");
        rows.next();
        assertThat(rows.getObject("TZ", Instant.class)).isEqualTo(MOMENT.toInstant());
        assertThat(rows.getObject("YM")).isNull();
        assertThat(rows.getObject("DT")).isEqualTo(Duration.ofDays(2));
      }
      try (PreparedStatement found =
          connection.prepareStatement("SELECT COUNT(*) FROM OURS WHERE TZ = ? AND DT < ?")) {
        found.setObject(1, MOMENT.toInstant());
        found.setObject(2, Duration.ofDays(3));
        try (ResultSet rows = found.executeQuery()) {
          rows.next();
          assertThat(rows.getInt(1)).isEqualTo(2);
        }
      }
    }
  }

  @Test
  void avatica_gives_and_takes_their_texts() throws SQLException {
    try (Connection connection = avaticas();
        Statement statement = connection.createStatement()) {
      create(statement, "THEIRS");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO THEIRS VALUES (?, ?, ?, ?)")) {
        insert.setInt(1, 1);
        insert.setString(2, "2026-03-29 02:30:00.123456789+05:30");
        insert.setString(3, "-1-06");
        insert.setString(4, "3 04:05:06.7");
        assertThat(insert.executeUpdate()).isEqualTo(1);
      }
      try (ResultSet rows =
          statement.executeQuery("SELECT TZ, YM, DT, TZ - TZ FROM THEIRS WHERE ID = 1")) {
        assertThat(rows.getMetaData().getColumnType(1)).isEqualTo(Types.VARCHAR);
        rows.next();
        assertThat(rows.getString(1)).isEqualTo("2026-03-28 21:00:00.123456789+00:00");
        assertThat(rows.getString(2)).isEqualTo("-1-06");
        assertThat(rows.getString(3)).isEqualTo("3 04:05:06.7");
        assertThat(rows.getString(4)).isEqualTo("0 00:00:00");
      }
    }
  }

  @Test
  void metadata_names_the_types() throws SQLException {
    try (Connection connection = ours();
        Statement statement = connection.createStatement()) {
      create(statement, "TOLD");
      try (ResultSet columns = connection.getMetaData().getColumns(null, "PUBLIC", "TOLD", "TZ")) {
        columns.next();
        assertThat(columns.getInt("DATA_TYPE")).isEqualTo(Types.TIMESTAMP_WITH_TIMEZONE);
        assertThat(columns.getString("TYPE_NAME")).isEqualTo("TIMESTAMP WITH TIME ZONE");
        assertThat(columns.getInt("DECIMAL_DIGITS")).isEqualTo(9);
      }
      try (ResultSet types = connection.getMetaData().getTypeInfo()) {
        int found = 0;
        while (types.next()) {
          String name = types.getString("TYPE_NAME");
          found += name.equals("TIMESTAMP WITH TIME ZONE") || name.startsWith("INTERVAL ") ? 1 : 0;
        }
        assertThat(found).isEqualTo(3);
      }
    }
  }
}

package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.system.SqlWriters.Written;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Reads back through one node what {@link SqlWriters} have written. */
final class SqlAudit {
  private SqlAudit() {}

  /**
   * Every acknowledged row is there once with its text and no other is, and each counter has what
   * was counted. At most the one statement that a client was left in doubt about is there beyond.
   */
  static void assertComplete(SystemNode node, List<Written> all) throws SQLException {
    try (Connection connection = DriverManager.getConnection(node.url());
        Statement statement = connection.createStatement()) {
      for (Written written : all) {
        assertRows(node, statement, written);
        assertCounter(node, statement, written);
      }
    }
  }

  private static void assertRows(SystemNode node, Statement statement, Written written)
      throws SQLException {
    String where = "rows of writer " + written.client() + " through " + node.name();
    long expected = 1;
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT number, note FROM %s WHERE client = %d ORDER BY number"
                .formatted(SqlWriters.ROWS, written.client()))) {
      for (; rows.next(); expected++) {
        assertThat(rows.getLong(1)).as(where).isEqualTo(expected);
        assertThat(rows.getString(2)).as(where).isEqualTo("Zeile № " + expected);
      }
    }
    assertThat(expected - 1).as(where).isBetween(written.rows(), written.rows() + 1);
  }

  private static void assertCounter(SystemNode node, Statement statement, Written written)
      throws SQLException {
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT n FROM %s WHERE client = %d"
                .formatted(SqlWriters.COUNTERS, written.client()))) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getLong(1))
          .as("counter of writer " + written.client() + " through " + node.name())
          .isBetween(written.counted(), written.counted() + written.doubtful());
      assertThat(rows.next()).isFalse();
    }
  }
}

package io.quorate.server.cli.demo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Properties;

/**
 * Fills the tables of TPC-H through plain JDBC. What is there stays: no table is dropped and no row
 * changed, so that a table of the user's that has the same name is refused by the database and not
 * overwritten. A load that was interrupted goes on behind the rows that it had committed; rows come
 * in a fixed order and a batch is committed whole. Confined to the calling thread.
 */
final class TpchSample {
  /** 150 KB of the widest rows: far below the largest entry of the log, and few round trips. */
  private static final int BATCH = 1000;

  /** For one table; a leader that dies meanwhile costs one of them. */
  private static final int ATTEMPTS = 5;

  static final SampleTable<?> LAST = SampleTable.ALL.get(SampleTable.ALL.size() - 1);

  private static final String TABLE_NOT_FOUND = "42P01";

  private final String url;
  private final Properties login;
  private final double scale;
  private final Progress progress;
  private final long start = System.nanoTime();
  private long total;
  private long done;

  TpchSample(String url, Properties login, double scale, Progress progress) {
    this.url = url;
    this.login = login;
    this.scale = scale;
    this.progress = progress;
  }

  /** Returns when every row is committed. */
  void load() {
    try (Connection connection = DriverManager.getConnection(url, login)) {
      if (count(connection, LAST) > 0) {
        progress.line("The sample is there");
        return;
      }
    } catch (SQLException e) {
      throw failed(e);
    }
    progress.line("Loading the sample TPC-H at scale " + scale);
    total = SampleTable.ALL.stream().mapToLong(table -> table.rows(scale).count()).sum();
    SampleTable.ALL.forEach(this::loadPatiently);
    progress.line("  %,d rows in %.1f s".formatted(total, (System.nanoTime() - start) / 1e9));
  }

  private void loadPatiently(SampleTable<?> table) {
    long before = done;
    int attempts = 0;
    while (true) {
      try (Connection connection = DriverManager.getConnection(url, login)) {
        done = before;
        loadRest(connection, table);
        return;
      } catch (SQLException e) {
        attempts++;
        if (!mayPass(e) || attempts >= ATTEMPTS) {
          throw failed(e);
        }
      }
    }
  }

  private void loadRest(Connection connection, SampleTable<?> table) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : table.statements()) {
        statement.executeUpdate(sql);
      }
    }
    long there = count(connection, table);
    done += there;
    connection.setAutoCommit(false);
    try (PreparedStatement insertion = connection.prepareStatement(table.insertion())) {
      Iterator<List<Object>> rows = table.rows(scale).skip(there).iterator();
      while (rows.hasNext()) {
        done += insertBatch(insertion, rows);
        connection.commit();
        progress.rows(table.name(), done, total, Duration.ofNanos(System.nanoTime() - start));
      }
    }
  }

  private static int insertBatch(PreparedStatement insertion, Iterator<List<Object>> rows)
      throws SQLException {
    int size = 0;
    for (; size < BATCH && rows.hasNext(); size++) {
      List<Object> row = rows.next();
      for (int i = 0; i < row.size(); i++) {
        insertion.setObject(i + 1, row.get(i));
      }
      insertion.addBatch();
    }
    int[] counts = insertion.executeBatch();
    if (counts.length != size) {
      throw new DemoFailedException(
          "a batch of %d rows was answered by %d counts".formatted(size, counts.length));
    }
    return size;
  }

  /** Rows of the table; 0 when it does not exist. */
  private static long count(Connection connection, SampleTable<?> table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + table.name())) {
      return rows.next() ? rows.getLong(1) : 0;
    } catch (SQLException e) {
      if (TABLE_NOT_FOUND.equals(e.getSQLState())) {
        return 0;
      }
      throw e;
    }
  }

  /** A connection that was lost, a race that was, or an answer that was: counting again tells. */
  private static boolean mayPass(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("08") || state.startsWith("40") || state.startsWith("57P");
  }

  private static DemoFailedException failed(SQLException e) {
    return new DemoFailedException(
        "the sample cannot be loaded: %s (SQLState %s)".formatted(e.getMessage(), e.getSQLState()),
        e);
  }
}

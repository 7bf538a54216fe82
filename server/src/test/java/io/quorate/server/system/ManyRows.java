package io.quorate.server.system;

import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A table of eight columns, about 150 bytes a row, as applications load, read and update it. */
final class ManyRows {
  private static final int ROWS_A_BATCH = 2_000;
  private static final int QUANTITIES = 50;

  private ManyRows() {}

  /** What tells whether rows are missing, or updates are lost or done twice. */
  record Sums(long rows, long ids, long quantities) {

    /** Of so many rows that were updated so many times. */
    static Sums of(long rows, long updates) {
      long whole = rows / QUANTITIES;
      long rest = rows % QUANTITIES;
      long quantities = whole * (QUANTITIES * (QUANTITIES - 1) / 2) + rest * (rest - 1) / 2;
      return new Sums(rows, rows * (rows - 1) / 2, quantities + updates);
    }
  }

  static String remarkOf(int id) {
    return "a comment of some sixty characters, so that rows are as they are " + id;
  }

  /** Makes the table and inserts all rows, each connection some thousands a transaction. */
  static void load(String url, int rows, int connections) throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE many (id BIGINT PRIMARY KEY, customer INT, quantity INT,"
              + " price DECIMAL(12, 2), shipped DATE, changed TIMESTAMP, state VARCHAR(20),"
              + " remark VARCHAR(80))");
    }
    AtomicInteger next = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        ends.add(threads.submit(inserting(url, rows, next)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static Callable<Void> inserting(String url, int rows, AtomicInteger next) {
    return () -> {
      try (Connection connection = DriverManager.getConnection(url);
          PreparedStatement insert =
              connection.prepareStatement("INSERT INTO many VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
        connection.setAutoCommit(false);
        for (int from = next.getAndAdd(ROWS_A_BATCH);
            from < rows;
            from = next.getAndAdd(ROWS_A_BATCH)) {
          for (int id = from; id < Math.min(rows, from + ROWS_A_BATCH); id++) {
            setRow(insert, id);
            insert.addBatch();
          }
          insert.executeBatch();
          connection.commit();
        }
      }
      return null;
    };
  }

  private static void setRow(PreparedStatement insert, int id) throws SQLException {
    insert.setLong(1, id);
    insert.setInt(2, (int) (id * 31L % 50_000));
    insert.setInt(3, id % QUANTITIES);
    insert.setBigDecimal(4, BigDecimal.valueOf(id * 7L % 100_000, 2));
    insert.setDate(5, Date.valueOf("2026-11-22"));
    insert.setTimestamp(6, new Timestamp(1_700_000_000_000L + id));
    insert.setString(7, "STATE-" + id % 10);
    insert.setString(8, remarkOf(id));
  }

  static String remark(String url, int id) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT remark FROM many WHERE id = " + id)) {
      return row.next() ? row.getString(1) : "no row " + id;
    }
  }

  /** Adds one to the quantity of a row; returns the number of rows changed. */
  static int increment(String url, int id) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      return statement.executeUpdate("UPDATE many SET quantity = quantity + 1 WHERE id = " + id);
    }
  }

  static Sums sums(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT COUNT(*), SUM(id), SUM(quantity) FROM many")) {
      row.next();
      return new Sums(row.getLong(1), row.getLong(2), row.getLong(3));
    }
  }

  /** Adds one to the quantity of rows at random, on a connection and a thread. Thread-safe. */
  static final class Updates implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SOME = 1_000;

    private final String url;
    private final int rows;
    private final Thread thread = new Thread(this::run, "updates");
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();
    private final ConcurrentLinkedQueue<SQLException> failures = new ConcurrentLinkedQueue<>();
    private final long start = System.nanoTime();
    private volatile long end;
    private volatile boolean stopping;

    private Updates(String url, int rows) {
      this.url = url;
      this.rows = rows;
    }

    static Updates start(String url, int rows) {
      Updates updates = new Updates(url, rows);
      updates.thread.setDaemon(true);
      updates.thread.start();
      return updates;
    }

    private void run() {
      SplittableRandom random = new SplittableRandom(1);
      try (Connection connection = DriverManager.getConnection(url);
          PreparedStatement update =
              connection.prepareStatement("UPDATE many SET quantity = quantity + 1 WHERE id = ?")) {
        while (!stopping) {
          long before = System.nanoTime();
          update.setLong(1, random.nextInt(rows));
          count.addAndGet(update.executeUpdate());
          longestNanos.accumulateAndGet(System.nanoTime() - before, Math::max);
        }
      } catch (SQLException e) {
        failures.add(e);
      }
      end = System.nanoTime();
    }

    void awaitSome() {
      await("updates").atMost(PATIENCE).until(() -> count.get() >= SOME || !failures.isEmpty());
    }

    long count() {
      return count.get();
    }

    /** What ended them; nothing may. */
    List<SQLException> failures() {
      return List.copyOf(failures);
    }

    /** Returns when the last one has its answer. */
    @Override
    public void close() {
      stopping = true;
      try {
        thread.join(PATIENCE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (thread.isAlive()) {
        throw new AssertionError("an update has no answer after " + PATIENCE);
      }
    }

    @Override
    public String toString() {
      return "%d updates meanwhile, %.0f a second, the longest %d ms"
          .formatted(count(), count() * 1e9 / (end - start), longestNanos.get() / 1_000_000);
    }
  }
}

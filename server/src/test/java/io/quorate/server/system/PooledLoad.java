package io.quorate.server.system;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.quorate.server.system.SqlWriters.Written;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * An application with a pool of connections: each of its threads takes one, writes or reads, and
 * gives it back. What it reads is what it wrote last, on whichever connection that was.
 * Thread-safe.
 *
 * <p>Rows and counters are those of {@link SqlWriters}, so that {@link SqlAudit} can tell whether
 * one was lost or is there twice.
 */
final class PooledLoad implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();
  private static final String UNIQUE_VIOLATION = "23505";

  /** Of ten statements. */
  private static final int READS = 6;

  private final HikariDataSource pool;
  private final List<Client> clients = new ArrayList<>();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong reads = new AtomicLong();
  private final ConcurrentLinkedQueue<Long> ackNanos = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> failedReads = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> staleReads = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> failedWrites = new ConcurrentLinkedQueue<>();
  private volatile boolean stopping;

  private PooledLoad(HikariDataSource pool, int threads) {
    this.pool = pool;
    for (int i = 1; i <= threads; i++) {
      clients.add(new Client(i));
    }
  }

  /** A pool of the size that most applications have. */
  static HikariDataSource pool(String url, int size) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(url);
    pool.setMaximumPoolSize(size);
    pool.setMinimumIdle(size);
    pool.setConnectionTimeout(PATIENCE.toMillis());
    return pool;
  }

  /** Makes the tables and starts as many threads as there are connections. */
  static PooledLoad start(String url, int connections) throws SQLException {
    PooledLoad load = new PooledLoad(pool(url, connections), connections);
    try (Connection connection = load.pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE "
              + SqlWriters.ROWS
              + " (client INTEGER, number BIGINT, note VARCHAR(40) NOT NULL,"
              + " PRIMARY KEY (client, number))");
      statement.executeUpdate(
          "CREATE TABLE " + SqlWriters.COUNTERS + " (client INTEGER PRIMARY KEY, n BIGINT)");
      for (Client client : load.clients) {
        statement.executeUpdate(
            "INSERT INTO " + SqlWriters.COUNTERS + " VALUES (" + client.id + ", 0)");
      }
    }
    load.clients.forEach(client -> client.thread.start());
    return load;
  }

  /** Ends when each thread has an answer to its last statement. */
  List<Written> stop() {
    stopping = true;
    for (Client client : clients) {
      try {
        client.thread.join(PATIENCE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return clients.stream().map(client -> client.written).toList();
  }

  @Override
  public void close() {
    var unused = stop();
    pool.close();
  }

  long reads() {
    return reads.get();
  }

  /** Reads that ended with an exception. */
  List<String> failedReads() {
    return List.copyOf(failedReads);
  }

  /** Reads that did not show what their thread had written before. */
  List<String> staleReads() {
    return List.copyOf(staleReads);
  }

  /** Writes that ended with an exception, and were then repeated. */
  List<String> failedWrites() {
    return List.copyOf(failedWrites);
  }

  void awaitProgress(long more) {
    long target = acknowledged.get() + more;
    await("progress of the application; its failures: " + failedReads + failedWrites)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> acknowledged.get() >= target);
  }

  /** The longest time without an acknowledged write since {@code nanos}. */
  Duration longestGapSince(long nanos) {
    long last = nanos;
    long longest = 0;
    for (long ack : ackNanos.stream().mapToLong(Long::longValue).sorted().toArray()) {
      if (ack - nanos > 0) {
        longest = Math.max(longest, ack - last);
        last = ack;
      }
    }
    return Duration.ofNanos(longest);
  }

  /** What is done with a connection of the pool. */
  private interface Work {
    void run(Connection connection) throws SQLException;
  }

  /** Confined to its thread, until that has ended. */
  private final class Client {
    private final int id;
    private final Thread thread;
    private final SplittableRandom random;
    private final DataSource connections = pool;
    private volatile Written written;

    /** Whether the row at hand may be there already, after a failure. */
    private boolean inDoubt;

    Client(int id) {
      this.id = id;
      this.random = new SplittableRandom(id);
      this.thread = new Thread(this::run, "pooled-" + id);
      this.written = new Written(id, 0, 0, 0);
      thread.setDaemon(true);
    }

    private void run() {
      while (!stopping) {
        if (written.rows() > 0 && random.nextInt(10) < READS) {
          with(this::read, failedReads);
        } else if (random.nextBoolean()) {
          with(this::insert, failedWrites);
        } else {
          with(this::increment, failedWrites);
        }
      }
    }

    private void with(Work work, ConcurrentLinkedQueue<String> failures) {
      try (Connection connection = connections.getConnection()) {
        work.run(connection);
      } catch (SQLException e) {
        failures.add("client " + id + ": " + e.getSQLState() + " " + e.getMessage());
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }

    private void read(Connection connection) throws SQLException {
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT note FROM " + SqlWriters.ROWS + " WHERE client = ? AND number = ?")) {
        select.setInt(1, id);
        select.setLong(2, written.rows());
        try (ResultSet row = select.executeQuery()) {
          if (!row.next()) {
            staleReads.add("client " + id + " does not see its row " + written.rows());
          }
        }
      }
      reads.incrementAndGet();
    }

    private void insert(Connection connection) throws SQLException {
      long number = written.rows() + 1;
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO " + SqlWriters.ROWS + " VALUES (?, ?, ?)")) {
        insert.setInt(1, id);
        insert.setLong(2, number);
        insert.setString(3, "Zeile № " + number);
        insert.executeUpdate();
      } catch (SQLException e) {
        if (!inDoubt || !UNIQUE_VIOLATION.equals(e.getSQLState())) {
          inDoubt = true;
          throw e;
        }
      }
      inDoubt = false;
      written = new Written(id, number, written.counted(), written.doubtful());
      acknowledge();
    }

    private void increment(Connection connection) throws SQLException {
      Written before = written;
      written = new Written(id, before.rows(), before.counted(), before.doubtful() + 1);
      try (PreparedStatement count =
          connection.prepareStatement(
              "UPDATE " + SqlWriters.COUNTERS + " SET n = n + 1 WHERE client = ?")) {
        count.setInt(1, id);
        int changed = count.executeUpdate();
        if (changed != 1) {
          failedWrites.add("client " + id + ": its counter is there " + changed + " times");
        }
      }
      written = new Written(id, before.rows(), before.counted() + 1, before.doubtful());
      acknowledge();
    }

    private void acknowledge() {
      ackNanos.add(System.nanoTime());
      acknowledged.incrementAndGet();
    }
  }
}

package io.quorate.server.system;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Applications that write through the driver, each on a thread and a connection of its own: in turn
 * a row of its own number, and one more to a counter. A row that was lost is missing, and a write
 * that was done twice shows in the counter. Thread-safe.
 *
 * <p>The driver is expected to repeat what lost its answer; what it gives up on is recorded as a
 * problem and then repeated here.
 */
final class SqlWriters implements AutoCloseable {
  static final String ROWS = "written";
  static final String COUNTERS = "counted";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();
  private static final String UNIQUE_VIOLATION = "23505";

  private final String url;
  private final List<Client> clients = new ArrayList<>();
  private final AtomicLong acknowledged = new AtomicLong();
  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
  private volatile boolean stopping;

  private SqlWriters(String url, int count) {
    this.url = url;
    for (int i = 1; i <= count; i++) {
      clients.add(new Client(i));
    }
  }

  /** What one client is sure of. */
  record Written(int client, long rows, long counted, long doubtful) {}

  /** Makes the tables and starts {@code count} clients. */
  static SqlWriters start(String url, int count) throws SQLException {
    SqlWriters writers = new SqlWriters(url, count);
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE IF NOT EXISTS "
              + ROWS
              + " (client INTEGER, number BIGINT, note VARCHAR(40) NOT NULL,"
              + " PRIMARY KEY (client, number))");
      statement.executeUpdate(
          "CREATE TABLE IF NOT EXISTS " + COUNTERS + " (client INTEGER PRIMARY KEY, n BIGINT)");
      for (Client client : writers.clients) {
        statement.executeUpdate("INSERT INTO " + COUNTERS + " VALUES (" + client.id + ", 0)");
      }
    }
    writers.clients.forEach(client -> client.thread.start());
    return writers;
  }

  /** Ends when each client has an answer to its last statement. */
  List<Written> stop() {
    close();
    return clients.stream().map(Client::written).toList();
  }

  @Override
  public void close() {
    stopping = true;
    for (Client client : clients) {
      try {
        client.thread.join(PATIENCE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  long acknowledged() {
    return acknowledged.get();
  }

  /** What the driver gave up on, and told the application. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  void awaitProgress(long more) {
    long target = acknowledged() + more;
    await("progress of the applications; their problems: " + problems)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> acknowledged() >= target);
  }

  /** Waits until each client alone has so many more. */
  void awaitProgressOfEach(long more) {
    for (Client client : clients) {
      long target = client.ackNanos.size() + more;
      await("progress of writer " + client.id + "; problems: " + problems)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> client.ackNanos.size() >= target);
    }
  }

  /**
   * The longest that one client has waited between two acknowledgements one after the other since
   * {@code nanos}.
   */
  Duration longestGapSince(long nanos) {
    return clients.stream()
        .map(client -> client.longestGapSince(nanos))
        .max(Duration::compareTo)
        .orElseThrow();
  }

  /** How long each acknowledgement in that time came after the one before of its client, sorted. */
  long[] gapsBetween(long fromNanos, long toNanos) {
    return clients.stream()
        .flatMapToLong(client -> client.gapsBetween(fromNanos, toNanos))
        .sorted()
        .toArray();
  }

  /** Confined to its thread, until that has ended. */
  private final class Client {
    private final int id;
    private final Thread thread;
    private final NanoTimes ackNanos = new NanoTimes();
    private volatile Written written;

    /** Whether the row at hand may be there already, after a problem. */
    private boolean inDoubt;

    Client(int id) {
      this.id = id;
      this.thread = new Thread(this::run, "sql-writer-" + id);
      this.written = new Written(id, 0, 0, 0);
      thread.setDaemon(true);
    }

    Written written() {
      return written;
    }

    private void run() {
      while (!stopping) {
        try (Connection connection = DriverManager.getConnection(url)) {
          writeAll(connection);
        } catch (SQLException e) {
          inDoubt = true;
          problems.add("writer " + id + ": " + e.getSQLState() + " " + e.getMessage());
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }

    private void writeAll(Connection connection) throws SQLException {
      try (PreparedStatement row =
              connection.prepareStatement("INSERT INTO " + ROWS + " VALUES (?, ?, ?)");
          PreparedStatement count =
              connection.prepareStatement(
                  "UPDATE " + COUNTERS + " SET n = n + 1 WHERE client = ?")) {
        while (!stopping) {
          insert(row);
          increment(count);
        }
      }
    }

    private void insert(PreparedStatement row) throws SQLException {
      long number = written.rows + 1;
      row.setInt(1, id);
      row.setLong(2, number);
      row.setString(3, "Zeile № " + number);
      try {
        row.executeUpdate();
      } catch (SQLException e) {
        if (!inDoubt || !UNIQUE_VIOLATION.equals(e.getSQLState())) {
          throw e;
        }
      }
      inDoubt = false;
      written = new Written(id, number, written.counted, written.doubtful);
      acknowledge();
    }

    private void increment(PreparedStatement count) throws SQLException {
      count.setInt(1, id);
      Written before = written;
      written = new Written(id, before.rows, before.counted, before.doubtful + 1);
      int changed = count.executeUpdate();
      if (changed != 1) {
        problems.add("writer " + id + ": its counter is there " + changed + " times");
      }
      written = new Written(id, before.rows, before.counted + 1, before.doubtful);
      acknowledge();
    }

    Duration longestGapSince(long nanos) {
      long longest = 0;
      long last = nanos;
      for (long ack : ackNanos.since(nanos)) {
        longest = Math.max(longest, ack - last);
        last = ack;
      }
      return Duration.ofNanos(longest);
    }

    LongStream gapsBetween(long fromNanos, long toNanos) {
      long[] acks = ackNanos.since(fromNanos);
      return IntStream.range(1, acks.length)
          .filter(i -> acks[i] - toNanos < 0)
          .mapToLong(i -> acks[i] - acks[i - 1]);
    }

    private void acknowledge() {
      ackNanos.add(System.nanoTime());
      acknowledged.incrementAndGet();
    }
  }
}

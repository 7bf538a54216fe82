package io.quorate.server.system;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Applications that change rows and definitions, each in tables of its own, so that each knows to
 * the row what must be there, but for the one statement that it may have no answer to. Each reads
 * its table back whenever it was interrupted, and every so often. Thread-safe.
 */
final class MixedWriters implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();
  private static final int IDS = 400;
  private static final int STATEMENTS_A_LOOK = 60;

  private final String url;
  private final List<Client> clients = new ArrayList<>();
  private final AtomicLong statements = new AtomicLong();
  private final AtomicLong definitions = new AtomicLong();
  private final AtomicLong looks = new AtomicLong();
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private volatile boolean stopping;

  private MixedWriters(String url) {
    this.url = url;
  }

  static MixedWriters start(String url, int count, long seed) {
    MixedWriters writers = new MixedWriters(url);
    for (int i = 1; i <= count; i++) {
      writers.clients.add(writers.new Client(i, new Random(seed + i)));
    }
    writers.clients.forEach(client -> client.thread.start());
    return writers;
  }

  /** What was there and should not have been, or the other way round; none if all is well. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  long statements() {
    return statements.get();
  }

  @Override
  public String toString() {
    return statements + " statements, " + definitions + " of definitions, " + looks + " looks";
  }

  /** Each looks once more at all it has written, and ends. */
  @Override
  public void close() throws InterruptedException {
    stopping = true;
    for (Client client : clients) {
      client.thread.join(PATIENCE.toMillis());
      if (client.thread.isAlive()) {
        wrong.add("client " + client.id + " does not end");
      }
    }
  }

  /** Confined to its thread. */
  private final class Client {
    private final int id;
    private final String table;
    private final Random random;
    private final Thread thread;
    private TreeMap<Integer, Integer> rows = new TreeMap<>();

    /** What the rows are if the statement without an answer was done. */
    private TreeMap<Integer, Integer> maybe = rows;

    Client(int id, Random random) {
      this.id = id;
      this.table = "mixed" + id;
      this.random = random;
      this.thread = new Thread(this::run, "mixed-writer-" + id);
      thread.setDaemon(true);
    }

    private void run() {
      while (!stopping) {
        try (Connection connection = DriverManager.getConnection(url);
            Statement statement = connection.createStatement()) {
          statement.executeUpdate(
              "CREATE TABLE IF NOT EXISTS "
                  + table
                  + " (id INTEGER PRIMARY KEY, v INTEGER NOT NULL, note VARCHAR(200))");
          look(statement);
          while (!stopping) {
            for (int i = 0; i < STATEMENTS_A_LOOK && !stopping; i++) {
              step(statement);
            }
            look(statement);
          }
        } catch (SQLException e) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }

    private void step(Statement statement) throws SQLException {
      if (random.nextInt(12) == 0) {
        define(statement);
        definitions.incrementAndGet();
      } else {
        change(statement);
      }
      statements.incrementAndGet();
    }

    private void define(Statement statement) throws SQLException {
      String aux = "aux" + id;
      statement.executeUpdate(
          switch (random.nextInt(7)) {
            case 0 -> "CREATE INDEX IF NOT EXISTS v_" + table + " ON " + table + " (v)";
            case 1 -> "DROP INDEX IF EXISTS v_" + table;
            case 2 -> "CREATE UNIQUE INDEX IF NOT EXISTS u_" + table + " ON " + table + " (v, id)";
            case 3 -> "DROP INDEX IF EXISTS u_" + table;
            case 4 ->
                "CREATE TABLE IF NOT EXISTS "
                    + aux
                    + " (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note VARCHAR(50) UNIQUE)";
            case 5 -> "DROP TABLE IF EXISTS " + aux;
            default -> "CREATE INDEX IF NOT EXISTS n_" + table + " ON " + table + " (note, v)";
          });
    }

    private void change(Statement statement) throws SQLException {
      TreeMap<Integer, Integer> next = new TreeMap<>(rows);
      int key = random.nextInt(IDS);
      int v = random.nextInt(1_000);
      String note = "'" + "x".repeat(random.nextInt(150)) + "'";
      String sql;
      switch (random.nextInt(5)) {
        case 0 -> {
          next.keySet().removeIf(each -> each >= key && each < key + 5);
          sql = "DELETE FROM %s WHERE id >= %d AND id < %d".formatted(table, key, key + 5);
        }
        case 1 -> {
          next.replaceAll((each, old) -> each >= key && each < key + 40 ? old + 1 : old);
          sql =
              "UPDATE %s SET v = v + 1, note = %s WHERE id >= %d AND id < %d"
                  .formatted(table, note, key, key + 40);
        }
        default -> {
          boolean there = next.put(key, v) != null;
          sql =
              there
                  ? "UPDATE %s SET v = %d, note = %s WHERE id = %d".formatted(table, v, note, key)
                  : "INSERT INTO %s VALUES (%d, %d, %s)".formatted(table, key, v, note);
        }
      }
      maybe = next;
      statement.executeUpdate(sql);
      rows = next;
    }

    private void look(Statement statement) throws SQLException {
      TreeMap<Integer, Integer> found = new TreeMap<>();
      try (ResultSet result = statement.executeQuery("SELECT id, v FROM " + table)) {
        while (result.next()) {
          found.put(result.getInt(1), result.getInt(2));
        }
      }
      looks.incrementAndGet();
      if (!found.equals(rows) && !found.equals(maybe)) {
        wrong.add("client " + id + ": " + difference(found));
      }
      rows = found;
      maybe = found;
    }

    private String difference(Map<Integer, Integer> found) {
      TreeMap<Integer, String> different = new TreeMap<>();
      for (int key = 0; key < IDS; key++) {
        Integer is = found.get(key);
        if (!Objects.equals(is, rows.get(key))) {
          different.put(key, is + ", not " + rows.get(key));
        }
      }
      return different.toString();
    }
  }
}

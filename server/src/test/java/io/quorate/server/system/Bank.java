package io.quorate.server.system;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Money that goes from one account to another in transactions, and sums of all accounts at every
 * read level through whichever node: each sum is the same. Thread-safe.
 */
final class Bank implements Workload {
  static final long TOTAL = 5_000;

  private static final int ACCOUNTS = 50;
  private static final List<String> LEVELS = List.of("LOCAL", "SESSION", "BOUNDED", "LINEARIZABLE");
  private static final String SUM = "SELECT SUM(balance), COUNT(*) FROM accounts";

  private final List<SystemNode> nodes;
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private final Tally tally = new Tally();

  Bank(List<SystemNode> nodes) {
    this.nodes = nodes;
  }

  @Override
  public void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance BIGINT NOT NULL)");
    }
    connection.setAutoCommit(false);
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO accounts VALUES (?, ?)")) {
      for (int i = 0; i < ACCOUNTS; i++) {
        insert.setInt(1, i);
        insert.setLong(2, TOTAL / ACCOUNTS);
        insert.addBatch();
      }
      insert.executeBatch();
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  @Override
  public void step(Connection home, SplittableRandom random) throws SQLException {
    switch (random.nextInt(3)) {
      case 0 -> sumAt(nodes.get(random.nextInt(nodes.size())), random);
      case 1 -> check("home", sum(home));
      default -> transfer(home, random);
    }
  }

  private void sumAt(SystemNode node, SplittableRandom random) {
    String level = LEVELS.get(random.nextInt(LEVELS.size()));
    String url = node.url() + "&query_timeout=3000&max_staleness=2000&read_level=" + level;
    try (Connection connection = DriverManager.getConnection(url)) {
      check(level + " at " + node.name(), sum(connection));
      tally.count(level);
    } catch (SQLException e) {
      tally.count(level + " failed " + e.getSQLState());
    }
  }

  /** The sum; a node that has no such table yet says so. */
  static long sum(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SUM)) {
      if (!row.next() || row.getInt(2) != ACCOUNTS) {
        throw new AssertionError("accounts are missing");
      }
      return row.getLong(1);
    }
  }

  private void check(String where, long sum) {
    if (sum != TOTAL) {
      wrong.add(where + ": the sum is " + sum);
    }
  }

  private void transfer(Connection home, SplittableRandom random) throws SQLException {
    int from = random.nextInt(ACCOUNTS);
    int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
    long amount = 1L + random.nextInt(10);
    try {
      home.setAutoCommit(false);
      add(home, from, -amount);
      add(home, to, amount);
      if (random.nextInt(10) == 0) {
        home.rollback();
        tally.count("rolled back");
      } else {
        home.commit();
        tally.count("transferred");
      }
    } catch (SQLException e) {
      tally.count("transfer failed " + e.getSQLState());
      home.rollback();
      if (!"40001".equals(e.getSQLState())) {
        throw e;
      }
    } finally {
      home.setAutoCommit(true);
    }
  }

  private static void add(Connection connection, int account, long amount) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE accounts SET balance = balance + ? WHERE id = ?")) {
      update.setLong(1, amount);
      update.setInt(2, account);
      if (update.executeUpdate() != 1) {
        throw new AssertionError("account " + account + " is gone");
      }
    }
  }

  @Override
  public List<String> anomalies() {
    return List.copyOf(wrong);
  }

  @Override
  public String toString() {
    return "bank: " + tally;
  }
}

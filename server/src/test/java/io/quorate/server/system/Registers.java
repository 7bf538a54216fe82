package io.quorate.server.system;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Registers that several applications write and read at level LINEARIZABLE through whichever node,
 * and whether what they saw could have been seen of registers that everybody shares.
 *
 * <p>A register is a row with a version that each write makes one higher, so the order of its
 * writes is in its rows. Then its history is linearizable (Herlihy and Wing 1990) exactly if that
 * order contradicts no clock: nothing that began after something else had ended shows an older
 * version. Thread-safe.
 */
final class Registers implements Workload {
  private static final int REGISTERS = 6;
  private static final String CONFLICT = "40001";
  private static final String UNKNOWN = "40003";
  private static final String TABLE_OF_THEM = "registers";

  private final List<SystemNode> nodes;
  private final AtomicLong values = new AtomicLong();
  private final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
  private final Set<Long> refused = ConcurrentHashMap.newKeySet();
  private final Tally tally = new Tally();

  Registers(List<SystemNode> nodes) {
    this.nodes = nodes;
  }

  /** What an operation that went well has seen or made, and when, by one clock. */
  private record Seen(
      int register, long version, long value, boolean written, long began, long ended) {}

  @Override
  public void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE "
              + TABLE_OF_THEM
              + " (id INTEGER PRIMARY KEY, version BIGINT NOT NULL, v BIGINT NOT NULL)");
      for (int i = 0; i < REGISTERS; i++) {
        statement.execute("INSERT INTO " + TABLE_OF_THEM + " VALUES (" + i + ", 0, 0)");
      }
    }
  }

  /** One operation of one application; failures are counted. */
  @Override
  public void step(Connection home, SplittableRandom random) throws SQLException {
    int register = random.nextInt(REGISTERS);
    switch (random.nextInt(4)) {
      case 0 -> replace(home, register);
      case 1 -> writeInTransaction(home, register);
      case 2 -> readAt(nodes.get(random.nextInt(nodes.size())), register);
      default -> read(home, register);
    }
  }

  private Seen read(Connection connection, int register) throws SQLException {
    long began = System.nanoTime();
    try (PreparedStatement select =
        connection.prepareStatement("SELECT version, v FROM " + TABLE_OF_THEM + " WHERE id = ?")) {
      select.setInt(1, register);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new AssertionError("register " + register + " is gone");
        }
        Seen read =
            new Seen(register, row.getLong(1), row.getLong(2), false, began, System.nanoTime());
        seen.add(read);
        tally.count("read");
        return read;
      }
    }
  }

  /** Through this node and no other: it may be cut off, frozen or dead. */
  private void readAt(SystemNode node, int register) throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(node.url() + "&read_level=LINEARIZABLE&query_timeout=3000")) {
      Seen unused = read(connection, register);
      tally.count("read at " + node.name());
    } catch (SQLException e) {
      tally.count("read at one node failed " + e.getSQLState());
    }
  }

  /** A statement that has an effect only if nobody else had one meanwhile. */
  private void replace(Connection connection, int register) throws SQLException {
    Seen before = read(connection, register);
    long value = values.incrementAndGet();
    long began = System.nanoTime();
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE " + TABLE_OF_THEM + " SET version = ?, v = ? WHERE id = ? AND version = ?")) {
      update.setLong(1, before.version + 1);
      update.setLong(2, value);
      update.setInt(3, register);
      update.setLong(4, before.version);
      if (update.executeUpdate() == 1) {
        written(register, before.version + 1, value, began);
      } else {
        refused.add(value);
      }
    } catch (SQLException e) {
      failed(value, e);
      throw e;
    }
  }

  private void writeInTransaction(Connection connection, int register) throws SQLException {
    long value = values.incrementAndGet();
    long began = System.nanoTime();
    try {
      connection.setAutoCommit(false);
      long version = increment(connection, register, value);
      connection.commit();
      written(register, version, value, began);
    } catch (SQLException e) {
      failed(value, e);
      connection.rollback();
      if (!CONFLICT.equals(e.getSQLState())) {
        throw e;
      }
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static long increment(Connection connection, int register, long value)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "UPDATE %s SET version = version + 1, v = %d WHERE id = %d"
              .formatted(TABLE_OF_THEM, value, register));
      try (ResultSet row =
          statement.executeQuery(
              "SELECT version FROM " + TABLE_OF_THEM + " WHERE id = " + register)) {
        if (!row.next()) {
          throw new AssertionError("register " + register + " is gone");
        }
        return row.getLong(1);
      }
    }
  }

  private void written(int register, long version, long value, long began) {
    seen.add(new Seen(register, version, value, true, began, System.nanoTime()));
    tally.count("written");
  }

  private void failed(long value, SQLException e) {
    if (!UNKNOWN.equals(e.getSQLState())) {
      refused.add(value);
    }
    tally.count("write failed " + e.getSQLState());
  }

  @Override
  public List<String> anomalies() {
    List<String> found = new ArrayList<>();
    Map<Integer, List<Seen>> byRegister = new HashMap<>();
    for (Seen each : seen) {
      byRegister.computeIfAbsent(each.register, register -> new ArrayList<>()).add(each);
    }
    for (List<Seen> history : byRegister.values()) {
      checkValues(history, found);
      checkTime(history, found);
    }
    return found;
  }

  /** Each version has one value, each value one version, and no write was refused and done. */
  private void checkValues(List<Seen> history, List<String> found) {
    Map<Long, Long> valueOf = new HashMap<>();
    Map<Long, Long> versionOf = new HashMap<>();
    Set<Long> writtenVersions = new HashSet<>();
    for (Seen each : history) {
      Long value = valueOf.putIfAbsent(each.version, each.value);
      if (value != null && value != each.value) {
        found.add("two values of one version, " + value + " and that of " + each);
      }
      Long version = versionOf.putIfAbsent(each.value, each.version);
      if (version != null && version != each.version) {
        found.add("done twice, as version " + version + " and as that of " + each);
      }
      if (each.written && !writtenVersions.add(each.version)) {
        found.add("two writes made one version: " + each);
      }
      if (refused.contains(each.value)) {
        found.add("refused and done: " + each);
      }
    }
  }

  /** Nothing goes back behind what had ended before it began. */
  private static void checkTime(List<Seen> history, List<String> found) {
    List<Seen> byBeginning = new ArrayList<>(history);
    byBeginning.sort(Comparator.comparingLong(Seen::began));
    PriorityQueue<Seen> running = new PriorityQueue<>(Comparator.comparingLong(Seen::ended));
    Seen newest = null;
    for (Seen next : byBeginning) {
      while (!running.isEmpty() && running.element().ended < next.began) {
        Seen ended = running.remove();
        newest = newest == null || ended.version > newest.version ? ended : newest;
      }
      if (newest != null
          && (next.version < newest.version || (next.written && next.version == newest.version))) {
        found.add(next + " began after this had ended: " + newest);
      }
      running.add(next);
    }
  }

  /** All of the registers as one node has them. */
  static String stateOf(Connection connection) throws SQLException {
    StringBuilder state = new StringBuilder();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT id, version, v FROM " + TABLE_OF_THEM + " ORDER BY id")) {
      while (rows.next()) {
        state.append(rows.getInt(1)).append(':').append(rows.getLong(2));
        state.append('=').append(rows.getLong(3)).append(' ');
      }
    }
    return state.toString();
  }

  @Override
  public String toString() {
    return "registers: " + tally;
  }
}

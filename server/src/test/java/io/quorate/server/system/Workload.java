package io.quorate.server.system;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;

/** What applications do again and again, and what must never come of it. Thread-safe. */
interface Workload {
  void prepare(Connection connection) throws SQLException;

  /**
   * Does one thing.
   *
   * @param home a connection of this application alone, that writes where the leader is
   * @throws SQLException when {@code home} may be of no use any more
   */
  void step(Connection home, SplittableRandom random) throws SQLException;

  /** What cannot be, of all that was seen so far. */
  List<String> anomalies();
}

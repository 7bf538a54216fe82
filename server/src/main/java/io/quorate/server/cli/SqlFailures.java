package io.quorate.server.cli;

import java.sql.SQLException;

/** How a command tells its user what the database answered. */
final class SqlFailures {
  private SqlFailures() {}

  static CommandFailedException told(SQLException e) {
    return new CommandFailedException(
        "%s (SQLState %s)".formatted(e.getMessage(), e.getSQLState()), e);
  }
}

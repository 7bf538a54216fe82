package io.quorate.server.cli.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;
import sqlline.SqlLine;

/** sqlline at the terminal, on one URL. */
public final class Shell {
  /** It warns of terminals that cannot be drawn on, such as a pipe. Held, or its level is lost. */
  private static final Logger TERMINAL_LOG = Logger.getLogger("org.jline");

  private final String url;

  public Shell(String url) {
    this.url = url;
  }

  /**
   * Reads lines from the terminal until the user leaves.
   *
   * @throws SQLException when the URL leads nowhere
   */
  public void interact() throws SQLException {
    requireReachable();
    TERMINAL_LOG.setLevel(Level.SEVERE);
    String[] arguments = {"-ac", ShellApplication.class.getName(), "-u", url};
    try {
      var unused = new SqlLine().begin(arguments, null, true);
    } catch (IOException e) {
      throw new UncheckedIOException("the terminal cannot be used: " + e, e);
    }
  }

  /** Before it has begun, sqlline would tell a failure by a stack trace. */
  private void requireReachable() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      if (connection.isClosed()) {
        throw new IllegalStateException("a fresh connection is closed");
      }
    }
  }
}

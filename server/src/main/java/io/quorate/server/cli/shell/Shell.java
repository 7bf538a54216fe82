package io.quorate.server.cli.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import sqlline.SqlLine;

/** sqlline at the terminal, on one URL. */
public final class Shell {
  /** It warns of terminals that cannot be drawn on, such as a pipe. Held, or its level is lost. */
  private static final Logger TERMINAL_LOG = Logger.getLogger("org.jline");

  private final String url;
  private final Properties login;

  /**
   * @param login user and password; empty for what the URL says
   */
  public Shell(String url, Properties login) {
    this.url = url;
    this.login = login;
  }

  /**
   * Reads lines from the terminal until the user leaves.
   *
   * @throws SQLException when the URL leads nowhere
   */
  public void interact() throws SQLException {
    requireReachable();
    TERMINAL_LOG.setLevel(Level.SEVERE);
    List<String> arguments =
        new ArrayList<>(List.of("-ac", ShellApplication.class.getName(), "-u", url));
    addLogin(arguments, "-n", "user");
    addLogin(arguments, "-p", "password");
    try {
      var unused = new SqlLine().begin(arguments.toArray(String[]::new), null, true);
    } catch (IOException e) {
      throw new UncheckedIOException("the terminal cannot be used: " + e, e);
    }
  }

  /** These arguments never leave the process. */
  private void addLogin(List<String> arguments, String flag, String property) {
    String value = login.getProperty(property);
    if (value != null) {
      arguments.add(flag);
      arguments.add(value);
    }
  }

  /** Before it has begun, sqlline would tell a failure by a stack trace. */
  private void requireReachable() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, login)) {
      if (connection.isClosed()) {
        throw new IllegalStateException("a fresh connection is closed");
      }
    }
  }
}

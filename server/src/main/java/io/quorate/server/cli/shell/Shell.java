package io.quorate.server.cli.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import sqlline.SqlLine;

/** A shell on one URL. */
public final class Shell {
  private final String url;

  public Shell(String url) {
    this.url = url;
  }

  /** Reads lines from the terminal until the user leaves. */
  public boolean interact() {
    return run(List.of());
  }

  /** Runs one line of SQL; whether that went well. */
  public boolean execute(String sql) {
    return run(List.of("--silent=true", "-e", sql));
  }

  /** Runs a file of SQL up to its first error; whether there was none. */
  public boolean executeFile(Path file) {
    return run(List.of("--silent=true", "--run=" + file));
  }

  /**
   * Fails when the URL leads nowhere.
   *
   * @throws SQLException as the driver says it
   */
  public void requireReachable() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      if (connection.isClosed()) {
        throw new IllegalStateException("a fresh connection is closed");
      }
    }
  }

  private boolean run(List<String> arguments) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("-ac", ShellApplication.class.getName(), "-u", url));
    all.addAll(arguments);
    try {
      SqlLine shell = new SqlLine();
      return shell.begin(all.toArray(String[]::new), null, true) == SqlLine.Status.OK;
    } catch (IOException e) {
      throw new UncheckedIOException("the terminal cannot be used: " + e, e);
    }
  }
}

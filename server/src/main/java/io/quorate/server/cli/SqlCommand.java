package io.quorate.server.cli;

import io.quorate.server.cli.shell.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quorate sql}: a shell, or a line or file of SQL. */
@Command(
    name = "sql",
    description = "Opens a SQL shell, or runs a line or a file of SQL.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
public final class SqlCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      defaultValue = "jdbc:quorate://127.0.0.1:8765/",
      description = "JDBC URL (default: ${DEFAULT-VALUE}).")
  String url = "";

  @ArgGroup @Nullable Script script;

  /** What is run instead of reading from the terminal. */
  static final class Script {
    @Option(names = "-e", paramLabel = "SQL", description = "Run this and end.")
    @Nullable String line;

    @Option(names = "-f", paramLabel = "FILE", description = "Run this file and end.")
    @Nullable Path file;
  }

  @Override
  public Integer call() {
    Shell shell = new Shell(url);
    try {
      shell.requireReachable();
    } catch (SQLException e) {
      throw new CommandFailedException(
          "%s: %s (SQLState %s)".formatted(url, e.getMessage(), e.getSQLState()), e);
    }
    return run(shell) ? ExitCode.OK : ExitCode.FAILURE;
  }

  private boolean run(Shell shell) {
    if (script == null) {
      return shell.interact();
    }
    if (script.line != null) {
      return shell.execute(script.line);
    }
    Path file = script.file;
    if (file == null || !Files.isReadable(file)) {
      throw new CommandFailedException("file " + file + " cannot be read");
    }
    return shell.executeFile(file);
  }
}

package io.quorate.server.cli;

import io.quorate.server.cli.shell.ScriptRunner;
import io.quorate.server.cli.shell.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quorate sql}: a shell, or a line or file of SQL. */
@Command(
    name = "sql",
    description = "Opens a SQL shell, or runs a line or a file of SQL.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
public final class SqlCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      defaultValue = "jdbc:quorate://127.0.0.1:8765/",
      description = "JDBC URL (default: ${DEFAULT-VALUE}).")
  String url = "";

  @Mixin Login login = new Login();

  @ArgGroup @Nullable Script script;

  /** What is run instead of reading from the terminal. */
  static final class Script {
    @Option(names = "-e", paramLabel = "SQL", description = "Run these statements and end.")
    @Nullable String line;

    @Option(names = "-f", paramLabel = "FILE", description = "Run this file and end.")
    @Nullable Path file;

    private String text() {
      if (line != null) {
        return line;
      }
      try {
        return Files.readString(Objects.requireNonNull(file, "the other option of two"));
      } catch (IOException e) {
        throw new CommandFailedException("file " + file + " cannot be read", e);
      }
    }
  }

  @Override
  public Integer call() {
    try {
      if (script == null) {
        new Shell(url, login.properties()).interact();
      } else {
        new ScriptRunner(url, login.properties(), requireSpec().commandLine().getOut())
            .run(script.text());
      }
      return ExitCode.OK;
    } catch (SQLException e) {
      throw SqlFailures.told(e);
    }
  }

  private CommandSpec requireSpec() {
    return Objects.requireNonNull(spec, "made by picocli");
  }
}

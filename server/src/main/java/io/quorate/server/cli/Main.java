package io.quorate.server.cli;

import io.quorate.server.config.ConfigException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command {@code quorate}. Whatever goes wrong in a command ends as one line on the standard
 * error and an exit code of {@link ExitCode}; {@code QUORATE_TRACE=1} adds the stack trace.
 */
@Command(
    name = "quorate",
    description = "A replicated SQL database behind plain JDBC.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      CheckCommand.class,
      DemoCommand.class,
      ServerCommand.class,
      SqlCommand.class,
      StatusCommand.class,
      TokenCommand.class,
      GenerateCompletion.class
    })
public final class Main implements Runnable {
  @Spec @Nullable CommandSpec spec;

  public static void main(String[] arguments) {
    LogSetup.quiet();
    System.exit(commandLine().execute(arguments));
  }

  /** The command line as {@link #main} runs it. */
  static CommandLine commandLine() {
    return handlingErrors(new CommandLine(new Main()));
  }

  /** Gives a command and all below it the same manners. */
  static CommandLine handlingErrors(CommandLine command) {
    return command
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, arguments) -> refuse(e))
        .setExecutionExceptionHandler((e, failed, arguments) -> fail(e, failed));
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "a command is missing");
    }
  }

  private static int refuse(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String help = command.getCommandSpec().qualifiedName() + " --help";
    report(command.getErr(), oneLine(e) + "; see " + help, e);
    return ExitCode.USAGE;
  }

  private static int fail(Exception e, CommandLine command) {
    report(command.getErr(), oneLine(e), e);
    if (e instanceof NodeFailedException) {
      return ExitCode.NODE_FAILED;
    }
    return e instanceof ConfigException ? ExitCode.USAGE : ExitCode.FAILURE;
  }

  private static void report(PrintWriter err, String line, Exception e) {
    err.println("quorate: " + line);
    if ("1".equals(System.getenv("QUORATE_TRACE"))) {
      e.printStackTrace(err);
    }
    err.flush();
  }

  private static String oneLine(Exception e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}

package io.quorate.server.cli;

import io.quorate.server.cli.demo.Demo;
import io.quorate.server.cli.demo.DemoDirectory;
import io.quorate.server.cli.demo.DemoPlan;
import io.quorate.server.cli.demo.Progress;
import io.quorate.server.cli.shell.Shell;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code quorate demo}: a cluster on this machine, sample data in it, a shell on it. */
@Command(
    name = "demo",
    description = {
      "Starts a cluster on this machine, one JVM a node, loads a sample and opens a SQL shell.",
      "Node i listens for clients at PORT+i-1, for operators 100 and for its peers 200 above that."
          + " The same --dir resumes the same data."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
public final class DemoCommand implements Callable<Integer> {
  private static final int SCALE_MAX = 1;

  /** Set by the launcher, which can tell whether the standard output is a terminal. */
  private static final String TERMINAL_PROPERTY = "quorate.terminal";

  private final StopSignals signals;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "Voters (default: ${DEFAULT-VALUE}).")
  int nodes;

  @Option(
      names = "--learners",
      paramLabel = "N",
      defaultValue = "0",
      description = "Replicas without a vote.")
  int learners;

  @Option(
      names = "--witnesses",
      paramLabel = "N",
      defaultValue = "0",
      description = "Voters without data.")
  int witnesses;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where the nodes keep everything (default: a temporary directory).")
  @Nullable Path dir;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8765",
      description = "Client port of the first node (default: ${DEFAULT-VALUE}).")
  int port;

  @Option(
      names = "--sample",
      paramLabel = "NAME",
      defaultValue = "tpch",
      description = "tpch or none (default: ${DEFAULT-VALUE}).")
  Sample sample = Sample.TPCH;

  @Option(
      names = "--scale",
      paramLabel = "X",
      defaultValue = "0.01",
      description = "Size of the sample; 1 is 8.7 million rows (default: ${DEFAULT-VALUE}).")
  double scale;

  @Mixin Login login = new Login();

  @Option(names = "--no-shell", description = "Stay in the foreground until SIGTERM or Ctrl-C.")
  boolean noShell;

  @Option(names = "--keep", description = "Keep the temporary directory.")
  boolean keep;

  /** What is loaded. */
  enum Sample {
    TPCH,
    NONE
  }

  public DemoCommand() {
    this(StopSignals.ofProcess());
  }

  DemoCommand(StopSignals signals) {
    this.signals = signals;
  }

  @Override
  public Integer call() throws InterruptedException {
    requireSupported();
    PrintWriter out = requireSpec().commandLine().getOut();
    DemoPlan.requireValid(nodes, witnesses, learners, port);
    Properties properties = login.properties();
    DemoDirectory directory = DemoDirectory.open(dir, keep);
    Demo demo =
        new Demo(
            directory,
            new DemoPlan(directory.path(), nodes, witnesses, learners, port),
            properties,
            new Progress(out, Boolean.getBoolean(TERMINAL_PROPERTY)));
    Ending ending = new Ending(demo::close);
    signals.onStop(ending::onSignal);
    return ending.after(
        () -> {
          demo.open(sample == Sample.TPCH ? OptionalDouble.of(scale) : OptionalDouble.empty());
          if (noShell) {
            demo.watch();
            return ending.awaitSignal();
          }
          return openShell(demo.url());
        });
  }

  private int openShell(String url) {
    try {
      new Shell(url, login.properties()).interact();
      return ExitCode.OK;
    } catch (SQLException e) {
      throw SqlFailures.told(e);
    }
  }

  private void requireSupported() {
    if (!(scale > 0 && scale <= SCALE_MAX)) {
      throw new ParameterException(
          requireSpec().commandLine(), "--scale is more than 0 and at most " + SCALE_MAX);
    }
  }

  private CommandSpec requireSpec() {
    return Objects.requireNonNull(spec, "made by picocli");
  }
}

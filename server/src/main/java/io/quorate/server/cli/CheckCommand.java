package io.quorate.server.cli;

import io.quorate.server.DataCheck;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quorate check}: is what lies in a data directory what was written? */
@Command(
    name = "check",
    description = {
      "Verifies the data directory of a node that does not run: vote, log, snapshots and store,"
          + " and that every index has the entries of its table.",
      "Changes nothing."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all that is there is sound",
      "1:something is damaged, or the directory could not be checked",
      "2:the command line is wrong"
    })
public final class CheckCommand implements Callable<Integer> {
  private static final List<String> HEADINGS = List.of("PART", "STATE", "DETAIL");

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "Data directory of a node that does not run.")
  @Nullable Path data;

  @Override
  public Integer call() {
    Path directory = Objects.requireNonNull(data);
    DataCheck.Report report = DataCheck.of(directory);
    if (spec != null) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(
          TextTable.format(
              Stream.concat(Stream.of(HEADINGS), report.findings().stream().map(CheckCommand::row))
                  .toList()));
      out.flush();
    }
    if (!report.sound()) {
      throw new CommandFailedException(
          directory + " is damaged; docs/operations.md says what to do about each part");
    }
    return ExitCode.OK;
  }

  private static List<String> row(DataCheck.Finding finding) {
    return List.of(
        finding.part(), finding.state().name().toLowerCase(Locale.ROOT), finding.detail());
  }
}

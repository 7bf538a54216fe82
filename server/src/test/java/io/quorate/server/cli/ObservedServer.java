package io.quorate.server.cli;

import io.quorate.server.Node;
import io.quorate.server.NodeHost;
import java.util.function.Consumer;
import picocli.CommandLine;

/** {@code quorate server} as it is, for a test that wants to hold the node that it runs. */
public final class ObservedServer {
  private ObservedServer() {}

  /**
   * Runs the command until the node has stopped.
   *
   * @param observer handed each node before it opens: one, and another after damage to its store
   * @return the exit code
   */
  public static int run(Consumer<Node> observer, String... flags) {
    LogSetup.quiet();
    ServerCommand command =
        new ServerCommand(
            config -> new NodeService(new NodeHost(config, observer)), StopSignals.ofProcess());
    return Main.handlingErrors(new CommandLine(command)).execute(flags);
  }
}

package io.quorate.server.cli;

import java.io.IOException;
import java.io.InputStream;

/**
 * Ends this process when its input does: a parent that dies, however it dies, closes the pipe. The
 * way out is the one of SIGTERM, through {@link StopSignals}.
 */
final class EndOfInput {
  private EndOfInput() {}

  static void thenExit(InputStream input) {
    Thread thread = new Thread(() -> await(input), "end-of-input");
    thread.setDaemon(true);
    thread.start();
  }

  private static void await(InputStream input) {
    try {
      while (input.read() >= 0) {
        // Nobody writes; what somebody did write means nothing.
      }
    } catch (IOException broken) {
      // As good as its end.
    }
    System.exit(ExitCode.OK);
  }
}

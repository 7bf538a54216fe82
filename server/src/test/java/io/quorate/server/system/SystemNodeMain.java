package io.quorate.server.system;

import io.quorate.server.cli.ObservedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * {@code quorate server} with a {@link Probe} beside it: first the probe's port, then the flags.
 */
public final class SystemNodeMain {
  private SystemNodeMain() {}

  public static void main(String[] arguments) {
    Probe probe = new Probe();
    int probePort = Integer.parseInt(arguments[0]);
    String[] flags = Arrays.copyOfRange(arguments, 1, arguments.length);
    System.exit(
        ObservedServer.run(
            node -> {
              try {
                probe.observe(node, probePort);
              } catch (IOException e) {
                throw new UncheckedIOException("no probe on port " + probePort, e);
              }
            },
            flags));
  }
}

package io.quorate.server.system;

import io.quorate.server.cli.ObservedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * {@code quorate server} with a {@link Probe} beside it: first the probe's address, then the flags.
 */
public final class SystemNodeMain {
  private SystemNodeMain() {}

  public static void main(String[] arguments) {
    Probe observer = new Probe();
    String[] probe = arguments[0].split(":", 2);
    InetSocketAddress address = new InetSocketAddress(probe[0], Integer.parseInt(probe[1]));
    String[] flags = Arrays.copyOfRange(arguments, 1, arguments.length);
    System.exit(
        ObservedServer.run(
            node -> {
              try {
                observer.observe(node, address);
              } catch (IOException e) {
                throw new UncheckedIOException("no probe at " + address, e);
              }
            },
            flags));
  }
}

package io.quorate.server.cli.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Whether something listens on this machine already. */
final class LocalPort {
  private LocalPort() {}

  static boolean isTaken(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return !socket.isBound();
    } catch (IOException e) {
      return true;
    }
  }
}

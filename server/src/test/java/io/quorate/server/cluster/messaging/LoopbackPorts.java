package io.quorate.server.cluster.messaging;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Free peer addresses on the loopback interface, below the ports that the system gives out. */
public final class LoopbackPorts {
  private static final int FIRST = 20_000;
  private static final int LAST = 30_000;

  private LoopbackPorts() {}

  /** Addresses whose port and failure detector's port are free now. */
  public static List<InetSocketAddress> find(int count) {
    List<InetSocketAddress> found = new ArrayList<>();
    int start = FIRST + (int) (ProcessHandle.current().pid() * 211 % (LAST - FIRST));
    for (int i = 0; i < LAST - FIRST && found.size() < count; i++) {
      int port = FIRST + (start - FIRST + i) % (LAST - FIRST);
      if (isFree(port) && isFree(port + ChannelStack.FAILURE_PORT_OFFSET)) {
        found.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      }
    }
    return found;
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}

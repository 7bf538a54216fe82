package io.quorate.server.frontend;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;

/** Ends a connection so that the client can still read what it was told last. */
final class LastWords {
  private LastWords() {}

  /**
   * Says that nothing more comes. Who closes at once while the client still sends makes the system
   * reset the connection, and the client loses what it has not read yet. Whoever calls this reads
   * on, and has a bound on the time.
   */
  static void endOutput(Channel channel) {
    if (channel instanceof DuplexChannel duplex) {
      var unused = duplex.shutdownOutput();
    } else {
      var unused = channel.close();
    }
  }
}

package io.quorate.driver.route;

import io.quorate.driver.tls.ClientTls;

/** Where and how a node is dialled. Immutable. */
final class Dial {
  private final NodeAddress address;
  private final ClientTls tls;
  private final int timeoutMillis;

  /**
   * @param timeoutMillis for connection and handshake together
   */
  Dial(NodeAddress address, ClientTls tls, int timeoutMillis) {
    this.address = address;
    this.tls = tls;
    this.timeoutMillis = timeoutMillis;
  }

  /** The same with another patience. */
  Dial within(int millis) {
    return new Dial(address, tls, millis);
  }

  NodeAddress address() {
    return address;
  }

  ClientTls tls() {
    return tls;
  }

  int timeoutMillis() {
    return timeoutMillis;
  }
}

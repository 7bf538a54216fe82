package io.quorate.driver.route;

import org.jspecify.annotations.Nullable;

/** Where a node takes clients. Immutable. */
public final class NodeAddress {
  public static final int DEFAULT_PORT = 8765;

  private final String host;
  private final int port;

  private NodeAddress(String host, int port) {
    this.host = host;
    this.port = port;
  }

  /**
   * Reads {@code host}, {@code host:port} or {@code [ipv6]:port}.
   *
   * @throws IllegalArgumentException with a line for a person
   */
  public static NodeAddress parse(String text) {
    String host = text;
    String port = "";
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      if (end < 0 || (end + 1 < text.length() && text.charAt(end + 1) != ':')) {
        throw new IllegalArgumentException("\"" + text + "\" is no host:port");
      }
      host = text.substring(1, end);
      port = end + 1 < text.length() ? text.substring(end + 2) : "";
    } else if (text.indexOf(':') >= 0) {
      host = text.substring(0, text.indexOf(':'));
      port = text.substring(text.indexOf(':') + 1);
      if (port.isEmpty()) {
        throw new IllegalArgumentException("\"" + text + "\" has no port behind the colon");
      }
    }
    if (host.isEmpty() || host.chars().anyMatch(NodeAddress::forbidden)) {
      throw new IllegalArgumentException("\"" + text + "\" has no valid host");
    }
    return new NodeAddress(host, port.isEmpty() ? DEFAULT_PORT : parsePort(text, port));
  }

  private static boolean forbidden(int c) {
    return c <= ' ' || "/?#@\\\"'<>,;=&".indexOf(c) >= 0;
  }

  private static int parsePort(String text, String port) {
    try {
      int number = Integer.parseInt(port);
      if (number > 0 && number <= 65_535) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\": " + port + " is no port number", e);
    }
    throw new IllegalArgumentException("\"" + text + "\": a port is a number from 1 to 65535");
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NodeAddress
        && host.equals(((NodeAddress) other).host)
        && port == ((NodeAddress) other).port;
  }

  @Override
  public int hashCode() {
    return 31 * host.hashCode() + port;
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}

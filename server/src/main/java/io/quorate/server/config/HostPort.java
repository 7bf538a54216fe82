package io.quorate.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and a port as the operator wrote them. The host is not resolved here: a name may mean
 * another address tomorrow.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 0 to 65535; 0 asks the system for a free one
 */
public record HostPort(String host, int port) {
  private static final Pattern FORM = Pattern.compile("(?:\\[([^\\[\\]]+)]|([^:\\[\\]]*)):(\\d+)");
  private static final String LOOPBACK = "127.0.0.1";
  private static final Pattern NAME =
      Pattern.compile(
          "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
              + "(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\\.?");
  private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
  private static final Pattern IPV6 =
      Pattern.compile("([0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)(%[A-Za-z0-9_.-]+)?");

  public HostPort {
    ConfigException.require(
        isName(host) || isIpv6(host), "\"%s\" is neither a host name nor an IP address", host);
    ConfigException.require(port >= 0 && port <= 65535, "a port is 0 to 65535, not %s", port);
  }

  /**
   * Reads {@code host:port}; an IPv6 address stands in brackets, as in {@code [::1]:8765}. Without
   * a host, as in {@code :8765}, it is this machine's alone: to be reached by others is to be said.
   */
  public static HostPort parse(String text) {
    Matcher form = FORM.matcher(text);
    ConfigException.require(
        form.matches(),
        "an address is host:port, with an IPv6 address in brackets, not \"%s\"",
        text);
    String bracketed = form.group(1);
    ConfigException.require(
        bracketed == null || isIpv6(bracketed), "\"%s\" is not an IPv6 address", bracketed);
    String digits = form.group(3);
    ConfigException.require(digits.length() <= 5, "a port is 0 to 65535, not %s", digits);
    String named = form.group(2) == null || form.group(2).isEmpty() ? LOOPBACK : form.group(2);
    return new HostPort(bracketed == null ? named : bracketed, Integer.parseInt(digits));
  }

  /** Whether nobody but this machine reaches the address. Looks nothing up. */
  public boolean isLoopback() {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    if (isIpv6(host)) {
      return literal(host).isLoopbackAddress();
    }
    return IPV4.matcher(host).matches() && host.startsWith("127.");
  }

  private static boolean isName(String host) {
    if (DIGITS_AND_DOTS.matcher(host).matches()) {
      return IPV4.matcher(host).matches();
    }
    return host.length() <= 253 && NAME.matcher(host).matches();
  }

  private static boolean isIpv6(String host) {
    if (!IPV6.matcher(host).matches()) {
      return false;
    }
    try {
      literal(host);
      return true;
    } catch (ConfigException notAnAddress) {
      return false;
    }
  }

  /** Brackets make the JDK read a literal or fail; it asks no name service. */
  private static InetAddress literal(String ipv6) {
    int zone = ipv6.indexOf('%');
    String address = zone < 0 ? ipv6 : ipv6.substring(0, zone);
    try {
      return InetAddress.getAllByName("[" + address + "]")[0];
    } catch (UnknownHostException e) {
      throw new ConfigException("\"" + ipv6 + "\" is not an IPv6 address", e);
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}

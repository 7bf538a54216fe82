package io.quorate.driver;

import io.quorate.driver.route.NodeAddress;
import io.quorate.driver.route.ReadTarget;
import io.quorate.driver.route.RouteOptions;
import io.quorate.driver.route.RoutePreference;
import io.quorate.driver.route.RoutePreference.WriteRouting;
import io.quorate.driver.route.Router;
import io.quorate.driver.route.SqlExceptions;
import io.quorate.driver.tls.ClientTls;
import io.quorate.driver.tls.TlsException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * A URL of this driver, with the properties given beside it: {@code
 * jdbc:quorate://host[:port][,host[:port]…]/[schema][?option=value&…]}. Immutable.
 */
public final class QuorateUrl {
  public static final String PREFIX = "jdbc:quorate:";

  private static final String REMOTE = PREFIX + "//";

  private final List<NodeAddress> hosts;
  private final String schema;
  private final Map<ConnectionOption, String> options;

  private final ClientTls tls;

  private QuorateUrl(List<NodeAddress> hosts, String schema, Map<ConnectionOption, String> options)
      throws SQLException {
    this.hosts = Collections.unmodifiableList(hosts);
    this.schema = schema;
    this.options = Collections.unmodifiableMap(options);
    this.tls = tls(options);
  }

  /** A file that only TLS has use for asks for TLS, and for no less than all of it. */
  private static ClientTls tls(Map<ConnectionOption, String> options) throws SQLException {
    String ssl = options.getOrDefault(ConnectionOption.SSL, "");
    String ca = options.getOrDefault(ConnectionOption.SSL_CA, "");
    String certificate = options.getOrDefault(ConnectionOption.SSL_CERT, "");
    String key = options.getOrDefault(ConnectionOption.SSL_KEY, "");
    String mode = options.getOrDefault(ConnectionOption.SSL_MODE, "");
    if (mode.isEmpty()) {
      boolean asked = ssl.equals("true") || (ssl.isEmpty() && !(ca + certificate + key).isEmpty());
      mode = (asked ? ClientTls.Mode.VERIFY_FULL : ClientTls.Mode.DISABLE).text();
    } else if (!ssl.isEmpty() && ssl.equals("true") == mode.equals("disable")) {
      throw SqlExceptions.of(
          ErrorCode.INVALID_PARAMETER, "ssl=" + ssl + " and ssl_mode=" + mode + " contradict");
    }
    try {
      return ClientTls.of(tlsMode(mode), ca, certificate, key);
    } catch (IllegalArgumentException e) {
      throw SqlExceptions.of(ErrorCode.INVALID_PARAMETER, String.valueOf(e.getMessage()), e);
    }
  }

  private static ClientTls.Mode tlsMode(String text) {
    return Arrays.stream(ClientTls.Mode.values())
        .filter(mode -> mode.text().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no ssl_mode " + text));
  }

  public static boolean accepts(String url) {
    return url.startsWith(PREFIX);
  }

  /**
   * Reads a URL; what it says goes before the properties.
   *
   * @throws SQLException in one line what is wrong with it
   */
  public static QuorateUrl parse(String url, Properties properties) throws SQLException {
    if (!url.startsWith(REMOTE)) {
      throw notRemote(url);
    }
    String rest = url.substring(REMOTE.length());
    int question = rest.indexOf('?');
    String query = question < 0 ? "" : rest.substring(question + 1);
    String place = question < 0 ? rest : rest.substring(0, question);
    int slash = place.indexOf('/');
    String schema = slash < 0 ? "" : decode(place.substring(slash + 1));
    if (schema.indexOf('/') >= 0) {
      throw malformed(url, "only a schema may follow the hosts");
    }
    Map<ConnectionOption, String> options = new EnumMap<>(ConnectionOption.class);
    for (String name : properties.stringPropertyNames()) {
      put(options, name, properties.getProperty(name));
    }
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw malformed(url, "\"" + pair + "\" is no option=value");
      }
      put(options, decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
    }
    return new QuorateUrl(
        hosts(url, slash < 0 ? place : place.substring(0, slash)), schema, options);
  }

  private static SQLException notRemote(String url) {
    if (url.startsWith(PREFIX + "embedded:") || url.startsWith(PREFIX + "mem:")) {
      return SqlExceptions.of(
          ErrorCode.NOT_SUPPORTED,
          "a database inside this JVM is not supported by this version yet");
    }
    return malformed(url, "it begins with " + REMOTE + "host");
  }

  private static SQLException malformed(String url, String why) {
    int query = url.indexOf('?');
    // A password may be behind the question mark.
    String shown = query < 0 ? url : url.substring(0, query) + "?…";
    return SqlExceptions.of(ErrorCode.INVALID_PARAMETER, "wrong URL " + shown + ": " + why);
  }

  private static List<NodeAddress> hosts(String url, String list) throws SQLException {
    if (list.isEmpty()) {
      throw malformed(url, "it names no host");
    }
    List<NodeAddress> hosts = new ArrayList<>();
    for (String host : list.split(",", -1)) {
      try {
        NodeAddress address = NodeAddress.parse(host);
        if (!hosts.contains(address)) {
          hosts.add(address);
        }
      } catch (IllegalArgumentException e) {
        throw malformed(url, String.valueOf(e.getMessage()));
      }
    }
    return hosts;
  }

  private static String decode(String text) throws SQLException {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw SqlExceptions.of(ErrorCode.INVALID_PARAMETER, "wrong URL: " + e.getMessage(), e);
    }
  }

  private static void put(Map<ConnectionOption, String> options, String name, String value)
      throws SQLException {
    ConnectionOption option =
        ConnectionOption.find(name)
            .orElseThrow(
                () ->
                    SqlExceptions.of(
                        ErrorCode.INVALID_PARAMETER, "there is no option \"" + name + "\""));
    options.put(option, option.requireValid(value));
  }

  public List<NodeAddress> hosts() {
    return hosts;
  }

  /** Empty for the server's default. */
  public String schema() {
    return schema;
  }

  /** The value given, or the default. */
  public String option(ConnectionOption option) {
    return options.getOrDefault(option, option.defaultValue());
  }

  int number(ConnectionOption option) {
    return Integer.parseInt(option(option));
  }

  /**
   * What a router is told.
   *
   * @throws SQLException when a file of TLS cannot be used
   */
  RouteOptions routeOptions() throws SQLException {
    requireTlsFiles();
    Map<String, String> settings = new LinkedHashMap<>();
    if (!schema.isEmpty()) {
      settings.put(Router.SCHEMA, schema);
    }
    options.forEach(
        (option, value) -> {
          if (option.isSetting() && !value.equals(option.defaultValue())) {
            settings.put(option.key(), value);
          }
        });
    RouteOptions plain =
        new RouteOptions(
            hosts,
            option(ConnectionOption.USER),
            option(ConnectionOption.PASSWORD),
            settings,
            target(),
            number(ConnectionOption.CONNECT_TIMEOUT),
            number(ConnectionOption.SOCKET_TIMEOUT));
    RoutePreference preference =
        new RoutePreference(
            target(),
            option(ConnectionOption.ZONE),
            WriteRouting.valueOf(option(ConnectionOption.WRITE_ROUTING).toUpperCase(Locale.ROOT)));
    return plain.withPreference(preference).withTls(tls);
  }

  private ReadTarget target() {
    return ReadTarget.of(option(ConnectionOption.TARGET)).orElse(ReadTarget.ANY);
  }

  /** Told by their own names, and before any node is asked. */
  private void requireTlsFiles() throws SQLException {
    if (tls.isOn()) {
      try {
        var unused = tls.context();
      } catch (TlsException e) {
        throw SqlExceptions.of(ErrorCode.INVALID_PARAMETER, String.valueOf(e.getMessage()), e);
      }
    }
  }
}

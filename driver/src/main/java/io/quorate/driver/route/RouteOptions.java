package io.quorate.driver.route;

import io.quorate.driver.tls.ClientTls;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a connection was asked to be. Immutable. */
public final class RouteOptions {
  private final List<NodeAddress> contacts;
  private final String user;
  private final String password;
  private final Map<String, String> settings;
  private final RoutePreference preference;
  private final int connectTimeoutMillis;
  private final int socketTimeoutMillis;
  private final ClientTls tls;

  /**
   * In plain text.
   *
   * @param contacts nodes to ask first; one that lives is enough
   * @param settings of the session, by the server's names
   * @param connectTimeoutMillis for each node that is tried
   * @param socketTimeoutMillis for each answer; 0 for as long as the statement may take
   */
  public RouteOptions(
      List<NodeAddress> contacts,
      String user,
      String password,
      Map<String, String> settings,
      ReadTarget target,
      int connectTimeoutMillis,
      int socketTimeoutMillis) {
    this(
        contacts,
        user,
        password,
        settings,
        new RoutePreference(target, "", RoutePreference.WriteRouting.FORWARD),
        connectTimeoutMillis,
        socketTimeoutMillis,
        ClientTls.OFF);
  }

  private RouteOptions(
      List<NodeAddress> contacts,
      String user,
      String password,
      Map<String, String> settings,
      RoutePreference preference,
      int connectTimeoutMillis,
      int socketTimeoutMillis,
      ClientTls tls) {
    if (contacts.isEmpty()) {
      throw new IllegalArgumentException("no host");
    }
    this.contacts = Collections.unmodifiableList(new ArrayList<>(contacts));
    this.user = user;
    this.password = password;
    this.settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    this.preference = preference;
    this.connectTimeoutMillis = connectTimeoutMillis;
    this.socketTimeoutMillis = socketTimeoutMillis;
    this.tls = tls;
  }

  /** The same, protected so. */
  public RouteOptions withTls(ClientTls protection) {
    return new RouteOptions(
        contacts,
        user,
        password,
        settings,
        preference,
        connectTimeoutMillis,
        socketTimeoutMillis,
        protection);
  }

  ClientTls tls() {
    return tls;
  }

  public List<NodeAddress> contacts() {
    return contacts;
  }

  public String user() {
    return user;
  }

  String password() {
    return password;
  }

  public Map<String, String> settings() {
    return settings;
  }

  /** The same, with more to say than a target. */
  public RouteOptions withPreference(RoutePreference wanted) {
    return new RouteOptions(
        contacts, user, password, settings, wanted, connectTimeoutMillis, socketTimeoutMillis, tls);
  }

  RoutePreference preference() {
    return preference;
  }

  public int connectTimeoutMillis() {
    return connectTimeoutMillis;
  }

  public int socketTimeoutMillis() {
    return socketTimeoutMillis;
  }
}

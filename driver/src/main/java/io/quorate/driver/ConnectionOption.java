package io.quorate.driver;

import io.quorate.driver.route.ReadTarget;
import io.quorate.driver.route.SqlExceptions;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the URL, or the properties beside it, may say of a connection. */
public enum ConnectionOption {
  USER("", "name of the user"),
  PASSWORD("", "password of the user"),
  READ_LEVEL("SESSION", "how new a read must be", "SESSION", "LOCAL", "BOUNDED", "LINEARIZABLE"),
  MAX_STALENESS("10000", "milliseconds, for BOUNDED"),
  READ_AFTER("", "token of LAST_COMMIT_TOKEN() that reads must show"),
  COMMIT_LEVEL("QUORUM", "how durable a commit must be", "QUORUM", "ALL", "ONE"),
  TARGET(
      "any",
      "where reads outside of a transaction may go",
      Arrays.stream(ReadTarget.values()).map(ReadTarget::text).toArray(String[]::new)),
  FETCH_SIZE("1000", "rows a round trip, at most"),
  CONNECT_TIMEOUT("10000", "milliseconds, for each node that is tried"),
  SOCKET_TIMEOUT("0", "milliseconds, for each answer; 0 for none"),
  QUERY_TIMEOUT("0", "milliseconds, for each statement; 0 for none"),
  WRITE_ROUTING(
      "forward",
      "what a node that does not lead does with a write",
      "forward",
      "redirect",
      "refuse"),
  ZONE("", "prefer replicas with this label"),
  SSL("false", "encrypt the connection, as ssl_mode=verify-full does", "false", "true"),
  SSL_CA("", "PEM file of the authorities to trust; those of the JVM without it"),
  SSL_CERT("", "PEM file of the client's certificate"),
  SSL_KEY("", "PEM file of the client's key"),
  SSL_MODE(
      "disable",
      "what to demand of the node's certificate",
      "disable",
      "require",
      "verify-ca",
      "verify-full"),
  TRANSPORT("native", "how to talk to the server", "native", "http");

  private final String defaultValue;
  private final String description;
  private final String choices;

  ConnectionOption(String defaultValue, String description, String... choices) {
    this.defaultValue = defaultValue;
    this.description = description;
    this.choices = String.join(",", choices);
  }

  /** The option of this name, in either case. */
  public static Optional<ConnectionOption> find(String name) {
    return Arrays.stream(values())
        .filter(option -> option.key().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  /** The name in URLs and properties. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String defaultValue() {
    return defaultValue;
  }

  public String description() {
    return description;
  }

  /** The values there are; empty where it is free. */
  public List<String> choices() {
    return choices.isEmpty() ? List.of() : List.of(choices.split(",", -1));
  }

  /** Whether the server keeps it, as a setting of the session with the same name. */
  boolean isSetting() {
    switch (this) {
      case READ_LEVEL:
      case MAX_STALENESS:
      case COMMIT_LEVEL:
      case WRITE_ROUTING:
        return true;
      default:
        return false;
    }
  }

  private boolean isNumber() {
    switch (this) {
      case MAX_STALENESS:
      case FETCH_SIZE:
      case CONNECT_TIMEOUT:
      case SOCKET_TIMEOUT:
      case QUERY_TIMEOUT:
        return true;
      default:
        return false;
    }
  }

  private boolean isToCome() {
    switch (this) {
      case TRANSPORT:
        return true;
      default:
        return false;
    }
  }

  /** The value as it is written among the choices. */
  String requireValid(String value) throws SQLException {
    String found = value;
    if (!choices.isEmpty()) {
      found =
          choices().stream()
              .filter(choice -> choice.equalsIgnoreCase(value))
              .findFirst()
              .orElseThrow(() -> invalid(value, "it is one of " + choices));
    }
    if (isNumber()) {
      requireNumber(value);
    }
    if (isToCome() && !found.equals(defaultValue)) {
      throw SqlExceptions.of(
          ErrorCode.NOT_SUPPORTED, "the option " + key() + " is not supported by this version yet");
    }
    return found;
  }

  private void requireNumber(String value) throws SQLException {
    try {
      if (Integer.parseInt(value) >= (this == FETCH_SIZE || this == CONNECT_TIMEOUT ? 1 : 0)) {
        return;
      }
    } catch (NumberFormatException e) {
      throw SqlExceptions.of(
          ErrorCode.INVALID_PARAMETER,
          "the option " + key() + " takes a number, not \"" + value + "\"",
          e);
    }
    throw invalid(value, "it is too small");
  }

  private SQLException invalid(String value, String why) {
    return SqlExceptions.of(
        ErrorCode.INVALID_PARAMETER,
        "the option " + key() + " cannot be \"" + value + "\"; " + why);
  }
}

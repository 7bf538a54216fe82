package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.dispatch.ReadLevel;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.catalog.Catalog;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The settings of a session by name. Confined to the session. */
final class Settings {
  static final String AUTOCOMMIT = "autocommit";
  static final String READ_ONLY = "read_only";
  static final String ISOLATION = "isolation";
  static final String SCHEMA = "schema";
  static final String READ_LEVEL = "read_level";
  static final String MAX_STALENESS = "max_staleness";

  static final String READ_AFTER = "read_after";
  static final String COMMIT_LEVEL = "commit_level";
  static final String WRITE_ROUTING = "write_routing";
  static final String QUERY_TIMEOUT = "query_timeout";
  static final String APPLICATION_NAME = "application_name";

  /** What all of them are run as: snapshot isolation, which is at least what each asks for. */
  private static final Set<String> ISOLATIONS =
      Set.of("READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ");

  private static final int TEXT_CHARS_MAX = 256;

  private boolean autocommit = true;
  private boolean readOnly;
  private String isolation = "REPEATABLE READ";
  private String schema = Catalog.DEFAULT_SCHEMA;
  private ReadLevel readLevel = ReadLevel.SESSION;
  private WriteRouting writeRouting = WriteRouting.FORWARD;
  private CommitLevel commitLevel = CommitLevel.QUORUM;
  private Duration maxStaleness = Duration.ofSeconds(10);
  private String readAfter = "";
  private Duration queryTimeout = Duration.ZERO;
  private String applicationName = "";

  boolean autocommit() {
    return autocommit;
  }

  boolean readOnly() {
    return readOnly;
  }

  String schema() {
    return schema;
  }

  ReadLevel readLevel() {
    return readLevel;
  }

  CommitLevel commitLevel() {
    return commitLevel;
  }

  WriteRouting writeRouting() {
    return writeRouting;
  }

  /** For BOUNDED reads. */
  Duration maxStaleness() {
    return maxStaleness;
  }

  /** Zero without one. */
  Duration queryTimeout() {
    return queryTimeout;
  }

  String applicationName() {
    return applicationName;
  }

  static String canonical(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * Sets one.
   *
   * @throws QuorateException when there is no such setting, or it cannot have the value
   */
  void set(String name, String value) {
    if (value.equalsIgnoreCase("DEFAULT")) {
      set(name, new Settings().get(name));
      return;
    }
    switch (canonical(name)) {
      case AUTOCOMMIT -> autocommit = flag(name, value);
      case READ_ONLY -> readOnly = flag(name, value);
      case ISOLATION -> isolation = isolation(value);
      case SCHEMA -> schema = text(name, value);
      case READ_LEVEL -> readLevel = ReadLevel.parse(value);
      case MAX_STALENESS -> maxStaleness = millis(name, value);
      case READ_AFTER -> readAfter = text(name, value);
      case COMMIT_LEVEL -> commitLevel = commitLevel(value);
      case WRITE_ROUTING -> writeRouting = writeRouting(value);
      case QUERY_TIMEOUT -> queryTimeout = seconds(name, value);
      case APPLICATION_NAME -> applicationName = text(name, value);
      default -> throw unknown(name);
    }
  }

  String get(String name) {
    String value = all().get(canonical(name));
    if (value == null) {
      throw unknown(name);
    }
    return value;
  }

  /** All, by name. */
  SortedMap<String, String> all() {
    SortedMap<String, String> all = new TreeMap<>();
    all.put(AUTOCOMMIT, Boolean.toString(autocommit));
    all.put(READ_ONLY, Boolean.toString(readOnly));
    all.put(ISOLATION, isolation);
    all.put(SCHEMA, schema);
    all.put(READ_LEVEL, readLevel.name());
    all.put(MAX_STALENESS, Long.toString(maxStaleness.toMillis()));
    all.put(READ_AFTER, readAfter);
    all.put(COMMIT_LEVEL, commitLevel.name());
    all.put(WRITE_ROUTING, writeRouting.text());
    all.put(QUERY_TIMEOUT, Long.toString(queryTimeout.toSeconds()));
    all.put(APPLICATION_NAME, applicationName);
    return all;
  }

  /** The isolation of that name as this server writes it. */
  static String isolation(String value) {
    String name = value.toUpperCase(Locale.ROOT).replace('_', ' ').trim();
    if (name.equals("SERIALIZABLE")) {
      throw new QuorateException(
          ErrorCode.NOT_SUPPORTED, "isolation SERIALIZABLE is not there yet; use REPEATABLE READ");
    }
    if (!ISOLATIONS.contains(name)) {
      throw invalid(ISOLATION, value, "READ COMMITTED or REPEATABLE READ");
    }
    return name;
  }

  private static CommitLevel commitLevel(String value) {
    return CommitLevel.find(value)
        .orElseThrow(() -> invalid(COMMIT_LEVEL, value, "QUORUM, ALL or ONE"));
  }

  private static WriteRouting writeRouting(String value) {
    return WriteRouting.find(value)
        .orElseThrow(() -> invalid(WRITE_ROUTING, value, "forward, redirect or refuse"));
  }

  private static boolean flag(String name, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "on", "1", "yes" -> true;
      case "false", "off", "0", "no" -> false;
      default -> throw invalid(name, value, "true or false");
    };
  }

  private static Duration seconds(String name, String value) {
    return Duration.ofSeconds(number(name, value, "a number of seconds, 0 for none"));
  }

  private static Duration millis(String name, String value) {
    return Duration.ofMillis(number(name, value, "a number of milliseconds"));
  }

  private static long number(String name, String value, String allowed) {
    try {
      long number = Long.parseLong(value.trim());
      if (number >= 0 && number <= Integer.MAX_VALUE) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw invalid(name, value, allowed);
  }

  private static String text(String name, String value) {
    if (value.length() > TEXT_CHARS_MAX) {
      throw invalid(name, value.substring(0, TEXT_CHARS_MAX), "at most 256 characters");
    }
    return value;
  }

  private static QuorateException invalid(String name, String value, String allowed) {
    return new QuorateException(
        ErrorCode.INVALID_PARAMETER,
        "setting " + canonical(name) + " is " + allowed + ", not \"" + value + "\"");
  }

  private static QuorateException unknown(String name) {
    return new QuorateException(
        ErrorCode.INVALID_PARAMETER,
        "there is no setting \""
            + name
            + "\"; there are "
            + String.join(", ", new Settings().all().keySet()));
  }
}

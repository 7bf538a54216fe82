package io.quorate.driver.route;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A setting that SQL makes on one node's session, so that the sessions on other nodes get it too.
 * The server tells of some by itself; this is for the others.
 */
final class SetStatement {
  private static final Pattern FORM =
      Pattern.compile(
          "\\s*SET\\s+(?:SESSION\\s+)?(?!TRANSACTION\\b)([A-Za-z_][A-Za-z_0-9]*)"
              + "\\s*(?:=|\\sTO\\s)\\s*(?:'([^']*)'|([^\\s';]+))\\s*;?\\s*",
          Pattern.CASE_INSENSITIVE);

  private static final int LENGTH_MAX = 512;

  private final String name;
  private final String value;

  private SetStatement(String name, String value) {
    this.name = name;
    this.value = value;
  }

  /** What {@code SET name = value} or {@code SET name TO value} says; empty for all else. */
  static Optional<SetStatement> read(String sql) {
    if (sql.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    Matcher matcher = FORM.matcher(sql);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String value = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
    return Optional.of(new SetStatement(matcher.group(1).toLowerCase(Locale.ROOT), value));
  }

  String name() {
    return name;
  }

  String value() {
    return value;
  }
}

package io.quorate.sql.parse;

import java.util.Locale;

/**
 * Tells by the first words of a text whether it may hold a password, so that neither a list of
 * running statements nor a message repeats it. Works on texts that do not parse. Pure.
 */
public final class SecretText {
  private SecretText() {}

  /** The text as others may see it: what may hold a password is cut behind its first words. */
  public static String shown(String sql) {
    int statement = findUserStatement(sql);
    return statement < 0 ? sql : sql.substring(0, statement) + "CREATE or ALTER USER …";
  }

  /** Whether a statement of the text, alone or behind others, makes or alters a user. */
  public static boolean mayHoldPassword(String sql) {
    return findUserStatement(sql) >= 0;
  }

  /** Where the first such statement begins; -1 without one. */
  private static int findUserStatement(String sql) {
    int start = 0;
    while (true) {
      if (isUserStatement(new Words(sql, start))) {
        return start;
      }
      // A semicolon in a text or a comment only makes this hide more.
      int end = sql.indexOf(';', start);
      if (end < 0) {
        return -1;
      }
      start = end + 1;
    }
  }

  private static boolean isUserStatement(Words words) {
    String first = words.next();
    if (!first.equals("CREATE") && !first.equals("ALTER")) {
      return false;
    }
    String second = words.next();
    if (second.equals("OR")) {
      words.next();
      second = words.next();
    }
    return second.equals("USER");
  }

  /** The words of a text in upper case, without white space and comments. Confined. */
  private static final class Words {
    private final String sql;
    private int at;

    Words(String sql, int start) {
      this.sql = sql;
      this.at = start;
    }

    /** The next word; empty where something else, or nothing, follows. */
    String next() {
      skipSpace();
      int begin = at;
      while (at < sql.length() && Character.isJavaIdentifierPart(sql.charAt(at))) {
        at++;
      }
      return sql.substring(begin, at).toUpperCase(Locale.ROOT);
    }

    private void skipSpace() {
      while (at < sql.length()) {
        int before = at;
        if (Character.isWhitespace(sql.charAt(at))) {
          at++;
        } else if (sql.startsWith("--", at) || sql.startsWith("//", at)) {
          skipLine();
        } else if (sql.startsWith("/*", at)) {
          int end = sql.indexOf("*/", at + 2);
          at = end < 0 ? sql.length() : end + 2;
        }
        if (at == before) {
          return;
        }
      }
    }

    private void skipLine() {
      while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
        at++;
      }
    }
  }
}

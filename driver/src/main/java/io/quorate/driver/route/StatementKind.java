package io.quorate.driver.route;

import java.util.Locale;
import java.util.regex.Pattern;

/** What a statement's first word says about it; the server is the judge. */
enum StatementKind {
  READ,
  COMMIT,
  ROLLBACK,
  EXPLAIN_ROUTING,

  /** It changes the very node that it reaches. */
  OF_ONE_NODE,
  OTHER;

  /**
   * Where it asks a sequence, which the leader alone does; there too the session remembers what it
   * was given. One that only looks so goes to the leader without need.
   */
  private static final Pattern SEQUENCE =
      Pattern.compile(
          "\\b(?:NEXTVAL|CURRVAL|(?:NEXT|CURRENT)\\s+VALUE\\s+FOR)\\b", Pattern.CASE_INSENSITIVE);

  /** Where it locks what it reads, for UPDATE or SHARE, which it can do at the leader only. */
  private static final Pattern LOCK =
      Pattern.compile(
          "\\bFOR\\s+(?:UPDATE|SHARE|NO\\s+KEY|KEY\\s+SHARE)\\b", Pattern.CASE_INSENSITIVE);

  /** Whether, in no transaction, it goes to a node that is chosen as for a read. */
  boolean goesToReader() {
    return this == READ || this == OF_ONE_NODE;
  }

  static StatementKind of(String sql) {
    return of(sql, 0);
  }

  /** The kind of what {@code EXPLAIN ROUTING} asks about. */
  static StatementKind explained(String sql) {
    int explain = skipBlank(sql, 0) + "EXPLAIN".length();
    return of(sql, skipBlank(sql, explain) + "ROUTING".length());
  }

  private static StatementKind of(String sql, int from) {
    int start = skipBlank(sql, from);
    while (start < sql.length() && sql.charAt(start) == '(') {
      start = skipBlank(sql, start + 1);
    }
    int end = start;
    while (end < sql.length() && Character.isLetter(sql.charAt(end))) {
      end++;
    }
    switch (sql.substring(start, end).toUpperCase(Locale.ROOT)) {
      case "SELECT":
      case "VALUES":
      case "WITH":
        return asksSequence(sql, end) || locks(sql, end) ? OTHER : READ;
      case "TABLE":
      case "SHOW":
        return READ;
      case "ADMIN":
        return administration(sql, skipBlank(sql, end));
      case "EXPLAIN":
        return isWord(sql, skipBlank(sql, end), "ROUTING") ? EXPLAIN_ROUTING : READ;
      case "COMMIT":
        return endsAfterWork(sql, end) ? COMMIT : OTHER;
      case "ROLLBACK":
        return endsAfterWork(sql, end) ? ROLLBACK : OTHER;
      default:
        return OTHER;
    }
  }

  private static StatementKind administration(String sql, int at) {
    if (isWord(sql, at, "SHOW")) {
      return READ;
    }
    return isWord(sql, at, "SET") || isWord(sql, at, "CONNECT") ? OF_ONE_NODE : OTHER;
  }

  /** Most statements have none of its letters together, and are looked through but once. */
  private static boolean asksSequence(String sql, int from) {
    for (int at = sql.length() - 3; at >= from; at--) {
      if ((sql.charAt(at) | ' ') == 'v' && sql.regionMatches(true, at, "VAL", 0, 3)) {
        return SEQUENCE.matcher(sql).find(from);
      }
    }
    return false;
  }

  /** It may stand behind the query only, so it is looked for from the end. */
  private static boolean locks(String sql, int from) {
    for (int at = sql.length() - 3; at >= from; at--) {
      if ((sql.charAt(at) | ' ') == 'f' && sql.regionMatches(true, at, "FOR", 0, 3)) {
        return LOCK.matcher(sql).find(from);
      }
    }
    return false;
  }

  private static boolean isWord(String sql, int at, String word) {
    int end = at + word.length();
    return sql.regionMatches(true, at, word, 0, word.length())
        && (end == sql.length() || !Character.isJavaIdentifierPart(sql.charAt(end)));
  }

  private static boolean endsAfterWork(String sql, int from) {
    int at = skipBlank(sql, from);
    if (sql.regionMatches(true, at, "WORK", 0, 4)) {
      at = skipBlank(sql, at + 4);
    }
    if (at < sql.length() && sql.charAt(at) == ';') {
      at = skipBlank(sql, at + 1);
    }
    return at == sql.length();
  }

  /** Past white space and comments. */
  private static int skipBlank(String sql, int from) {
    int at = from;
    while (at < sql.length()) {
      if (Character.isWhitespace(sql.charAt(at))) {
        at++;
      } else if (sql.startsWith("--", at)) {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end + 1;
      } else if (sql.startsWith("/*", at)) {
        int end = sql.indexOf("*/", at + 2);
        at = end < 0 ? sql.length() : end + 2;
      } else {
        return at;
      }
    }
    return at;
  }
}

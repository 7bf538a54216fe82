package io.quorate.server.session;

import org.jspecify.annotations.Nullable;

/**
 * A search pattern of {@code DatabaseMetaData}: {@code %} stands for any text, {@code _} for one
 * character, and a backslash takes the next character as it is. No pattern matches everything.
 */
record LikePattern(@Nullable String pattern) {
  /** As {@code DatabaseMetaData.getSearchStringEscape} says. */
  static final char ESCAPE = '\\';

  boolean matches(String text) {
    if (pattern == null) {
      return true;
    }
    return matches(pattern, text);
  }

  /**
   * Goes along both; where they part, the last {@code %} takes one character more. That makes it
   * the product of both lengths at worst, whatever the pattern is.
   */
  private static boolean matches(String pattern, String text) {
    int at = 0;
    int next = 0;
    int anyAt = -1;
    int anyNext = 0;
    while (next < text.length()) {
      if (at < pattern.length() && pattern.charAt(at) == '%') {
        anyAt = ++at;
        anyNext = next;
      } else if (at < pattern.length() && takes(pattern, at, text.charAt(next))) {
        at += isEscape(pattern, at) ? 2 : 1;
        next++;
      } else if (anyAt >= 0) {
        at = anyAt;
        next = ++anyNext;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == '%') {
      at++;
    }
    return at == pattern.length();
  }

  private static boolean takes(String pattern, int at, char character) {
    if (isEscape(pattern, at)) {
      return pattern.charAt(at + 1) == character;
    }
    return pattern.charAt(at) == '_' || pattern.charAt(at) == character;
  }

  private static boolean isEscape(String pattern, int at) {
    return pattern.charAt(at) == ESCAPE && at + 1 < pattern.length();
  }
}

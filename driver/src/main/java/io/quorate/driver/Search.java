package io.quorate.driver;

import java.io.IOException;

/** Finds a pattern in what can be read once only (Knuth, Morris and Pratt). */
final class Search {
  /** Bytes or characters; negative at the end. */
  interface Units {
    int next() throws IOException;
  }

  private Search() {}

  /** How many units are before the first occurrence; negative if there is none. */
  static long find(Units units, int[] pattern) throws IOException {
    if (pattern.length == 0) {
      return 0;
    }
    int[] fallback = fallback(pattern);
    int matched = 0;
    long position = 0;
    for (int unit = units.next(); unit >= 0; unit = units.next()) {
      position++;
      while (matched > 0 && pattern[matched] != unit) {
        matched = fallback[matched - 1];
      }
      if (pattern[matched] == unit) {
        matched++;
      }
      if (matched == pattern.length) {
        return position - matched;
      }
    }
    return -1;
  }

  private static int[] fallback(int[] pattern) {
    int[] fallback = new int[pattern.length];
    for (int i = 1, length = 0; i < pattern.length; i++) {
      while (length > 0 && pattern[i] != pattern[length]) {
        length = fallback[length - 1];
      }
      if (pattern[i] == pattern[length]) {
        length++;
      }
      fallback[i] = length;
    }
    return fallback;
  }
}

package io.quorate.server.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what a mistyped name was probably meant to be. */
final class NearestName {
  private NearestName() {}

  /**
   * The known name with the fewest letters to change, if these are few; the right key in the wrong
   * section counts too.
   */
  static Optional<String> find(String name, Collection<String> known) {
    Optional<String> elsewhere =
        known.stream().filter(each -> lastPart(each).equals(lastPart(name))).sorted().findFirst();
    if (elsewhere.isPresent()) {
      return elsewhere;
    }
    int changesMax = Math.max(2, name.length() / 5);
    return known.stream()
        .filter(each -> distance(name, each) <= changesMax)
        .min(
            Comparator.comparingInt((String each) -> distance(name, each))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static String lastPart(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** Levenshtein's distance, row by row. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int above = row[j];
        int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[to.length()];
  }
}

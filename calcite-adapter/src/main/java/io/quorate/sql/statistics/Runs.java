package io.quorate.sql.statistics;

import io.quorate.sql.store.RowKey;
import java.util.ArrayList;
import java.util.List;

/** Equal values in a sorted list. Confined to one thread. */
final class Runs {
  private final List<Run> repeated = new ArrayList<>();
  private int count;

  Runs(List<RowKey> sorted) {
    int first = 0;
    for (int at = 1; at <= sorted.size(); at++) {
      if (at == sorted.size() || !sorted.get(at).equals(sorted.get(first))) {
        count++;
        if (at - first > 1) {
          repeated.add(new Run(first, at - first));
        }
        first = at;
      }
    }
  }

  /** A value that is there several times, from a place on. */
  record Run(int first, int count) {}

  /** How many values there are. */
  int count() {
    return count;
  }

  /** How many of them are there once. */
  int single() {
    return count - repeated.size();
  }

  /** The others, ascending; a list of the caller's own. */
  List<Run> repeated() {
    return new ArrayList<>(repeated);
  }
}

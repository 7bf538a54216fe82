package io.quorate.server.session;

import java.util.Collections;
import java.util.List;

/** The counts of a batch when it was run before and only their sum is remembered. */
final class BatchCounts {
  /** As {@code java.sql.Statement.SUCCESS_NO_INFO}. */
  private static final long NO_INFO = -2;

  private BatchCounts() {}

  static List<Long> of(List<Long> counts, int size) {
    if (counts.size() == size) {
      return counts;
    }
    boolean oneEach = counts.size() == 1 && counts.get(0) == size;
    return Collections.nCopies(size, oneEach ? 1L : NO_INFO);
  }
}

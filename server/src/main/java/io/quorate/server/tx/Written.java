package io.quorate.server.tx;

import java.util.List;

/**
 * What came of a write.
 *
 * @param updateCounts rows changed by each statement; fewer than there were statements when the
 *     answer is that of an earlier time: then the first is the sum
 * @param revision that shows it
 */
public record Written(List<Long> updateCounts, long revision) {
  public Written {
    updateCounts = List.copyOf(updateCounts);
  }

  public long updateCount() {
    return updateCounts.stream().mapToLong(Long::longValue).sum();
  }
}

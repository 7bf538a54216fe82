package io.quorate.server.session;

import java.util.List;

/**
 * What came of a batch.
 *
 * @param updateCounts rows changed by each list of parameters
 */
public record BatchResult(List<Long> updateCounts, long revision) {
  public BatchResult {
    updateCounts = List.copyOf(updateCounts);
  }
}

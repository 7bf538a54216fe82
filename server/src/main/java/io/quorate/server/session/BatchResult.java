package io.quorate.server.session;

import java.util.List;

/**
 * What came of a batch.
 *
 * @param updateCounts rows changed by each list of parameters
 * @param keys that were asked for, of the rows that were put by all of them
 */
public record BatchResult(List<Long> updateCounts, long revision, GeneratedKeys keys) {
  public BatchResult {
    updateCounts = List.copyOf(updateCounts);
  }

  public BatchResult(List<Long> updateCounts, long revision) {
    this(updateCounts, revision, GeneratedKeys.NONE);
  }
}

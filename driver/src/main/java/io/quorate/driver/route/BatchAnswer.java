package io.quorate.driver.route;

/** What became of a batch, and who said so. */
public final class BatchAnswer {
  private final long[] updateCounts;
  private final Answered answered;

  BatchAnswer(long[] updateCounts, Answered answered) {
    this.updateCounts = updateCounts;
    this.answered = answered;
  }

  /** Rows changed, for each list of parameters; the caller's own from now on. */
  public long[] updateCounts() {
    return updateCounts;
  }

  public Answered answered() {
    return answered;
  }
}

package io.quorate.driver.route;

/** What became of a batch, and who said so. */
public final class BatchAnswer {
  private final long[] updateCounts;
  private final Answered answered;
  private final RouteKeys keys;

  BatchAnswer(long[] updateCounts, Answered answered, RouteKeys keys) {
    this.updateCounts = updateCounts;
    this.answered = answered;
    this.keys = keys;
  }

  /** Rows changed, for each list of parameters; the caller's own from now on. */
  public long[] updateCounts() {
    return updateCounts;
  }

  public Answered answered() {
    return answered;
  }

  public RouteKeys keys() {
    return keys;
  }
}

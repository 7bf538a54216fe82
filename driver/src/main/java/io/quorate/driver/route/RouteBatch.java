package io.quorate.driver.route;

/** What a batch did. Immutable. */
public final class RouteBatch {
  private final long[] updateCounts;
  private final RouteKeys keys;

  RouteBatch(long[] updateCounts, RouteKeys keys) {
    this.updateCounts = updateCounts.clone();
    this.keys = keys;
  }

  /** Rows changed, one count for each list of parameters. */
  public long[] updateCounts() {
    return updateCounts.clone();
  }

  public RouteKeys keys() {
    return keys;
  }
}

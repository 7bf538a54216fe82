package io.quorate.driver.route;

import org.jspecify.annotations.Nullable;

/** What a write told of the rows that it put. Immutable. */
public final class RouteKeys {
  /** None, or none that were asked for. */
  public static final RouteKeys NONE = new RouteKeys(null, false);

  private final @Nullable RouteResult rows;
  private final boolean unknown;

  RouteKeys(@Nullable RouteResult rows, boolean unknown) {
    this.rows = rows;
    this.unknown = unknown;
  }

  /** All of them; null when there are none. */
  public @Nullable RouteResult rows() {
    return rows;
  }

  /** Whether the write was done at an earlier time, and its keys are not remembered. */
  public boolean unknown() {
    return unknown;
  }
}

package io.quorate.driver.route;

import io.quorate.driver.wire.Signature;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a statement gave: an update count, or the first rows and where to get the others. */
public final class RouteResult {
  private final long updateCount;
  private final Signature signature;
  private final List<@Nullable Object[]> rows;
  private final @Nullable RemoteCursor cursor;

  RouteResult(
      long updateCount,
      Signature signature,
      List<@Nullable Object[]> rows,
      @Nullable RemoteCursor cursor) {
    this.updateCount = updateCount;
    this.signature = signature;
    this.rows = rows;
    this.cursor = cursor;
  }

  static RouteResult updated(long count) {
    return new RouteResult(count, Signature.NONE, List.of(), null);
  }

  /** -1 when rows are returned. */
  public long updateCount() {
    return updateCount;
  }

  public Signature signature() {
    return signature;
  }

  public List<@Nullable Object[]> rows() {
    return rows;
  }

  /** For the rows that are left; null when all are here. */
  public @Nullable RemoteCursor cursor() {
    return cursor;
  }
}

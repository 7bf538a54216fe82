package io.quorate.driver.route;

import io.quorate.driver.wire.Signature;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a statement gave: an update count, or the first rows and where to get the others. */
public final class RouteResult {
  /** No rows of no columns. */
  public static final RouteResult NO_ROWS =
      new RouteResult(-1, Signature.NONE, List.of(), null, RouteKeys.NONE);

  private final long updateCount;
  private final Signature signature;
  private final List<@Nullable Object[]> rows;
  private final @Nullable RemoteCursor cursor;
  private final RouteKeys keys;

  private RouteResult(
      long updateCount,
      Signature signature,
      List<@Nullable Object[]> rows,
      @Nullable RemoteCursor cursor,
      RouteKeys keys) {
    this.updateCount = updateCount;
    this.signature = signature;
    this.rows = rows;
    this.cursor = cursor;
    this.keys = keys;
  }

  static RouteResult rows(
      Signature signature, List<@Nullable Object[]> rows, @Nullable RemoteCursor cursor) {
    return new RouteResult(-1, signature, rows, cursor, RouteKeys.NONE);
  }

  static RouteResult updated(long count, RouteKeys keys) {
    return new RouteResult(count, Signature.NONE, List.of(), null, keys);
  }

  /** -1 when rows are returned. */
  public long updateCount() {
    return updateCount;
  }

  public RouteKeys keys() {
    return keys;
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

package io.quorate.driver.route;

import io.quorate.driver.wire.Signature;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a statement gave: an update count, or the first rows and where to get the others. */
public final class RouteResult {
  /** No rows of no columns. */
  public static final RouteResult NO_ROWS = rows(Signature.NONE, List.of(), null, null);

  private final long updateCount;
  private final Signature signature;
  private final List<@Nullable Object[]> rows;
  private final @Nullable RemoteCursor cursor;
  private final @Nullable Answered answered;
  private final RouteKeys keys;

  private RouteResult(
      long updateCount,
      Signature signature,
      List<@Nullable Object[]> rows,
      @Nullable RemoteCursor cursor,
      @Nullable Answered answered,
      RouteKeys keys) {
    this.updateCount = updateCount;
    this.signature = signature;
    this.rows = rows;
    this.cursor = cursor;
    this.answered = answered;
    this.keys = keys;
  }

  /** Of what only the driver had to do with. */
  static RouteResult nothing() {
    return new RouteResult(0, Signature.NONE, List.of(), null, null, RouteKeys.NONE);
  }

  static RouteResult updated(long count, @Nullable Answered answered, RouteKeys keys) {
    return new RouteResult(count, Signature.NONE, List.of(), null, answered, keys);
  }

  static RouteResult rows(
      Signature signature,
      List<@Nullable Object[]> rows,
      @Nullable RemoteCursor cursor,
      @Nullable Answered answered) {
    return new RouteResult(-1, signature, rows, cursor, answered, RouteKeys.NONE);
  }

  /** Rows that no node was asked for. */
  public static RouteResult local(Signature signature, List<@Nullable Object[]> rows) {
    return rows(signature, rows, null, null);
  }

  /** The same with other rows, all of them here. */
  RouteResult withRows(List<@Nullable Object[]> others) {
    return rows(signature, others, null, answered);
  }

  /** Who answered; null where no node did. */
  public @Nullable Answered answered() {
    return answered;
  }

  /** -1 when rows are returned. */
  public long updateCount() {
    return updateCount;
  }

  /** Of the rows that were put. */
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

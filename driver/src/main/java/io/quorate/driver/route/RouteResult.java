package io.quorate.driver.route;

import io.quorate.driver.wire.ProtocolException;
import io.quorate.driver.wire.Result;
import io.quorate.driver.wire.Signature;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a statement gave: an update count, or the first rows and where to get the others. */
public final class RouteResult {
  private final long updateCount;
  private final Signature signature;
  private final List<@Nullable Object[]> rows;
  private final @Nullable RemoteCursor cursor;
  private final @Nullable Answered answered;

  RouteResult(
      long updateCount,
      Signature signature,
      List<@Nullable Object[]> rows,
      @Nullable RemoteCursor cursor,
      @Nullable Answered answered) {
    this.updateCount = updateCount;
    this.signature = signature;
    this.rows = rows;
    this.cursor = cursor;
    this.answered = answered;
  }

  /** Of what only the driver had to do with. */
  static RouteResult nothing() {
    return new RouteResult(0, Signature.NONE, List.of(), null, null);
  }

  /**
   * What a node has answered.
   *
   * @param known columns that it need not have sent
   * @throws ProtocolException when it sent rows that cannot be read
   */
  static RouteResult of(NodeLink link, Result result, Signature known, Answered answered) {
    if (!result.returnsRows()) {
      return new RouteResult(result.updateCount(), Signature.NONE, List.of(), null, answered);
    }
    Signature signature = result.signature().orElse(known);
    if (signature.hash() != result.signatureHash()) {
      throw new ProtocolException("columns that were never sent");
    }
    List<@Nullable Object[]> rows = result.rows().decode(signature);
    RemoteCursor cursor =
        result.cursor() == 0 ? null : new RemoteCursor(link, result.cursor(), signature);
    return new RouteResult(-1, signature, rows, cursor, answered);
  }

  /** The same with other rows, all of them here. */
  RouteResult withRows(List<@Nullable Object[]> others) {
    return new RouteResult(-1, signature, others, null, answered);
  }

  /** Who answered; null where no node did. */
  public @Nullable Answered answered() {
    return answered;
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

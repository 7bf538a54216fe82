package io.quorate.server.session;

import io.quorate.sql.exec.ResultColumn;
import java.util.List;

/**
 * What came of a statement.
 *
 * @param columns of the rows; empty when it returns none
 * @param rows the first ones
 * @param updateCount rows changed, or -1 when it returns rows
 * @param shown the revision that the answer shows or wrote, which is the new session token
 * @param keys that were asked for, of the rows that were put
 */
public record StatementResult(
    List<ResultColumn> columns, RowBatch rows, long updateCount, Shown shown, GeneratedKeys keys) {
  public StatementResult {
    columns = List.copyOf(columns);
  }

  /** Without keys. */
  public StatementResult(List<ResultColumn> columns, RowBatch rows, long updateCount, Shown shown) {
    this(columns, rows, updateCount, shown, GeneratedKeys.NONE);
  }

  public long revision() {
    return shown.revision();
  }

  public boolean returnsRows() {
    return updateCount < 0;
  }

  public static StatementResult updated(long count, Shown shown) {
    return new StatementResult(List.of(), RowBatch.NONE, count, shown);
  }
}

package io.quorate.server.session;

import io.quorate.sql.exec.ResultColumn;
import java.util.List;

/**
 * What came of a statement.
 *
 * @param columns of the rows; empty when it returns none
 * @param rows the first ones
 * @param updateCount rows changed, or -1 when it returns rows
 * @param revision that the answer shows or wrote: the new session token
 * @param keys that were asked for, of the rows that were put
 */
public record StatementResult(
    List<ResultColumn> columns,
    RowBatch rows,
    long updateCount,
    long revision,
    GeneratedKeys keys) {
  public StatementResult {
    columns = List.copyOf(columns);
  }

  public StatementResult(
      List<ResultColumn> columns, RowBatch rows, long updateCount, long revision) {
    this(columns, rows, updateCount, revision, GeneratedKeys.NONE);
  }

  public boolean returnsRows() {
    return updateCount < 0;
  }

  public static StatementResult updated(long count, long revision) {
    return new StatementResult(List.of(), RowBatch.NONE, count, revision);
  }
}

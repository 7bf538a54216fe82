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
 */
public record StatementResult(
    List<ResultColumn> columns, RowBatch rows, long updateCount, Shown shown) {
  public StatementResult {
    columns = List.copyOf(columns);
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

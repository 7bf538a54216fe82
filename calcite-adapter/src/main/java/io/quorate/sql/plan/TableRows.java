package io.quorate.sql.plan;

import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.Optional;

/** The rows of a table, until the statement is cancelled. One thread's own. */
final class TableRows {
  /** Rows between two looks at the cancel flag. */
  private static final int ROWS_A_CHECK = 256;

  private final ExecutionContext context;
  private final ReadView.RowCursor cursor;
  private long rowsRead;

  TableRows(ExecutionContext context, int table) {
    this(context, table, Optional.empty());
  }

  /**
   * @param end the key before which they end
   */
  TableRows(ExecutionContext context, int table, Optional<RowKey> end) {
    this.context = context;
    this.cursor = context.view().scan(table, Optional.empty(), end);
  }

  /** Moves on; false at the end. */
  boolean next() {
    if (rowsRead++ % ROWS_A_CHECK == 0) {
      context.cancel().check();
    }
    return cursor.next();
  }

  RowKey key() {
    return cursor.key();
  }

  Row row() {
    return cursor.row();
  }
}

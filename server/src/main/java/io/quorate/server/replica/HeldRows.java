package io.quorate.server.replica;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.Optional;

/** A view of a replica that does not hold all rows: it says so, where it could only say none. */
record HeldRows(ReadView view, Holding holding) implements ReadView {
  @Override
  public long revision() {
    return view.revision();
  }

  @Override
  public Optional<Row> find(int table, RowKey key) {
    require(table);
    return view.find(table, key);
  }

  @Override
  public RowCursor scan(int table, Optional<RowKey> from, Optional<RowKey> to) {
    require(table);
    return view.scan(table, from, to);
  }

  @Override
  public RowCursor scanBackward(int table, Optional<RowKey> from, Optional<RowKey> to) {
    require(table);
    return view.scanBackward(table, from, to);
  }

  private void require(int table) {
    if (!holding.holds(table)) {
      throw elsewhere();
    }
  }

  static QuorateException elsewhere() {
    return new QuorateException(
        ErrorCode.ROWS_ELSEWHERE,
        "this node is a witness and holds no rows of tables; ask a node that does");
  }

  @Override
  public long rowCount(int table) {
    require(table);
    return view.rowCount(table);
  }

  @Override
  public void close() {
    view.close();
  }
}

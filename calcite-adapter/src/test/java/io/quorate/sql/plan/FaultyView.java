package io.quorate.sql.plan;

import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.Optional;

/** A view whose ranges are wrong. */
final class FaultyView implements ReadView {
  private final ReadView view;
  private final boolean firstLost;
  private final boolean backwardLost;

  private FaultyView(ReadView view, boolean firstLost, boolean backwardLost) {
    this.view = view;
    this.firstLost = firstLost;
    this.backwardLost = backwardLost;
  }

  static ReadView withoutFirstOfRanges(ReadView view) {
    return new FaultyView(view, true, false);
  }

  static ReadView withoutFirstBackward(ReadView view) {
    return new FaultyView(view, false, true);
  }

  @Override
  public long revision() {
    return view.revision();
  }

  @Override
  public Optional<Row> find(int table, RowKey key) {
    return view.find(table, key);
  }

  @Override
  public RowCursor scan(int table, Optional<RowKey> from, Optional<RowKey> to) {
    RowCursor rows = view.scan(table, from, to);
    if (firstLost && from.isPresent()) {
      rows.next();
    }
    return rows;
  }

  @Override
  public RowCursor scanBackward(int table, Optional<RowKey> from, Optional<RowKey> to) {
    RowCursor rows = view.scanBackward(table, from, to);
    if (backwardLost) {
      rows.next();
    }
    return rows;
  }

  @Override
  public long rowCount(int table) {
    return view.rowCount(table);
  }

  @Override
  public void close() {}
}

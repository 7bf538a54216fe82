package io.quorate.sql.exec;

import io.quorate.sql.codec.IndexCodec;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Walks the rows that an access path leads to, in its order. One thread's own. */
public final class StoredRows {
  /** Rows between two looks at the cancel flag; a few dozen microseconds. */
  private static final int ROWS_PER_CHECK = 256;

  private static final Row NO_ROW = Row.wrap(new byte[0]);
  private static final RowKey NO_KEY = RowKey.wrap(new byte[0]);

  private final ExecutionContext context;
  private final AccessPath path;
  private final int table;
  private final Iterator<AccessPath.Range> ranges;
  private Optional<RowKey> point;
  private ReadView.@Nullable RowCursor cursor;
  private RowKey key = NO_KEY;
  private Row row = NO_ROW;
  private int rowCount;

  public StoredRows(AccessPath path, Frame frame) {
    this.context = frame.context();
    this.path = path;
    this.table = path.table().definition().id();
    this.point = path.isPoint() ? path.point(frame) : Optional.empty();
    List<AccessPath.Range> walked = path.isPoint() ? List.of() : path.ranges(frame);
    this.ranges = walked.iterator();
  }

  /** Moves on; false at the end. */
  public boolean next() {
    if (rowCount++ % ROWS_PER_CHECK == 0) {
      context.cancel().check();
    }
    if (point.isPresent()) {
      RowKey sought = point.get();
      point = Optional.empty();
      return find(sought);
    }
    while (true) {
      if (cursor != null && cursor.next()) {
        take(cursor);
        return true;
      }
      if (!ranges.hasNext()) {
        return false;
      }
      AccessPath.Range range = ranges.next();
      cursor = scan(range);
    }
  }

  private ReadView.RowCursor scan(AccessPath.Range range) {
    return path.backward()
        ? context.view().scanBackward(path.storeTable(), range.from(), range.to())
        : context.view().scan(path.storeTable(), range.from(), range.to());
  }

  private boolean find(RowKey sought) {
    Optional<Row> found = context.view().find(path.storeTable(), sought);
    if (found.isEmpty()) {
      return false;
    }
    if (path.index().isPresent()) {
      follow(path.index().get(), sought, found.get());
    } else {
      key = sought;
      row = found.get();
    }
    return true;
  }

  private void take(ReadView.RowCursor from) {
    if (path.index().isPresent()) {
      follow(path.index().get(), from.key(), from.row());
    } else {
      key = from.key();
      row = from.row();
    }
  }

  private void follow(IndexCodec index, RowKey entry, Row value) {
    key = index.primaryKey(entry, value);
    Optional<Row> found = context.view().find(table, key);
    if (found.isEmpty()) {
      throw new SqlFailure(
          State.INTERNAL_ERROR,
          "index " + index.definition().name() + " leads to a row that is not there");
    }
    row = found.get();
  }

  /** The primary key of the row, as stored. */
  public RowKey key() {
    return key;
  }

  public Row row() {
    return row;
  }
}

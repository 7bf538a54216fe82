package io.quorate.sql.exec;

import io.quorate.sql.codec.IndexCodec;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowBatch;
import io.quorate.sql.store.RowFilter;
import io.quorate.sql.store.RowKey;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks the rows that an access path leads to, in its order; reads them from the store in batches.
 * One thread's own.
 */
public final class StoredRows {
  /** Rows between two looks at the cancel flag, beside one at each batch. */
  private static final int ROWS_PER_CHECK = 256;

  private static final Row NO_ROW = Row.wrap(new byte[0]);
  private static final RowKey NO_KEY = RowKey.wrap(new byte[0]);

  /** Of the first batch, where it is not known how many are wanted. */
  public static final int ROWS_FIRST = 16;

  private final ExecutionContext context;
  private final AccessPath path;
  private final int table;
  private final RowFilter filter;
  private final RowBatch batch;
  private final Iterator<RowKey> points;
  private final Iterator<AccessPath.Range> ranges;
  private ReadView.@Nullable RowCursor cursor;
  private int taken;
  private RowKey key = NO_KEY;
  private Row row = NO_ROW;
  private int rowCount;
  private long readCount;

  public StoredRows(AccessPath path, Frame frame) {
    this(path, frame, ROWS_FIRST);
  }

  /**
   * @param wanted how many rows are likely to be asked for; what has been read beyond was in vain
   */
  public StoredRows(AccessPath path, Frame frame, int wanted) {
    this(
        path,
        frame,
        path.isPoint() ? 1 : wanted,
        path.isPoint() ? path.point(frame).map(List::of).orElse(List.of()) : List.of(),
        path.isPoint() ? List.of() : path.ranges(frame));
  }

  /**
   * Of a path's index or key other places than those that it leads to itself.
   *
   * @param points whole keys, each of which has one row at most
   * @param ranges walked behind the points
   */
  StoredRows(
      AccessPath path,
      Frame frame,
      int wanted,
      List<RowKey> points,
      List<AccessPath.Range> ranges) {
    this.context = frame.context();
    this.path = path;
    this.table = path.table().definition().id();
    this.filter = path.filter(frame);
    // What an index has is no row of the table yet.
    RowFilter first = path.index().isPresent() ? RowFilter.ALL : filter;
    this.batch = new RowBatch(first, wanted);
    this.points = points.iterator();
    this.ranges = ranges.iterator();
  }

  /** Moves on; false at the end. */
  public boolean next() {
    if (rowCount++ % ROWS_PER_CHECK == 0) {
      context.cancel().check();
    }
    while (points.hasNext()) {
      if (find(points.next())) {
        return true;
      }
    }
    while (taken < batch.count() || refill()) {
      if (taken < batch.count() && take(taken++)) {
        return true;
      }
    }
    return false;
  }

  /** Reads on; false at the end. */
  private boolean refill() {
    context.cancel().check();
    taken = 0;
    batch.clear();
    while (!batch.isFull()) {
      ReadView.RowCursor from = cursor;
      if (from == null) {
        if (!ranges.hasNext()) {
          return batch.count() > 0;
        }
        from = scan(ranges.next());
      }
      cursor = from.fill(batch) ? from : null;
    }
    return true;
  }

  private ReadView.RowCursor scan(AccessPath.Range range) {
    return path.backward()
        ? context.view().scanBackward(path.storeTable(), range.from(), range.to())
        : context.view().scan(path.storeTable(), range.from(), range.to());
  }

  /** Whether the row of the batch is kept. */
  private boolean take(int index) {
    readCount++;
    if (path.index().isPresent()) {
      follow(path.index().get(), batch.key(index), batch.row(index));
      return filter.keeps(row);
    }
    key = batch.key(index);
    row = batch.row(index);
    return true;
  }

  private boolean find(RowKey sought) {
    Optional<Row> found = context.view().find(path.storeTable(), sought);
    if (found.isEmpty()) {
      return false;
    }
    readCount++;
    if (path.index().isPresent()) {
      follow(path.index().get(), sought, found.get());
    } else {
      key = sought;
      row = found.get();
    }
    return filter.keeps(row);
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

  /** How many rows or entries have been looked at, without those that a batch threw away. */
  long readCount() {
    return readCount;
  }

  /** The primary key of the row, as stored. */
  public RowKey key() {
    return key;
  }

  public Row row() {
    return row;
  }
}

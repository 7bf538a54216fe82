package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.RowCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.RowChecks;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table, and the entries of its indexes, as they will lie under the ids that another
 * definition of it has, batch by batch. Confined to the thread that evaluates the statement; reads
 * the view that it was given.
 *
 * <p>All rows are converted once before the first batch, so that a statement that must fail has
 * written nothing. That keys stay different is up to who made the definition.
 */
final class TableRewrite implements Iterator<List<StoreChange>> {
  /** Rows between two looks at the cancel flag. */
  private static final int ROWS_A_CHECK = 256;

  private static final int NEW = -1;

  private final ExecutionContext context;
  private final TableDef before;
  private final TableDef after;
  private final RowCodec source;
  private final TableCodec target;
  private final RowChecks checks;

  /** By ordinal, where the column was. */
  private final int[] places;

  private ReadView.@Nullable RowCursor cursor;
  private List<StoreChange> next = List.of();
  private long rowsRead;

  /**
   * @param checks of the table as it will be
   */
  TableRewrite(ExecutionContext context, TableDef before, TableDef after, Checks checks) {
    this.context = context;
    this.before = before;
    this.after = after;
    this.source = RowCodec.of(before);
    this.target = new TableCodec(after);
    this.checks = checks.in(context, target);
    this.places =
        after.columns().stream()
            .mapToInt(column -> before.findColumn(column.name()).orElse(NEW))
            .toArray();
  }

  @Override
  public boolean hasNext() {
    if (next.isEmpty()) {
      if (cursor == null) {
        for (ReadView.RowCursor rows = rows(); advance(rows); ) {
          convert(rows.row());
        }
        cursor = rows();
      }
      next = batch(cursor);
    }
    return !next.isEmpty();
  }

  @Override
  public List<StoreChange> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    List<StoreChange> batch = next;
    next = List.of();
    return batch;
  }

  private ReadView.RowCursor rows() {
    return context.view().scan(before.id(), Optional.empty(), Optional.empty());
  }

  private boolean advance(ReadView.RowCursor rows) {
    if (rowsRead++ % ROWS_A_CHECK == 0) {
      context.cancel().check();
    }
    return rows.next();
  }

  private List<StoreChange> batch(ReadView.RowCursor rows) {
    List<StoreChange> batch = new ArrayList<>();
    int bytes = 0;
    while (batch.size() < IndexFill.ENTRIES_MAX && bytes < IndexFill.BYTES_MAX && advance(rows)) {
      for (StoreChange change : target.changes(null, convert(rows.row()))) {
        Row value = change.value();
        batch.add(change);
        bytes +=
            change.key().unsafeBytes().length + (value == null ? 0 : value.unsafeBytes().length);
      }
    }
    return batch;
  }

  private @Nullable Object[] convert(Row row) {
    @Nullable Object[] values = new @Nullable Object[places.length];
    for (int i = 0; i < values.length; i++) {
      if (places[i] != NEW) {
        Object value = source.value(row, places[i]);
        values[i] = isSame(i) ? value : Conversion.assign(value, after, i);
      }
    }
    checks.complete(values);
    checks.check(target.rows().encode(values));
    return values;
  }

  private boolean isSame(int ordinal) {
    SqlType was = before.columns().get(places[ordinal]).type();
    return was.equals(after.columns().get(ordinal).type());
  }
}

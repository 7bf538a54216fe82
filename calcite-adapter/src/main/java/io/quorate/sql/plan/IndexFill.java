package io.quorate.sql.plan;

import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.IndexCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ShownValues;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a new index for the rows that are there already, batch by batch. Confined to the
 * thread that evaluates the statement; reads the view that it was given.
 *
 * <p>Of a unique index all keys are compared before the first batch, so that a statement that must
 * fail has written nothing. For that, a hash of each key is kept, which is far less than the keys;
 * only where two agree are the keys themselves read again.
 */
final class IndexFill implements Iterator<List<StoreChange>> {
  /** One batch is one entry of the log. */
  static final int ENTRIES_MAX = 10_000;

  static final int BYTES_MAX = 1 << 20;

  /** Rows between two looks at the cancel flag. */
  private static final int ROWS_A_CHECK = 256;

  private final ExecutionContext context;
  private final TableDef table;
  private final IndexDef index;
  private final TableCodec codec;
  private final IndexCodec entries;
  private ReadView.@Nullable RowCursor cursor;
  private List<StoreChange> next = List.of();
  private long rowsRead;

  /**
   * @param table as it will be, with the new index as its last
   */
  IndexFill(ExecutionContext context, TableDef table) {
    this(context, table, table.indexes().get(table.indexes().size() - 1));
  }

  /**
   * @param table as it will be
   * @param index one of its indexes
   */
  IndexFill(ExecutionContext context, TableDef table, IndexDef index) {
    this.context = context;
    this.table = table;
    this.index = index;
    this.codec = new TableCodec(table);
    this.entries = codec.indexes().get(table.indexes().indexOf(index));
  }

  @Override
  public boolean hasNext() {
    if (next.isEmpty()) {
      if (cursor == null) {
        if (index.unique()) {
          checkUnique();
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

  private List<StoreChange> batch(ReadView.RowCursor rows) {
    List<StoreChange> batch = new ArrayList<>();
    int bytes = 0;
    while (batch.size() < ENTRIES_MAX && bytes < BYTES_MAX && advance(rows)) {
      RowKey key = rows.key();
      RowKey entry = entries.entryKey(indexed(rows.row()), key);
      Row value = entries.entryValue(key);
      batch.add(new StoreChange(index.id(), entry, null, value));
      bytes += entry.unsafeBytes().length + value.unsafeBytes().length;
    }
    return batch;
  }

  /**
   * Compares all keys.
   *
   * @throws SqlFailure {@link State#UNIQUE_VIOLATION} when two rows have the same
   */
  void checkUnique() {
    KeyHashes hashes =
        new KeyHashes(
            context.view().rowCount(table.id()), context.memoryBytesMax(), context.random());
    ReadView.RowCursor rows = rows();
    while (advance(rows)) {
      @Nullable Object[] values = indexed(rows.row());
      if (hasNull(values)) {
        continue;
      }
      RowKey entry = entries.entryKey(values, rows.key());
      if (!hashes.add(entry) && isBefore(rows.key(), entry)) {
        throw new SqlFailure(
            State.UNIQUE_VIOLATION,
            "index \""
                + index.name()
                + "\" cannot be unique: rows of table "
                + ShownValues.name(table)
                + " have the same "
                + ShownValues.of(table, index.columns(), column -> values[column]));
      }
    }
  }

  /** Whether a row before {@code end} has the entry; asked only where hashes agree. */
  private boolean isBefore(RowKey end, RowKey entry) {
    ReadView.RowCursor rows = context.view().scan(table.id(), Optional.empty(), Optional.of(end));
    while (advance(rows)) {
      if (entries.entryKey(indexed(rows.row()), rows.key()).equals(entry)) {
        return true;
      }
    }
    return false;
  }

  private ReadView.RowCursor rows() {
    return context.view().scan(table.id(), Optional.empty(), Optional.empty());
  }

  private boolean advance(ReadView.RowCursor rows) {
    if (rowsRead++ % ROWS_A_CHECK == 0) {
      context.cancel().check();
    }
    return rows.next();
  }

  /** A row of which only the columns of the index are filled in. */
  private @Nullable Object[] indexed(Row row) {
    @Nullable Object[] values = new @Nullable Object[table.columns().size()];
    for (int column : index.columns()) {
      values[column] = codec.rows().value(row, column);
    }
    return values;
  }

  private boolean hasNull(@Nullable Object[] values) {
    return index.columns().stream().anyMatch(column -> values[column] == null);
  }
}

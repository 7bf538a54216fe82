package io.quorate.sql.plan;

import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.IndexCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ShownValues;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a new index for the rows that are there already.
 *
 * <p>Of a unique index all keys are compared before the first batch. For that, a hash of each key
 * is kept, which is far less than the keys; only where two agree are the keys themselves read
 * again.
 */
final class IndexFill extends RowBatches {
  private final ExecutionContext context;
  private final TableDef table;
  private final IndexDef index;
  private final TableCodec codec;
  private final IndexCodec entries;

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
    super(context, table.id());
    this.context = context;
    this.table = table;
    this.index = index;
    this.codec = new TableCodec(table);
    this.entries = codec.indexes().get(table.indexes().indexOf(index));
  }

  @Override
  void check() {
    if (index.unique()) {
      checkUnique();
    }
  }

  @Override
  List<StoreChange> changes(TableRows rows) {
    RowKey entry = entries.entryKey(indexed(rows.row()), rows.key());
    return List.of(new StoreChange(index.id(), entry, null, entries.entryValue(rows.key())));
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
    TableRows rows = rows();
    while (rows.next()) {
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
    TableRows rows = new TableRows(context, table.id(), Optional.of(end));
    while (rows.next()) {
      if (entries.entryKey(indexed(rows.row()), rows.key()).equals(entry)) {
        return true;
      }
    }
    return false;
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

package io.quorate.sql.codec;

import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table's rows, keys and index entries as the store holds them. Immutable. */
public final class TableCodec {
  private final TableDef table;
  private final RowCodec rows;
  private final KeyCodec keys;
  private final List<IndexCodec> indexes;
  private final @Nullable IndexCodec building;

  public TableCodec(TableDef table) {
    this.table = table;
    this.rows = RowCodec.of(table);
    this.keys =
        new KeyCodec(table.primaryKey().stream().map(i -> table.columns().get(i).type()).toList());
    this.indexes = table.indexes().stream().map(index -> new IndexCodec(table, index)).toList();
    IndexDef unfinished = table.building();
    this.building = unfinished == null ? null : new IndexCodec(table, unfinished);
  }

  public TableDef definition() {
    return table;
  }

  public RowCodec rows() {
    return rows;
  }

  /** Of the primary key's columns, in its order. */
  public KeyCodec keys() {
    return keys;
  }

  /** In the order of {@link TableDef#indexes()}. */
  public List<IndexCodec> indexes() {
    return indexes;
  }

  /** Of the index that is being built. */
  public @Nullable IndexCodec building() {
    return building;
  }

  /** The primary key of a row of all columns. */
  public RowKey key(@Nullable Object[] row) {
    List<Integer> columns = table.primaryKey();
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row[columns.get(i)];
    }
    return keys.encode(values);
  }

  /**
   * What the store must change for one row: first in the table, then in its indexes in their order,
   * entries that go before entries that come. Without looking at other rows, so without a check of
   * uniqueness, and without the index that is being built.
   *
   * @param before as it lies in the store; null when the row is new
   * @param after all columns; null when the row goes
   */
  public List<StoreChange> changes(@Nullable Row before, @Nullable Object @Nullable [] after) {
    List<StoreChange> changes = new ArrayList<>(2 + 2 * indexes.size());
    @Nullable Object @Nullable [] old = before == null ? null : rows.decode(before);
    RowKey oldKey = old == null ? null : key(old);
    RowKey newKey = after == null ? null : key(after);
    Row row = after == null ? null : rows.encode(after);
    add(changes, table.id(), new Entry(oldKey, before), new Entry(newKey, row));
    for (IndexCodec index : indexes) {
      Entry gone = entry(index, old, oldKey);
      Entry come = entry(index, after, newKey);
      if (!gone.equals(come)) {
        add(changes, index.definition().id(), gone, come);
      }
    }
    return changes;
  }

  private static Entry entry(
      IndexCodec index, @Nullable Object @Nullable [] row, @Nullable RowKey key) {
    return row == null || key == null
        ? new Entry(null, null)
        : new Entry(index.entryKey(row, key), index.entryValue(key));
  }

  private static void add(List<StoreChange> changes, int store, Entry gone, Entry come) {
    if (gone.key != null && come.key != null && gone.key.equals(come.key)) {
      changes.add(new StoreChange(store, gone.key, gone.value, come.value));
      return;
    }
    if (gone.key != null) {
      changes.add(new StoreChange(store, gone.key, gone.value, null));
    }
    if (come.key != null) {
      changes.add(new StoreChange(store, come.key, null, come.value));
    }
  }

  private record Entry(@Nullable RowKey key, @Nullable Row value) {}
}

package io.quorate.sql.exec;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.IndexCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one statement changes in one table: first all rows that go, then all that come, so that keys
 * may move from row to row; each coming key is checked against what stands. One thread's own.
 */
public final class WriteSet {
  private final TableCodec codec;
  private final ReadView view;
  private final MemoryMeter meter;
  private final Map<Place, StoreChange> changes = new LinkedHashMap<>();

  public WriteSet(TableCodec codec, ExecutionContext context) {
    this.codec = codec;
    this.view = context.view();
    this.meter = new MemoryMeter(context.memoryBytesMax());
  }

  private record Place(int table, RowKey key) {}

  /**
   * A row goes, for good or to come again changed.
   *
   * @return its values; empty when it goes already
   */
  public Optional<@Nullable Object[]> remove(RowKey key, Row row) {
    if (changes.containsKey(new Place(table().id(), key))) {
      return Optional.empty();
    }
    @Nullable Object[] values = codec.rows().decode(row);
    remove(table().id(), key, row);
    for (IndexCodec index : codec.indexes()) {
      remove(index.definition().id(), index.entryKey(values, key), index.entryValue(key));
    }
    return Optional.of(values);
  }

  private void remove(int store, RowKey key, Row seen) {
    changes.put(new Place(store, key), new StoreChange(store, key, seen, null));
    meter.add(size(key) + size(seen));
  }

  /**
   * A row comes; all that go have gone.
   *
   * @throws SqlFailure {@link State#UNIQUE_VIOLATION} when one of its keys stands already
   */
  public void add(@Nullable Object[] values) {
    RowKey key = codec.key(values);
    TableDef table = table();
    if (!add(table.id(), key, codec.rows().encode(values))) {
      throw duplicate(table.primaryKeyName(), table.primaryKey(), values);
    }
    for (IndexCodec index : codec.indexes()) {
      RowKey entry = index.entryKey(values, key);
      if (!add(index.definition().id(), entry, index.entryValue(key))) {
        throw duplicate(index.definition().name(), index.definition().columns(), values);
      }
    }
  }

  private boolean add(int store, RowKey key, Row value) {
    meter.add(size(key) + size(value));
    Place place = new Place(store, key);
    StoreChange before = changes.get(place);
    if (before != null) {
      if (before.value() != null) {
        return false;
      }
      changes.put(place, new StoreChange(store, key, before.seen(), value));
      return true;
    }
    if (view.find(store, key).isPresent()) {
      return false;
    }
    changes.put(place, new StoreChange(store, key, null, value));
    return true;
  }

  private SqlFailure duplicate(String name, List<Integer> columns, @Nullable Object[] values) {
    String names = columns.stream().map(i -> column(i).name()).collect(Collectors.joining(", "));
    String key =
        columns.stream()
            .map(i -> values[i] == null ? "NULL" : Conversion.shown(shown(values[i])))
            .collect(Collectors.joining(", "));
    return new SqlFailure(
        State.UNIQUE_VIOLATION,
        "duplicate key value violates unique constraint \""
            + name
            + "\": ("
            + names
            + ")=("
            + key
            + ")");
  }

  private static Object shown(@Nullable Object value) {
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
  }

  private ColumnDef column(int ordinal) {
    return table().columns().get(ordinal);
  }

  private TableDef table() {
    return codec.definition();
  }

  private static long size(RowKey key) {
    return 96L + key.unsafeBytes().length;
  }

  private static long size(Row row) {
    return 32L + row.unsafeBytes().length;
  }

  /** All changes, without the entries of indexes that came back as they had been. */
  public List<StoreChange> changes() {
    List<StoreChange> list = new ArrayList<>(changes.size());
    for (StoreChange change : changes.values()) {
      Row value = change.value();
      Row seen = change.seen();
      boolean same = value != null && seen != null && value.equals(seen);
      if (change.table() == table().id() || !same) {
        list.add(change);
      }
    }
    return list;
  }
}

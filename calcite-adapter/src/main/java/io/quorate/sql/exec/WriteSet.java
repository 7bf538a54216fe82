package io.quorate.sql.exec;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a statement changes in one table: first all rows that go, then all that come, so that keys
 * may move from row to row; each coming key is checked against what stands. One thread's own.
 */
final class WriteSet {
  private final TableCodec codec;
  private final ReadView view;
  private final RowChecks checks;
  private final MemoryMeter meter;
  private final LargeValues largeValues;
  private final Map<Place, StoreChange> changes = new LinkedHashMap<>();

  /**
   * @param checks for the rows that come
   * @param meter of the statement
   */
  WriteSet(TableCodec codec, ExecutionContext context, RowChecks checks, MemoryMeter meter) {
    this.codec = codec;
    this.view = context.view();
    this.checks = checks;
    this.meter = meter;
    this.largeValues = new LargeValues(codec.definition(), context, this::put);
  }

  private record Place(int table, RowKey key) {}

  /**
   * A row goes, for good or to come again changed.
   *
   * @return its values; empty when it goes already
   */
  Optional<@Nullable Object[]> remove(RowKey key, Row row) {
    if (changes.containsKey(new Place(table().id(), key))) {
      return Optional.empty();
    }
    @Nullable Object[] values = codec.rows().decode(row);
    largeValues.remove(values);
    remove(table().id(), key, row);
    for (IndexCodec index : codec.indexes()) {
      remove(index.definition().id(), index.entryKey(values, key), index.entryValue(key));
    }
    IndexCodec building = codec.building();
    if (building != null) {
      removeIfThere(building, building.entryKey(values, key), building.entryValue(key));
    }
    return Optional.of(values);
  }

  /**
   * From an index that is being built. An entry that is not there is noted as seen so: whoever
   * fills the index must not have put it there meanwhile.
   */
  private void removeIfThere(IndexCodec index, RowKey entry, Row own) {
    int store = index.definition().id();
    Row seen = view.find(store, entry).orElse(null);
    if (seen == null || seen.equals(own)) {
      put(store, entry, seen, null);
    }
  }

  private void remove(int store, RowKey key, Row seen) {
    changes.put(new Place(store, key), new StoreChange(store, key, seen, null));
    meter.add(size(key) + size(seen));
  }

  /**
   * A row comes, complete; all that go have gone.
   *
   * @throws SqlFailure {@link State#UNIQUE_VIOLATION} when one of its keys stands already; what the
   *     checks say of the row comes before that
   */
  void add(@Nullable Object[] values) {
    largeValues.add(values);
    Row row = codec.rows().encode(values);
    checks.check(row);
    RowKey key = codec.key(values);
    TableDef table = table();
    if (!add(table.id(), key, row)) {
      throw duplicate(table.primaryKeyName(), table.primaryKey(), values);
    }
    for (IndexCodec index : codec.indexes()) {
      add(index, values, key);
    }
    IndexCodec building = codec.building();
    if (building != null) {
      add(building, values, key);
    }
  }

  private void add(IndexCodec index, @Nullable Object[] values, RowKey key) {
    RowKey entry = index.entryKey(values, key);
    if (!add(index.definition().id(), entry, index.entryValue(key))) {
      throw duplicate(index.definition().name(), index.definition().columns(), values);
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

  /** An entry beside the rows. */
  private void put(int store, RowKey key, @Nullable Row seen, @Nullable Row value) {
    meter.add(size(key) + (value == null ? 0 : size(value)));
    changes.put(new Place(store, key), new StoreChange(store, key, seen, value));
  }

  private SqlFailure duplicate(String name, List<Integer> columns, @Nullable Object[] values) {
    return new SqlFailure(
        State.UNIQUE_VIOLATION,
        "duplicate key value violates unique constraint \""
            + name
            + "\" of table "
            + ShownValues.name(table())
            + ": "
            + ShownValues.of(table(), columns, column -> values[column]));
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

  /** Whether an entry will stand when the statement has ended. */
  boolean stands(int store, RowKey key) {
    StoreChange change = changes.get(new Place(store, key));
    return change == null ? view.find(store, key).isPresent() : change.value() != null;
  }

  /** All changes, without the entries of indexes that came back as they had been. */
  List<StoreChange> changes() {
    largeValues.end();
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

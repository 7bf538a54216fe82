package io.quorate.sql.store;

import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A store of sorted maps for tests. Confined to one thread; shows what is applied to it at once.
 */
public final class TreeMapView implements ReadView {
  private final Map<Integer, TreeMap<RowKey, Row>> tables = new TreeMap<>();
  private long revision;

  /** Writes the changes, after a check that each finds what its author saw. */
  public void apply(Iterable<StoreChange> changes) {
    for (StoreChange change : changes) {
      Optional<Row> stands = find(change.table(), change.key());
      if (!stands.equals(Optional.ofNullable(change.seen()))) {
        throw new IllegalStateException("seen is not what stands: " + change + ", " + stands);
      }
    }
    changes.forEach(change -> put(change.table(), change.key(), change.value()));
    revision++;
  }

  /** Writes one entry, or removes it. */
  public void put(int table, RowKey key, @Nullable Row value) {
    TreeMap<RowKey, Row> rows = tables.computeIfAbsent(table, id -> new TreeMap<>());
    if (value == null) {
      rows.remove(key);
    } else {
      rows.put(key, value);
    }
  }

  /** Removes all entries of a store table. */
  public void clear(int table) {
    tables.remove(table);
  }

  @Override
  public long revision() {
    return revision;
  }

  @Override
  public Optional<Row> find(int table, RowKey key) {
    return Optional.ofNullable(rows(table).get(key));
  }

  @Override
  public RowCursor scan(int table, Optional<RowKey> from, Optional<RowKey> to) {
    NavigableMap<RowKey, Row> range = rows(table);
    if (from.isPresent() && to.isPresent() && from.get().compareTo(to.get()) >= 0) {
      range = new TreeMap<>();
    } else {
      range = from.isPresent() ? range.tailMap(from.get(), true) : range;
      range = to.isPresent() ? range.headMap(to.get(), false) : range;
    }
    return new Rows(range.entrySet().iterator());
  }

  @Override
  public long rowCount(int table) {
    return rows(table).size();
  }

  private NavigableMap<RowKey, Row> rows(int table) {
    TreeMap<RowKey, Row> rows = tables.get(table);
    return rows == null ? new TreeMap<>() : rows;
  }

  @Override
  public void close() {}

  private static final class Rows implements RowCursor {
    private final Iterator<Map.Entry<RowKey, Row>> entries;
    private Map.@Nullable Entry<RowKey, Row> current;

    Rows(Iterator<Map.Entry<RowKey, Row>> entries) {
      this.entries = entries;
    }

    @Override
    public boolean next() {
      current = entries.hasNext() ? entries.next() : null;
      return current != null;
    }

    @Override
    public RowKey key() {
      return entry().getKey();
    }

    @Override
    public Row row() {
      return entry().getValue();
    }

    private Map.Entry<RowKey, Row> entry() {
      if (current == null) {
        throw new IllegalStateException("no row");
      }
      return current;
    }
  }
}

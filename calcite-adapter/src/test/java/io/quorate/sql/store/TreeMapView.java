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
  private long walked;

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
    return new Rows(range(table, from, to));
  }

  @Override
  public RowCursor scanBackward(int table, Optional<RowKey> from, Optional<RowKey> to) {
    return new Rows(range(table, from, to).descendingMap());
  }

  private NavigableMap<RowKey, Row> range(int table, Optional<RowKey> from, Optional<RowKey> to) {
    if (from.isPresent() && to.isPresent() && from.get().compareTo(to.get()) >= 0) {
      return new TreeMap<>();
    }
    NavigableMap<RowKey, Row> range = rows(table);
    range = from.isPresent() ? range.tailMap(from.get(), true) : range;
    return to.isPresent() ? range.headMap(to.get(), false) : range;
  }

  /** Entries that all cursors have come to so far. */
  public long walked() {
    return walked;
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

  private final class Rows implements RowCursor {
    private final Iterator<Map.Entry<RowKey, Row>> entries;
    private Map.@Nullable Entry<RowKey, Row> current;

    Rows(NavigableMap<RowKey, Row> range) {
      this.entries = range.entrySet().iterator();
    }

    @Override
    public boolean next() {
      current = entries.hasNext() ? entries.next() : null;
      walked += current == null ? 0 : 1;
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

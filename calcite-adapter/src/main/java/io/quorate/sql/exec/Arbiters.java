package io.quorate.sql.exec;

import io.quorate.sql.codec.IndexCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys by which ON CONFLICT tells whether a row is there already, in the view or by the doing
 * of the statement itself. One thread's own; used for one statement.
 */
public final class Arbiters {
  private final TableCodec table;
  private final boolean byPrimaryKey;
  private final List<IndexCodec> indexes;
  private final ReadView view;
  private final MemoryMeter meter;

  /** Keys of the rows that the statement has put. */
  private final Set<Place> put = new HashSet<>();

  /** Rows of the view that it has changed. */
  private final Set<RowKey> changed = new HashSet<>();

  /**
   * @param byPrimaryKey whether the primary key is one of them
   * @param indexes the others, which are unique
   */
  public Arbiters(
      TableCodec table,
      boolean byPrimaryKey,
      List<IndexCodec> indexes,
      ReadView view,
      long memoryBytesMax) {
    this.table = table;
    this.byPrimaryKey = byPrimaryKey;
    this.indexes = List.copyOf(indexes);
    this.view = view;
    this.meter = new MemoryMeter(memoryBytesMax);
  }

  private record Place(int store, RowKey key) {}

  /**
   * A row that has one of the keys.
   *
   * @param row as it lies in the store; null where the statement has put it
   */
  public record Standing(RowKey key, @Nullable Row row) {}

  /** The row that has a key of one that is to come; NULL is nobody's key. */
  public Optional<Standing> find(@Nullable Object[] values) {
    RowKey own = table.key(values);
    if (byPrimaryKey) {
      Optional<Standing> found = find(table.definition().id(), own);
      if (found.isPresent()) {
        return found;
      }
    }
    for (IndexCodec index : indexes) {
      if (!hasNull(index, values)) {
        Optional<Standing> found = find(index, index.entryKey(values, own));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Standing> find(int store, RowKey key) {
    if (put.contains(new Place(store, key))) {
      return Optional.of(new Standing(key, null));
    }
    return changed.contains(key)
        ? Optional.empty()
        : view.find(store, key).map(row -> new Standing(key, row));
  }

  private Optional<Standing> find(IndexCodec index, RowKey entry) {
    int store = index.definition().id();
    if (put.contains(new Place(store, entry))) {
      return Optional.of(new Standing(entry, null));
    }
    return view.find(store, entry)
        .map(value -> index.primaryKey(entry, value))
        .filter(key -> !changed.contains(key))
        .map(key -> new Standing(key, row(index, key)));
  }

  private Row row(IndexCodec index, RowKey key) {
    return view.find(table.definition().id(), key)
        .orElseThrow(
            () ->
                new SqlFailure(
                    State.INTERNAL_ERROR,
                    "index \""
                        + index.definition().name()
                        + "\" leads to a row that is not there"));
  }

  private static boolean hasNull(IndexCodec index, @Nullable Object[] values) {
    return index.definition().columns().stream().anyMatch(column -> values[column] == null);
  }

  /** The statement has put a row, all of whose columns are known. */
  public void put(@Nullable Object[] values) {
    RowKey own = table.key(values);
    if (byPrimaryKey) {
      remember(table.definition().id(), own);
    }
    for (IndexCodec index : indexes) {
      if (!hasNull(index, values)) {
        remember(index.definition().id(), index.entryKey(values, own));
      }
    }
  }

  private void remember(int store, RowKey key) {
    meter.add(96L + key.unsafeBytes().length);
    put.add(new Place(store, key));
  }

  /** The statement has changed a row of the view; what it is now is {@link #put}. */
  public void changed(RowKey key) {
    meter.add(64L + key.unsafeBytes().length);
    changed.add(key);
  }
}

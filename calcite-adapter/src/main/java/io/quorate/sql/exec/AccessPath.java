package io.quorate.sql.exec;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.codec.IndexCodec;
import io.quorate.sql.codec.KeyCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.store.RowKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a table are found: all, or by ranges of its primary key or of an index.
 * Immutable.
 *
 * @param index whose entries are walked; empty for the primary key
 * @param equal values of the first columns of the key
 * @param intervals what the next column may be; empty when it may be anything. They may overlap
 */
public record AccessPath(
    TableCodec table,
    Optional<IndexCodec> index,
    List<Expression> equal,
    List<Interval> intervals) {

  public AccessPath {
    equal = List.copyOf(equal);
    intervals = List.copyOf(intervals);
  }

  public static AccessPath all(TableCodec table) {
    return new AccessPath(table, Optional.empty(), List.of(), List.of());
  }

  /** A range of one column's values; a missing bound is open. NULL is in none. */
  public record Interval(Optional<Bound> lower, Optional<Bound> upper) {}

  /** The value at one end of an interval. */
  public record Bound(Expression value, boolean inclusive) {}

  /** Keys of the store table that is walked, {@code from} ≤ key &lt; {@code to}. */
  public record Range(Optional<RowKey> from, Optional<RowKey> to) {}

  /** The store table that is walked. */
  public int storeTable() {
    return index.isPresent() ? index.get().definition().id() : table.definition().id();
  }

  private KeyCodec codec() {
    return index.isPresent() ? index.get().columns() : table.keys();
  }

  private SqlType type(int column) {
    return index.isPresent()
        ? index.get().types().get(column)
        : table.definition().columns().get(table.definition().primaryKey().get(column)).type();
  }

  private int columns() {
    return index.isPresent() ? index.get().types().size() : table.definition().primaryKey().size();
  }

  public boolean isFullScan() {
    return equal.isEmpty() && intervals.isEmpty();
  }

  /** Whether there is at most one row: every column of a unique key is given. */
  public boolean isPoint() {
    return equal.size() == columns() && (index.isEmpty() || index.get().definition().unique());
  }

  /**
   * The key of the one row that a point may find.
   *
   * @return empty when a value is NULL or none that the column can have
   */
  Optional<RowKey> point(Frame frame) {
    @Nullable Object @Nullable [] values = equalValues(frame, columns());
    return values == null ? Optional.empty() : Optional.of(codec().encode(values));
  }

  private @Nullable Object @Nullable [] equalValues(Frame frame, int count) {
    @Nullable Object[] values = new @Nullable Object[count];
    for (int i = 0; i < equal.size(); i++) {
      KeyValue value = KeyValue.of(equal.get(i).evaluate(frame), type(i));
      if (!value.isExact()) {
        return null;
      }
      values[i] = value.value();
    }
    return values;
  }

  /** The ranges in ascending order, without overlap. */
  List<Range> ranges(Frame frame) {
    if (isFullScan()) {
      return List.of(new Range(Optional.empty(), Optional.empty()));
    }
    @Nullable Object @Nullable [] values = equalValues(frame, equal.size() + 1);
    if (values == null) {
      return List.of();
    }
    byte[] prefix = codec().prefix(values, equal.size());
    if (intervals.isEmpty()) {
      return List.of(
          new Range(Optional.of(RowKey.wrap(prefix)), Optional.of(KeyCodec.after(prefix))));
    }
    List<KeyRange> ranges = new ArrayList<>();
    for (Interval interval : intervals) {
      KeyRange range = range(interval, frame, values, prefix);
      if (range != null && range.from.compareTo(range.to) < 0) {
        ranges.add(range);
      }
    }
    return merge(ranges);
  }

  private @Nullable KeyRange range(
      Interval interval, Frame frame, @Nullable Object[] values, byte[] prefix) {
    int column = equal.size();
    boolean descending = codec().isDescending(column);
    RowKey from = codec().valuesFrom(prefix, column);
    RowKey to = codec().valuesTo(prefix, column);
    if (interval.lower.isPresent()) {
      Bound bound = interval.lower.get();
      KeyValue value = KeyValue.of(bound.value.evaluate(frame), type(column));
      if (value.isNull() || value.isAboveAll()) {
        return null;
      }
      if (!value.isBelowAll()) {
        values[column] = value.value();
        byte[] key = codec().prefix(values, column + 1);
        boolean inside = value.isExact() ? bound.inclusive : value.isRoundedUp();
        if (descending) {
          to = end(key, inside);
        } else {
          from = start(key, inside);
        }
      }
    }
    if (interval.upper.isPresent()) {
      Bound bound = interval.upper.get();
      KeyValue value = KeyValue.of(bound.value.evaluate(frame), type(column));
      if (value.isNull() || value.isBelowAll()) {
        return null;
      }
      if (!value.isAboveAll()) {
        values[column] = value.value();
        byte[] key = codec().prefix(values, column + 1);
        boolean inside = value.isExact() ? bound.inclusive : !value.isRoundedUp();
        if (descending) {
          from = start(key, inside);
        } else {
          to = end(key, inside);
        }
      }
    }
    return new KeyRange(from, to);
  }

  private static RowKey start(byte[] key, boolean inside) {
    return inside ? RowKey.wrap(key) : KeyCodec.after(key);
  }

  private static RowKey end(byte[] key, boolean inside) {
    return inside ? KeyCodec.after(key) : RowKey.wrap(key);
  }

  private static List<Range> merge(List<KeyRange> ranges) {
    Collections.sort(ranges, (a, b) -> a.from.compareTo(b.from));
    List<Range> merged = new ArrayList<>();
    RowKey from = null;
    RowKey to = null;
    for (KeyRange range : ranges) {
      if (from == null || to == null || range.from.compareTo(to) > 0) {
        if (from != null && to != null) {
          merged.add(new Range(Optional.of(from), Optional.of(to)));
        }
        from = range.from;
        to = range.to;
      } else if (range.to.compareTo(to) > 0) {
        to = range.to;
      }
    }
    if (from != null && to != null) {
      merged.add(new Range(Optional.of(from), Optional.of(to)));
    }
    return merged;
  }

  private record KeyRange(RowKey from, RowKey to) {}

  /** For EXPLAIN: what is walked, and by which columns of it. */
  public String describe() {
    String name =
        index.isPresent()
            ? "index " + index.get().definition().name()
            : "primary key " + table.definition().primaryKeyName();
    String columns = String.join(", ", columnNames());
    if (isPoint()) {
      return "point lookup by " + name + " (" + columns + ")";
    }
    if (isFullScan()) {
      return "full scan";
    }
    return (index.isPresent() ? "index range of " : "range of ") + name + " (" + columns + ")";
  }

  private List<String> columnNames() {
    List<Integer> ordinals =
        index.isPresent() ? index.get().definition().columns() : table.definition().primaryKey();
    int used = equal.size() + (intervals.isEmpty() ? 0 : 1);
    return Arrays.stream(ordinals.toArray(Integer[]::new))
        .limit(used)
        .map(ordinal -> table.definition().columns().get(ordinal).name())
        .toList();
  }
}

package io.quorate.sql.exec;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.codec.ColumnCondition;
import io.quorate.sql.codec.IndexCodec;
import io.quorate.sql.codec.KeyCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.store.RowFilter;
import io.quorate.sql.store.RowKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a table are found: all, or by ranges of its primary key or of an index; and which
 * of these are kept. Immutable.
 *
 * @param index whose entries are walked; empty for the primary key
 * @param equal values of the first columns of the key
 * @param intervals what the next column may be; empty when it may be anything. They may overlap
 * @param backward whether the rows come in the opposite order of the key
 * @param conditions of the rows that are kept; none of a point
 */
public record AccessPath(
    TableCodec table,
    Optional<IndexCodec> index,
    List<Expression> equal,
    List<Interval> intervals,
    boolean backward,
    List<ColumnCondition<Expression>> conditions) {

  public AccessPath {
    equal = List.copyOf(equal);
    intervals = List.copyOf(intervals);
    conditions = List.copyOf(conditions);
  }

  public static AccessPath all(TableCodec table) {
    return new AccessPath(table, Optional.empty(), List.of(), List.of(), false, List.of());
  }

  /** The same rows in the opposite order. */
  public AccessPath reversed() {
    return new AccessPath(table, index, equal, intervals, !backward, conditions);
  }

  /** The same way to fewer rows. */
  public AccessPath keeping(List<ColumnCondition<Expression>> fewer) {
    return new AccessPath(table, index, equal, intervals, backward, fewer);
  }

  /** A range of one column's values; a missing bound is open. NULL is in none. */
  public record Interval(Optional<Bound> lower, Optional<Bound> upper) {
    /** Every value. */
    public static final Interval ALL = new Interval(Optional.empty(), Optional.empty());

    /** Whether it is the same for every execution. */
    public boolean isConstant() {
      return Stream.of(lower, upper)
          .flatMap(Optional::stream)
          .allMatch(bound -> bound.value instanceof Constant);
    }

    /**
     * The keys of one column that lie in it; empty when none does.
     *
     * @param type of the column
     * @throws io.quorate.sql.lang.SqlFailure when a bound cannot be compared with the type
     */
    public Optional<KeyRange> constantRange(SqlType type) {
      KeyRange.Leading alone =
          new KeyRange.Leading(
              new KeyCodec(List.of(type)), new @Nullable Object[1], 0, new byte[0]);
      return Optional.ofNullable(
          KeyRange.of(
              alone,
              lower.flatMap(bound -> bound.constantLimit(type)),
              upper.flatMap(bound -> bound.constantLimit(type))));
    }
  }

  /** The value at one end of an interval. */
  public record Bound(Expression value, boolean inclusive) {
    private KeyRange.Limit limit(@Nullable Object evaluated, SqlType type) {
      return new KeyRange.Limit(KeyValue.of(evaluated, type), inclusive);
    }

    private Optional<KeyRange.Limit> constantLimit(SqlType type) {
      return value instanceof Constant constant
          ? Optional.of(limit(constant.value(), type))
          : Optional.empty();
    }
  }

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

  /** What tells the rows that are kept. */
  RowFilter filter(Frame frame) {
    if (conditions.isEmpty()) {
      return RowFilter.ALL;
    }
    List<ColumnCondition<Object>> known = new ArrayList<>(conditions.size());
    for (ColumnCondition<Expression> condition : conditions) {
      SqlType type = table.definition().columns().get(condition.column()).type();
      known.add(condition.with(value -> compared(value.evaluate(frame), type)));
    }
    return table.rows().filter(known);
  }

  /** Of a number what a column of the type is compared with. */
  private static @Nullable Object compared(@Nullable Object value, SqlType type) {
    if (value == null) {
      return null;
    }
    return switch (type.name()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL -> Values.decimal(value);
      case REAL, DOUBLE -> ((Number) value).doubleValue();
      default -> value;
    };
  }

  /** The ranges in the order in which they are walked, without overlap. */
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
      if (range != null && range.from().compareTo(range.to()) < 0) {
        ranges.add(range);
      }
    }
    return inTurn(KeyRange.merge(ranges));
  }

  private @Nullable KeyRange range(
      Interval interval, Frame frame, @Nullable Object[] values, byte[] prefix) {
    SqlType type = type(equal.size());
    KeyRange.Leading leading = new KeyRange.Leading(codec(), values, equal.size(), prefix);
    return KeyRange.of(
        leading,
        interval.lower.map(bound -> bound.limit(bound.value.evaluate(frame), type)),
        interval.upper.map(bound -> bound.limit(bound.value.evaluate(frame), type)));
  }

  private List<Range> inTurn(List<KeyRange> ascending) {
    List<Range> ranges = new ArrayList<>();
    for (KeyRange range : ascending) {
      ranges.add(new Range(Optional.of(range.from()), Optional.of(range.to())));
    }
    if (backward) {
      Collections.reverse(ranges);
    }
    return ranges;
  }

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
    String direction = backward ? ", backward" : "";
    if (isFullScan()) {
      return "full scan" + (index.isPresent() ? " of " + name : "") + direction;
    }
    String range = index.isPresent() ? "index range of " : "range of ";
    return range + name + " (" + columns + ")" + direction;
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

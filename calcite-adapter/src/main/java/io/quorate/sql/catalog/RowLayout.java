package io.quorate.sql.catalog;

import io.quorate.sql.store.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where in a row the value of each column lies: rows are not written again when columns come and
 * go. Immutable.
 *
 * <p>A slot belongs to one column for ever; when the column is gone, nobody reads it any more. A
 * row that was written before a column came ends before its slot.
 *
 * @param slots of the columns, in their order
 * @param nextSlot what the next new column gets
 * @param missing by slot, what a column has in the rows that end before it, in the form that rows
 *     have it; NULL where there is nothing
 */
public record RowLayout(List<Integer> slots, int nextSlot, SortedMap<Integer, Row> missing) {
  public RowLayout {
    slots = List.copyOf(slots);
    missing = Collections.unmodifiableSortedMap(new TreeMap<>(missing));
  }

  /** Of a table none of whose columns came later than its first row, or went. */
  public static RowLayout dense(int columns) {
    return new RowLayout(
        IntStream.range(0, columns).boxed().toList(), columns, Collections.emptySortedMap());
  }

  /** Whether it says no more than the number of columns does. */
  boolean isDense() {
    return equals(dense(slots.size()));
  }

  /** How many slots a row has. */
  public int width() {
    return slots.isEmpty() ? 0 : Collections.max(slots) + 1;
  }

  /** What a column has in rows that end before it; empty for NULL. */
  public Optional<Row> missing(int ordinal) {
    return Optional.ofNullable(missing.get(slots.get(ordinal)));
  }

  /** With a new column before the one that has the ordinal. */
  RowLayout with(int ordinal, @Nullable Row value) {
    List<Integer> more = new ArrayList<>(slots);
    more.add(ordinal, nextSlot);
    SortedMap<Integer, Row> values = new TreeMap<>(missing);
    if (value != null) {
      values.put(nextSlot, value);
    }
    return new RowLayout(more, nextSlot + 1, values);
  }

  /** Without a column. */
  RowLayout without(int ordinal) {
    List<Integer> fewer = new ArrayList<>(slots);
    SortedMap<Integer, Row> values = new TreeMap<>(missing);
    values.remove(fewer.remove(ordinal));
    return new RowLayout(fewer, nextSlot, values);
  }
}

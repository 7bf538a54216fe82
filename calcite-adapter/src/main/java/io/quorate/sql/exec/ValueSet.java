package io.quorate.sql.exec;

import io.quorate.sql.catalog.SqlType;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows of values that others are looked for among, as IN does. Immutable. */
public final class ValueSet {
  private final List<SqlType> types;

  /** Without NULL, sorted. */
  private final List<@Nullable Object[]> whole;

  /** With a NULL somewhere. */
  private final List<@Nullable Object[]> partial;

  ValueSet(List<SqlType> types, List<@Nullable Object[]> rows) {
    this.types = types;
    this.whole = rows.stream().filter(ValueSet::isWhole).sorted(ValueSet::compare).toList();
    this.partial = rows.stream().filter(row -> !isWhole(row)).toList();
  }

  private static boolean isWhole(@Nullable Object[] row) {
    return Arrays.stream(row).allMatch(Objects::nonNull);
  }

  private static int compare(@Nullable Object[] left, @Nullable Object[] right) {
    for (int i = 0; i < left.length; i++) {
      int order = Values.compare(Objects.requireNonNull(left[i]), Objects.requireNonNull(right[i]));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** Whether the values are among the rows; null where SQL does not know. */
  public @Nullable Boolean contains(@Nullable Object... values) {
    if (!isWhole(values)) {
      boolean perhaps = isPerhapsIn(whole, values) || isPerhapsIn(partial, values);
      return perhaps ? null : false;
    }
    if (Collections.binarySearch(whole, values, ValueSet::compare) >= 0) {
      return true;
    }
    return isPerhapsIn(partial, values) ? null : false;
  }

  /** As {@link #contains}, of values as generated code has them. */
  public @Nullable Boolean containsInternal(@Nullable Object... values) {
    @Nullable Object[] external = new @Nullable Object[values.length];
    for (int i = 0; i < values.length; i++) {
      external[i] = Values.fromInternal(types.get(i), values[i]);
    }
    return contains(external);
  }

  /** Whether there is a row that differs from the values in nothing but NULL. */
  private static boolean isPerhapsIn(List<@Nullable Object[]> rows, @Nullable Object[] values) {
    for (@Nullable Object[] row : rows) {
      boolean agrees = true;
      for (int i = 0; agrees && i < values.length; i++) {
        Object left = row[i];
        Object right = values[i];
        agrees = left == null || right == null || Values.compare(left, right) == 0;
      }
      if (agrees) {
        return true;
      }
    }
    return false;
  }
}

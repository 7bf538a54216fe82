package io.quorate.sql.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one column must be for a row to be kept: any of some things. What it comes to for NULL is
 * not TRUE unless NULL is one of them. Immutable.
 *
 * @param <V> a value to compare with, or where it comes from
 * @param column ordinal in the table
 * @param isNull whether NULL will do
 * @param isNotNull whether every value will do
 * @param comparisons of which one will do
 */
public record ColumnCondition<V>(
    int column, boolean isNull, boolean isNotNull, List<Compared<V>> comparisons) {

  public ColumnCondition {
    comparisons = List.copyOf(comparisons);
  }

  /** A comparison, and what stands behind it. */
  public record Compared<V>(Comparison comparison, V value) {}

  /**
   * The same with other values.
   *
   * @param values null for NULL, in comparison with which nothing is kept
   */
  public <W> ColumnCondition<W> with(Function<V, @Nullable W> values) {
    List<Compared<W>> compared = new ArrayList<>(comparisons.size());
    for (Compared<V> each : comparisons) {
      W value = values.apply(each.value);
      if (value != null) {
        compared.add(new Compared<>(each.comparison, value));
      }
    }
    return new ColumnCondition<>(column, isNull, isNotNull, compared);
  }
}

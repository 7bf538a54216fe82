package io.quorate.sql.exec;

import io.quorate.sql.codec.TextOrder;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The order of values in generated code: that of {@link Values#compare}, which keys and indexes
 * have too. Each method stands in the place of the one of Calcite's runtime that has its name and
 * parameters, and would order by {@link Comparable}. Stateless; public because generated code calls
 * it.
 */
@SuppressWarnings({"unchecked", "rawtypes"}) // signatures are Calcite's
public final class InternalOrder {
  private InternalOrder() {}

  public static boolean lt(String left, String right) {
    return TextOrder.compare(left, right) < 0;
  }

  public static boolean le(String left, String right) {
    return TextOrder.compare(left, right) <= 0;
  }

  public static boolean gt(String left, String right) {
    return TextOrder.compare(left, right) > 0;
  }

  public static boolean ge(String left, String right) {
    return TextOrder.compare(left, right) >= 0;
  }

  public static boolean eq(List<?> left, List<?> right) {
    return Values.compare(left, right) == 0;
  }

  public static boolean ne(List<?> left, List<?> right) {
    return Values.compare(left, right) != 0;
  }

  public static boolean lt(List<?> left, List<?> right) {
    return Values.compare(left, right) < 0;
  }

  public static boolean le(List<?> left, List<?> right) {
    return Values.compare(left, right) <= 0;
  }

  public static boolean gt(List<?> left, List<?> right) {
    return Values.compare(left, right) > 0;
  }

  public static boolean ge(List<?> left, List<?> right) {
    return Values.compare(left, right) >= 0;
  }

  /** Of values in internal form, all of which but these are in order by themselves. */
  public static int compare(Comparable left, Comparable right) {
    return order(left, right);
  }

  private static int order(Object left, Object right) {
    return left instanceof String || left instanceof UUID || left instanceof List
        ? Values.compare(left, right)
        : ((Comparable) left).compareTo(right);
  }

  public static int compareNullsFirst(@Nullable Comparable left, @Nullable Comparable right) {
    return left == null || right == null
        ? Boolean.compare(right == null, left == null)
        : compare(left, right);
  }

  public static int compareNullsLast(@Nullable Comparable left, @Nullable Comparable right) {
    return left == null || right == null
        ? Boolean.compare(left == null, right == null)
        : compare(left, right);
  }

  /** For ORDER BY and windows of one column. */
  public static <T extends Comparable<T>> Comparator<T> nullsComparator(
      boolean nullsFirst, boolean reverse) {
    // Arrays are no Comparables, so nothing here may take T at its word.
    Comparator<Object> order = reverse ? (a, b) -> order(b, a) : (a, b) -> order(a, b);
    return (Comparator<T>)
        (Comparator<?>) (nullsFirst ? Comparator.nullsFirst(order) : Comparator.nullsLast(order));
  }

  /** For MIN. */
  public static <T extends Comparable<T>> @Nullable T lesser(@Nullable T left, @Nullable T right) {
    return left == null || (right != null && compare(left, right) > 0) ? right : left;
  }

  /** For MAX. */
  public static <T extends Comparable<T>> @Nullable T greater(@Nullable T left, @Nullable T right) {
    return left == null || (right != null && compare(left, right) < 0) ? right : left;
  }
}

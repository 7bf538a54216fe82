package io.quorate.sql.plan;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What SQL says of values, worked out anew for tests. */
final class SqlValues {
  /** Of two values of one column, neither of them NULL. */
  static final Comparator<Object> ORDER = SqlValues::compare;

  private SqlValues() {}

  @SuppressWarnings("unchecked") // of one column
  private static int compare(Object a, Object b) {
    if (a instanceof String text) {
      byte[] other = ((String) b).getBytes(StandardCharsets.UTF_8);
      return Arrays.compareUnsigned(text.getBytes(StandardCharsets.UTF_8), other);
    }
    if (a instanceof UUID) {
      return a.toString().compareTo(b.toString());
    }
    return ((Comparable<Object>) a).compareTo(b);
  }

  /** The value that stands for all that are equal to it. */
  static @Nullable Object grouped(@Nullable Object value) {
    if (value instanceof Double number) {
      return number + 0d;
    }
    return value instanceof Number number
        ? new BigDecimal(number.toString()).stripTrailingZeros()
        : value;
  }

  /** Of what {@link #grouped} makes of exact numbers. */
  static BigDecimal sum(Collection<Object> numbers) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Object number : numbers) {
      sum = sum.add((BigDecimal) number);
    }
    return sum.stripTrailingZeros();
  }
}

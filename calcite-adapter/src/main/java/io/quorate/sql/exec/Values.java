package io.quorate.sql.exec;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.codec.TextOrder;
import io.quorate.sql.store.Lob;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.calcite.avatica.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * SQL values, of the classes that {@link SqlType.Name} names, to and from the forms in which
 * Calcite's generated code computes, and their order.
 */
public final class Values {
  private static final long MILLIS_PER_SECOND = 1_000;
  private static final int NANOS_PER_MILLI = 1_000_000;

  private Values() {}

  public static @Nullable Object toInternal(SqlType type, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    return switch (type.name()) {
      case DATE -> Math.toIntExact(((LocalDate) value).toEpochDay());
      case TIME -> (int) (((LocalTime) value).toNanoOfDay() / NANOS_PER_MILLI);
      case TIMESTAMP -> ((LocalDateTime) value).toInstant(ZoneOffset.UTC).toEpochMilli();
      case TIMESTAMP_TZ -> ((OffsetDateTime) value).toInstant().toEpochMilli();
      case INTERVAL_YEAR_MONTH -> Math.toIntExact(((Period) value).toTotalMonths());
      case INTERVAL_DAY_TIME -> millis((Duration) value);
      case BINARY, VARBINARY -> new ByteString((byte[]) value);
      case ARRAY -> elements(value, each -> toInternal(type.elementType(), each));
      default -> value;
    };
  }

  public static @Nullable Object fromInternal(SqlType type, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    return switch (type.name()) {
      case DATE -> LocalDate.ofEpochDay(((Number) value).longValue());
      case TIME -> LocalTime.ofNanoOfDay(((Number) value).longValue() * NANOS_PER_MILLI);
      case TIMESTAMP -> timestamp(((Number) value).longValue());
      case TIMESTAMP_TZ -> OffsetTimes.of(timestamp(((Number) value).longValue()));
      case INTERVAL_YEAR_MONTH -> Intervals.ofMonths(((Number) value).longValue());
      case INTERVAL_DAY_TIME -> Duration.ofMillis(((Number) value).longValue());
      case BINARY, VARBINARY -> ((ByteString) value).getBytes();
      case DECIMAL -> result(type, decimal(value));
      case TINYINT -> ((Number) value).byteValue();
      case SMALLINT -> ((Number) value).shortValue();
      case INTEGER -> ((Number) value).intValue();
      case BIGINT -> ((Number) value).longValue();
      case REAL -> ((Number) value).floatValue();
      case DOUBLE -> ((Number) value).doubleValue();
      case CHAR, VARCHAR, JSON -> value.toString();
      case ARRAY -> elements(value, each -> fromInternal(type.elementType(), each));
      default -> value;
    };
  }

  private static List<@Nullable Object> elements(
      Object array, UnaryOperator<@Nullable Object> form) {
    List<@Nullable Object> formed = new ArrayList<>(((List<?>) array).size());
    for (Object element : (List<?>) array) {
      formed.add(form.apply(element));
    }
    return Collections.unmodifiableList(formed);
  }

  /** What is finer goes, to the same side as that of a TIMESTAMP. */
  private static long millis(Duration duration) {
    return duration.toSeconds() * MILLIS_PER_SECOND + duration.toNanosPart() / NANOS_PER_MILLI;
  }

  private static LocalDateTime timestamp(long millis) {
    int nanos = (int) Math.floorMod(millis, MILLIS_PER_SECOND) * NANOS_PER_MILLI;
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(millis, MILLIS_PER_SECOND), nanos, ZoneOffset.UTC);
  }

  /** A value as its column of a result shows it: a DECIMAL with the column's scale. */
  public static @Nullable Object result(SqlType type, @Nullable Object value) {
    return value instanceof BigDecimal decimal
            && type.name() == SqlType.Name.DECIMAL
            && type.precision() != SqlType.UNBOUNDED
            && decimal.scale() != type.scale()
        ? decimal.setScale(type.scale(), RoundingMode.HALF_UP)
        : value;
  }

  static BigDecimal decimal(Object number) {
    if (number instanceof BigDecimal decimal) {
      return decimal;
    }
    return number instanceof Double || number instanceof Float
        ? new BigDecimal(number.toString())
        : BigDecimal.valueOf(((Number) number).longValue());
  }

  /** The order of two values that are not NULL and can be compared. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // the classes of values are their own Comparables
  public static int compare(Object left, Object right) {
    if (left instanceof Number a && right instanceof Number b) {
      return compareNumbers(a, b);
    }
    if (left instanceof String a && right instanceof String b) {
      return TextOrder.compare(a, b);
    }
    if (left instanceof byte[] a && right instanceof byte[] b) {
      return Arrays.compareUnsigned(a, b);
    }
    if (left instanceof UUID a && right instanceof UUID b) {
      int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
      return high != 0
          ? high
          : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
    }
    if (left instanceof List<?> a && right instanceof List<?> b) {
      return compareArrays(a, b);
    }
    if (left instanceof Period a && right instanceof Period b) {
      return Long.compare(a.toTotalMonths(), b.toTotalMonths());
    }
    return ((Comparable) left).compareTo(right);
  }

  /** As PostgreSQL has it: NULL is greater than every element, and equal to NULL. */
  private static int compareArrays(List<?> left, List<?> right) {
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      Object a = left.get(i);
      Object b = right.get(i);
      int order = a == null || b == null ? Boolean.compare(a == null, b == null) : compare(a, b);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  private static int compareNumbers(Number a, Number b) {
    if (isApproximate(a) || isApproximate(b)) {
      return Double.compare(a.doubleValue() + 0d, b.doubleValue() + 0d);
    }
    return a instanceof BigDecimal || b instanceof BigDecimal
        ? decimal(a).compareTo(decimal(b))
        : Long.compare(a.longValue(), b.longValue());
  }

  private static boolean isApproximate(Number number) {
    return number instanceof Double || number instanceof Float;
  }

  /** About how many bytes a value takes in memory. */
  static int size(@Nullable Object value) {
    if (value == null) {
      return 0;
    }
    if (value instanceof String text) {
      return 56 + text.length();
    }
    if (value instanceof byte[] bytes) {
      return 16 + bytes.length;
    }
    if (value instanceof ByteString bytes) {
      return 32 + bytes.length();
    }
    if (value instanceof List<?> array) {
      int size = 40;
      for (Object element : array) {
        size += 8 + size(element);
      }
      return size;
    }
    if (value instanceof Lob lob) {
      return lob.isStored() ? 64 : 64 + lob.unsafeBytes().length;
    }
    return value instanceof BigDecimal ? 40 : 24;
  }
}

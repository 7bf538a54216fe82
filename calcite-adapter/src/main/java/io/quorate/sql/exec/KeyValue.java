package io.quorate.sql.exec;

import io.quorate.sql.catalog.SqlType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * A value that is compared with a key column, as one of the column's own type: the same, or next to
 * it, or beyond all that the column can hold. An INTEGER column may be compared with 2.5 or with
 * 10¹².
 */
final class KeyValue {
  private enum Place {
    EXACT,
    ROUNDED_UP,
    BELOW_ALL,
    ABOVE_ALL
  }

  private final Place place;
  private final @Nullable Object value;

  private KeyValue(Place place, @Nullable Object value) {
    this.place = place;
    this.value = value;
  }

  static KeyValue of(@Nullable Object value, SqlType type) {
    if (value == null) {
      return new KeyValue(Place.EXACT, null);
    }
    return switch (type.name()) {
      case TINYINT -> integer(value, type, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case SMALLINT -> integer(value, type, Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER -> integer(value, type, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case BIGINT -> integer(value, type, Long.MIN_VALUE, Long.MAX_VALUE);
      default -> new KeyValue(Place.EXACT, Conversion.convert(value, type));
    };
  }

  private static KeyValue integer(Object value, SqlType type, long min, long max) {
    if (value instanceof Long || value instanceof Integer) {
      long number = ((Number) value).longValue();
      if (number < min || number > max) {
        return new KeyValue(number < min ? Place.BELOW_ALL : Place.ABOVE_ALL, null);
      }
      return new KeyValue(Place.EXACT, Conversion.convert(value, type));
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (Double.isNaN(number) || number > max) {
        return new KeyValue(Place.ABOVE_ALL, null);
      }
      if (number < min) {
        return new KeyValue(Place.BELOW_ALL, null);
      }
    }
    BigDecimal number = Values.decimal(value);
    BigDecimal up = number.setScale(0, RoundingMode.CEILING);
    if (up.compareTo(BigDecimal.valueOf(min)) < 0) {
      return new KeyValue(Place.BELOW_ALL, null);
    }
    if (up.compareTo(BigDecimal.valueOf(max)) > 0) {
      return new KeyValue(Place.ABOVE_ALL, null);
    }
    Place place = up.compareTo(number) == 0 ? Place.EXACT : Place.ROUNDED_UP;
    return new KeyValue(place, Conversion.convert(up, type));
  }

  boolean isNull() {
    return place == Place.EXACT && value == null;
  }

  /** Whether a column can be equal to it. */
  boolean isExact() {
    return place == Place.EXACT && value != null;
  }

  /** Whether {@link #value} is the least of the column's values above it. */
  boolean isRoundedUp() {
    return place == Place.ROUNDED_UP;
  }

  boolean isBelowAll() {
    return place == Place.BELOW_ALL;
  }

  boolean isAboveAll() {
    return place == Place.ABOVE_ALL;
  }

  @Nullable Object value() {
    return value;
  }
}

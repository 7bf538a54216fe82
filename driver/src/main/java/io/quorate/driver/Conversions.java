package io.quorate.driver;

import io.quorate.driver.route.SqlExceptions;
import io.quorate.driver.wire.ArrayText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns a value that came from the server into what the application asks for. */
final class Conversions {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(Locale.ROOT);

  private static final DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral(' ')
          .append(TIME)
          .toFormatter(Locale.ROOT);

  private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xxx", Locale.ROOT);

  private static final BigDecimal LONG_MIN = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private Conversions() {}

  static String toText(Object value) {
    if (value instanceof BigDecimal) {
      return ((BigDecimal) value).toPlainString();
    }
    if (value instanceof LocalDateTime) {
      return TIMESTAMP.format((LocalDateTime) value);
    }
    if (value instanceof LocalTime) {
      return TIME.format((LocalTime) value);
    }
    if (value instanceof OffsetDateTime) {
      OffsetDateTime time = (OffsetDateTime) value;
      return TIMESTAMP.format(time) + OFFSET.format(time);
    }
    if (value instanceof Period || value instanceof Duration) {
      return IntervalText.of(value);
    }
    if (value instanceof byte[]) {
      return hex((byte[]) value);
    }
    if (value instanceof List) {
      return ArrayText.of((List<?>) value, Conversions::toText);
    }
    return value.toString();
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder(2 * bytes.length);
    for (byte b : bytes) {
      text.append(HEX[(b >> 4) & 0xf]).append(HEX[b & 0xf]);
    }
    return text.toString();
  }

  /** Of the class that JDBC has for the type of a value that is not large. */
  static Object toJdbc(Object value) throws SQLException {
    if (value instanceof Byte || value instanceof Short) {
      return ((Number) value).intValue();
    }
    if (value instanceof LocalDateTime) {
      return toTimestamp(value, null);
    }
    if (value instanceof LocalDate) {
      return toDate(value, null);
    }
    return value instanceof LocalTime ? toTime(value, null) : value;
  }

  static boolean toBoolean(Object value) throws SQLException {
    if (value instanceof Boolean) {
      return (Boolean) value;
    }
    if (value instanceof Number) {
      return toDecimal(value).signum() != 0;
    }
    if (value instanceof String) {
      switch (((String) value).trim().toLowerCase(Locale.ROOT)) {
        case "true":
        case "t":
        case "1":
          return true;
        case "false":
        case "f":
        case "0":
          return false;
        default:
          throw unreadable(value, "a truth value", null);
      }
    }
    throw mismatch(value, "a truth value");
  }

  /** A whole number within the bounds; a fraction is cut off. */
  static long toLong(Object value, long min, long max) throws SQLException {
    if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      return requireRange(value, ((Number) value).longValue(), min, max);
    }
    BigDecimal number = toDecimal(value);
    if (number.compareTo(LONG_MIN) < 0 || number.compareTo(LONG_MAX) > 0) {
      throw outOfRange(value, min, max);
    }
    return requireRange(value, number.longValue(), min, max);
  }

  private static long requireRange(Object value, long number, long min, long max)
      throws SQLException {
    if (number < min || number > max) {
      throw outOfRange(value, min, max);
    }
    return number;
  }

  private static SQLException outOfRange(Object value, long min, long max) {
    return SqlExceptions.of(
        ErrorCode.NUMBER_OUT_OF_RANGE, toText(value) + " is not between " + min + " and " + max);
  }

  static double toDouble(Object value) throws SQLException {
    if (value instanceof Float || value instanceof Double || value instanceof Long) {
      return ((Number) value).doubleValue();
    }
    if (value instanceof String) {
      try {
        return Double.parseDouble(((String) value).trim());
      } catch (NumberFormatException e) {
        throw unreadable(value, "a number", e);
      }
    }
    return toDecimal(value).doubleValue();
  }

  static float toFloat(Object value) throws SQLException {
    return value instanceof Float ? (Float) value : (float) toDouble(value);
  }

  static BigDecimal toDecimal(Object value) throws SQLException {
    if (value instanceof BigDecimal) {
      return (BigDecimal) value;
    }
    if (value instanceof Float || value instanceof Double) {
      double number = ((Number) value).doubleValue();
      if (Double.isNaN(number) || Double.isInfinite(number)) {
        throw SqlExceptions.of(
            ErrorCode.NUMBER_OUT_OF_RANGE, value + " is no number that can be written out");
      }
      return new BigDecimal(value.toString());
    }
    if (value instanceof BigInteger) {
      return new BigDecimal((BigInteger) value);
    }
    if (value instanceof Number) {
      return BigDecimal.valueOf(((Number) value).longValue());
    }
    if (value instanceof Boolean) {
      return (Boolean) value ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    if (value instanceof String) {
      return parseDecimal((String) value);
    }
    throw mismatch(value, "a number");
  }

  private static BigDecimal parseDecimal(String text) throws SQLException {
    try {
      return new BigDecimal(text.trim());
    } catch (NumberFormatException e) {
      throw unreadable(text, "a number", e);
    }
  }

  static BigDecimal toDecimal(Object value, int scale) throws SQLException {
    return toDecimal(value).setScale(scale, RoundingMode.HALF_UP);
  }

  static byte[] toBytes(Object value) throws SQLException {
    if (value instanceof byte[]) {
      return ((byte[]) value).clone();
    }
    throw mismatch(value, "bytes");
  }

  static OffsetDateTime toOffsetDateTime(Object value) throws SQLException {
    if (value instanceof OffsetDateTime) {
      return (OffsetDateTime) value;
    }
    if (value instanceof String) {
      String text = ((String) value).trim().replaceFirst(" ", "T");
      try {
        return OffsetDateTime.parse(text);
      } catch (DateTimeException e) {
        throw unreadable(value, "a timestamp with a time zone", e);
      }
    }
    return toLocalDateTime(value).atOffset(ZoneOffset.UTC);
  }

  static Period toPeriod(Object value) throws SQLException {
    if (value instanceof Period) {
      return (Period) value;
    }
    throw mismatch(value, "a number of months");
  }

  static Duration toDuration(Object value) throws SQLException {
    if (value instanceof Duration) {
      return (Duration) value;
    }
    throw mismatch(value, "a duration");
  }

  static LocalDate toLocalDate(Object value) throws SQLException {
    if (value instanceof OffsetDateTime) {
      return ((OffsetDateTime) value).toLocalDate();
    }
    if (value instanceof LocalDate) {
      return (LocalDate) value;
    }
    if (value instanceof LocalDateTime) {
      return ((LocalDateTime) value).toLocalDate();
    }
    if (value instanceof String) {
      try {
        return LocalDate.parse(((String) value).trim());
      } catch (DateTimeException e) {
        throw unreadable(value, "a date", e);
      }
    }
    throw mismatch(value, "a date");
  }

  static LocalTime toLocalTime(Object value) throws SQLException {
    if (value instanceof OffsetDateTime) {
      return ((OffsetDateTime) value).toLocalTime();
    }
    if (value instanceof LocalTime) {
      return (LocalTime) value;
    }
    if (value instanceof LocalDateTime) {
      return ((LocalDateTime) value).toLocalTime();
    }
    if (value instanceof String) {
      try {
        return LocalTime.parse(((String) value).trim());
      } catch (DateTimeException e) {
        throw unreadable(value, "a time", e);
      }
    }
    throw mismatch(value, "a time");
  }

  static LocalDateTime toLocalDateTime(Object value) throws SQLException {
    if (value instanceof OffsetDateTime) {
      return ((OffsetDateTime) value).toLocalDateTime();
    }
    if (value instanceof LocalDateTime) {
      return (LocalDateTime) value;
    }
    if (value instanceof LocalDate) {
      return ((LocalDate) value).atStartOfDay();
    }
    if (value instanceof String) {
      try {
        return LocalDateTime.parse(((String) value).trim().replace(' ', 'T'));
      } catch (DateTimeException e) {
        throw unreadable(value, "a timestamp", e);
      }
    }
    throw mismatch(value, "a timestamp");
  }

  /** Midnight of that day in the zone; the JVM's own where none is given. */
  static Date toDate(Object value, java.util.@Nullable Calendar calendar) throws SQLException {
    LocalDate date = toLocalDate(value);
    if (isOwnZone(calendar)) {
      return Date.valueOf(date);
    }
    return new Date(date.atStartOfDay(zone(calendar)).toInstant().toEpochMilli());
  }

  static Time toTime(Object value, java.util.@Nullable Calendar calendar) throws SQLException {
    LocalTime time = toLocalTime(value);
    return new Time(LocalDate.EPOCH.atTime(time).atZone(zone(calendar)).toInstant().toEpochMilli());
  }

  static Timestamp toTimestamp(Object value, java.util.@Nullable Calendar calendar)
      throws SQLException {
    if (value instanceof OffsetDateTime) {
      // An instant is the same in every zone.
      return Timestamp.from(((OffsetDateTime) value).toInstant());
    }
    LocalDateTime timestamp = toLocalDateTime(value);
    if (isOwnZone(calendar)) {
      return Timestamp.valueOf(timestamp);
    }
    return Timestamp.from(timestamp.atZone(zone(calendar)).toInstant());
  }

  static boolean isOwnZone(java.util.@Nullable Calendar calendar) {
    return calendar == null || zone(calendar).equals(ZoneId.systemDefault());
  }

  static ZoneId zone(java.util.@Nullable Calendar calendar) {
    return calendar == null ? ZoneId.systemDefault() : calendar.getTimeZone().toZoneId();
  }

  static UUID toUuid(Object value) throws SQLException {
    if (value instanceof UUID) {
      return (UUID) value;
    }
    if (value instanceof String) {
      try {
        return UUID.fromString(((String) value).trim());
      } catch (IllegalArgumentException e) {
        throw unreadable(value, "a UUID", e);
      }
    }
    throw mismatch(value, "a UUID");
  }

  static SQLException mismatch(Object value, String wanted) {
    return SqlExceptions.of(
        ErrorCode.TYPE_MISMATCH,
        "a value of " + value.getClass().getSimpleName() + " cannot be read as " + wanted);
  }

  private static SQLException unreadable(Object value, String wanted, @Nullable Exception cause) {
    return SqlExceptions.of(
        ErrorCode.INVALID_TEXT, "\"" + value + "\" does not read as " + wanted, cause);
  }
}

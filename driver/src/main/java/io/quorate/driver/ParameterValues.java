package io.quorate.driver;

import io.quorate.driver.route.SqlExceptions;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The values of a prepared statement's question marks, in the classes that travel. Confined. */
final class ParameterValues {
  private final @Nullable Object[] values;
  private final boolean[] set;

  ParameterValues(int count) {
    this.values = new Object[count];
    this.set = new boolean[count];
  }

  /**
   * Sets one.
   *
   * @param index from 1
   * @param value of a class that travels
   */
  void set(int index, @Nullable Object value) throws SQLException {
    if (index < 1 || index > values.length) {
      throw SqlExceptions.of(
          ErrorCode.INVALID_PARAMETER,
          "the statement has no parameter " + index + ", there are " + values.length);
    }
    values[index - 1] = value;
    set[index - 1] = true;
  }

  void clear() {
    Arrays.fill(values, null);
    Arrays.fill(set, false);
  }

  /** Makes of a stream what travels. */
  interface Sending {
    Object send(LargeParameter parameter, int index) throws SQLException;
  }

  /** All of them, as they are now; what is a stream is sent for that. */
  List<@Nullable Object> snapshot(Sending sending) throws SQLException {
    List<@Nullable Object> snapshot = new ArrayList<>(values.length);
    for (int i = 0; i < values.length; i++) {
      if (!set[i]) {
        throw SqlExceptions.of(
            ErrorCode.INVALID_PARAMETER, "parameter " + (i + 1) + " has no value");
      }
      Object value = values[i];
      snapshot.add(
          value instanceof LargeParameter ? sending.send((LargeParameter) value, i) : value);
    }
    return snapshot;
  }

  /** What travels for a value of any class that JDBC lets through. */
  static @Nullable Object of(@Nullable Object value) throws SQLException {
    if (value == null || travels(value)) {
      return value;
    }
    if (value instanceof byte[]) {
      return ((byte[]) value).clone();
    }
    if (value instanceof Timestamp) {
      return ofTimestamp((Timestamp) value, null);
    }
    if (value instanceof Date) {
      return ofDate((Date) value, null);
    }
    if (value instanceof Time) {
      return ofTime((Time) value, null);
    }
    if (value instanceof java.util.Date) {
      Instant instant = ((java.util.Date) value).toInstant();
      return ofTimestamp(Timestamp.from(instant), null);
    }
    if (value instanceof Period) {
      return ofPeriod((Period) value);
    }
    if (value instanceof ZonedDateTime) {
      return ((ZonedDateTime) value).toOffsetDateTime();
    }
    if (value instanceof Instant) {
      return ((Instant) value).atOffset(ZoneOffset.UTC);
    }
    if (value instanceof BigInteger) {
      return new BigDecimal((BigInteger) value);
    }
    if (value instanceof Character || value instanceof Enum) {
      return value.toString();
    }
    if (value instanceof Array || value instanceof List || isObjects(value)) {
      return ArrayParameter.of(value);
    }
    if (value instanceof Clob) {
      Clob clob = (Clob) value;
      return LargeParameter.of(clob.getCharacterStream(), clob.length());
    }
    if (value instanceof Blob) {
      Blob blob = (Blob) value;
      return LargeParameter.of(blob.getBinaryStream(), blob.length());
    }
    throw SqlExceptions.of(
        ErrorCode.NOT_SUPPORTED,
        "a parameter of class " + value.getClass().getName() + " is not supported");
  }

  private static boolean isObjects(Object value) {
    return value.getClass().isArray();
  }

  /** Months and days are two kinds of interval. */
  private static Object ofPeriod(Period period) throws SQLException {
    if (period.get(ChronoUnit.DAYS) == 0) {
      return period;
    }
    if (period.toTotalMonths() != 0) {
      throw SqlExceptions.of(
          ErrorCode.INVALID_PARAMETER,
          period + " has months and days; an interval is one or the other");
    }
    return Duration.ofDays(period.get(ChronoUnit.DAYS));
  }

  private static boolean travels(Object value) {
    return value instanceof String
        || value instanceof Integer
        || value instanceof Long
        || value instanceof BigDecimal
        || value instanceof Double
        || value instanceof Boolean
        || value instanceof LocalDate
        || value instanceof LocalDateTime
        || value instanceof LocalTime
        || value instanceof OffsetDateTime
        || value instanceof Duration
        || value instanceof UUID
        || value instanceof Float
        || value instanceof Short
        || value instanceof Byte;
  }

  /** What travels for a value that is to be of a type of {@link Types}. */
  static @Nullable Object of(@Nullable Object value, int type, int scale) throws SQLException {
    Object plain = of(value);
    if (plain == null || plain instanceof LargeParameter) {
      return plain;
    }
    switch (type) {
      case Types.BIT:
      case Types.BOOLEAN:
        return Conversions.toBoolean(plain);
      case Types.TINYINT:
        return (byte) Conversions.toLong(plain, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case Types.SMALLINT:
        return (short) Conversions.toLong(plain, Short.MIN_VALUE, Short.MAX_VALUE);
      case Types.INTEGER:
        return (int) Conversions.toLong(plain, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case Types.BIGINT:
        return Conversions.toLong(plain, Long.MIN_VALUE, Long.MAX_VALUE);
      case Types.DECIMAL:
      case Types.NUMERIC:
        return scale < 0 ? Conversions.toDecimal(plain) : Conversions.toDecimal(plain, scale);
      case Types.REAL:
        return Conversions.toFloat(plain);
      case Types.FLOAT:
      case Types.DOUBLE:
        return Conversions.toDouble(plain);
      case Types.CHAR:
      case Types.VARCHAR:
      case Types.LONGVARCHAR:
      case Types.NCHAR:
      case Types.NVARCHAR:
      case Types.LONGNVARCHAR:
      case Types.CLOB:
      case Types.NCLOB:
        return Conversions.toText(plain);
      case Types.BINARY:
      case Types.VARBINARY:
      case Types.LONGVARBINARY:
      case Types.BLOB:
        return Conversions.toBytes(plain);
      case Types.DATE:
        return Conversions.toLocalDate(plain);
      case Types.TIME:
        return Conversions.toLocalTime(plain);
      case Types.TIMESTAMP:
        return Conversions.toLocalDateTime(plain);
      case Types.ARRAY:
        return toList(plain);
      case Types.TIMESTAMP_WITH_TIMEZONE:
        return Conversions.toOffsetDateTime(plain);
      case Types.OTHER:
      case Types.JAVA_OBJECT:
      case Types.NULL:
        return plain;
      default:
        throw SqlExceptions.of(
            ErrorCode.NOT_SUPPORTED, "a parameter of JDBC type " + type + " is not supported");
    }
  }

  private static List<?> toList(Object plain) throws SQLException {
    if (plain instanceof List) {
      return (List<?>) plain;
    }
    throw Conversions.mismatch(plain, "an array");
  }

  static LocalDate ofDate(Date date, java.util.@Nullable Calendar calendar) {
    return Conversions.isOwnZone(calendar)
        ? date.toLocalDate()
        : new Timestamp(date.getTime())
            .toInstant()
            .atZone(Conversions.zone(calendar))
            .toLocalDate();
  }

  /** With milliseconds, which {@code Time.toLocalTime} drops. */
  static LocalTime ofTime(Time time, java.util.@Nullable Calendar calendar) {
    return new Timestamp(time.getTime())
        .toInstant()
        .atZone(Conversions.zone(calendar))
        .toLocalTime();
  }

  static LocalDateTime ofTimestamp(Timestamp timestamp, java.util.@Nullable Calendar calendar) {
    return Conversions.isOwnZone(calendar)
        ? timestamp.toLocalDateTime()
        : timestamp.toInstant().atZone(Conversions.zone(calendar)).toLocalDateTime();
  }

  /** For a TIMESTAMP WITH TIME ZONE: the same instant, whatever a clock shows then. */
  static OffsetDateTime ofInstant(java.util.Date date) {
    return date.toInstant().atOffset(ZoneOffset.UTC);
  }
}

package io.quorate.sql.exec;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.Lob;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values of one type made values of another: parameters, CAST, and assignment to a column. */
public final class Conversion {
  private static final SqlType DECIMAL = new SqlType(SqlType.Name.DECIMAL, 38, 0);
  private static final int NANO_DIGITS = 9;
  private static final int SHOWN_MAX = 60;

  private Conversion() {}

  /**
   * The value as the column takes it.
   *
   * @throws SqlFailure when it is NULL and must not be, too long, out of range or of another kind
   */
  public static @Nullable Object assign(@Nullable Object value, TableDef table, int ordinal) {
    ColumnDef column = table.columns().get(ordinal);
    if (value == null) {
      if (!column.nullable()) {
        throw new SqlFailure(State.NOT_NULL_VIOLATION, nullIn(table, column.name()));
      }
      return null;
    }
    try {
      return fit(convert(value, column.type()), column.type());
    } catch (SqlFailure failure) {
      throw new SqlFailure(
          failure.state(), "column \"" + column.name() + "\": " + failure.getMessage(), failure);
    }
  }

  /** What is said of NULL in a column that is NOT NULL. */
  public static String nullIn(TableDef table, String column) {
    return "null value in column \""
        + column
        + "\" of table "
        + ShownValues.name(table)
        + " violates not-null constraint";
  }

  /** CAST: text that is too long is cut, as the standard has it. */
  public static Object cast(Object value, SqlType type) {
    Object converted = convert(value, type);
    if (type.precision() == SqlType.UNBOUNDED) {
      return converted;
    }
    return switch (type.name()) {
      case DECIMAL -> decimal((BigDecimal) converted, type);
      case CHAR -> padded(cut((String) converted, type.precision()), type.precision());
      case VARCHAR -> cut((String) converted, type.precision());
      case BINARY -> Arrays.copyOf((byte[]) converted, type.precision());
      case VARBINARY -> {
        byte[] bytes = (byte[]) converted;
        yield bytes.length <= type.precision() ? bytes : Arrays.copyOf(bytes, type.precision());
      }
      case INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME -> Intervals.fit(converted, type);
      default -> converted;
    };
  }

  private static String cut(String text, int length) {
    return text.length() <= length || text.codePointCount(0, text.length()) <= length
        ? text
        : text.substring(0, text.offsetByCodePoints(0, length));
  }

  private static String padded(String text, int length) {
    return text + " ".repeat(Math.max(0, length - text.codePointCount(0, text.length())));
  }

  /** Cuts or refuses what is longer or more precise than the type. */
  private static Object fit(Object value, SqlType type) {
    if (type.name() == SqlType.Name.ARRAY) {
      return array((List<?>) value, type);
    }
    if (type.precision() == SqlType.UNBOUNDED) {
      return switch (type.name()) {
        case CHAR -> stripBlanks((String) value, 0);
        // As the standard has it: without a scale there are no digits behind the point.
        case DECIMAL -> decimal((BigDecimal) value, DECIMAL);
        default -> value;
      };
    }
    return switch (type.name()) {
      case DECIMAL -> decimal((BigDecimal) value, type);
      case CHAR -> text(stripBlanks((String) value, 0), type);
      case VARCHAR -> text((String) value, type);
      case BINARY -> Arrays.copyOf(binary((byte[]) value, type), type.precision());
      case VARBINARY -> binary((byte[]) value, type);
      case TIME -> {
        LocalTime time = (LocalTime) value;
        yield time.withNano(fraction(time.get(ChronoField.NANO_OF_SECOND), type));
      }
      case TIMESTAMP -> {
        LocalDateTime time = (LocalDateTime) value;
        yield time.withNano(fraction(time.get(ChronoField.NANO_OF_SECOND), type));
      }
      case TIMESTAMP_TZ -> {
        OffsetDateTime time = (OffsetDateTime) value;
        yield time.withNano(fraction(time.getNano(), type));
      }
      case INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME -> Intervals.fit(value, type);
      default -> value;
    };
  }

  private static Object array(List<?> value, SqlType type) {
    if (type.precision() != SqlType.UNBOUNDED && value.size() > type.precision()) {
      throw new SqlFailure(
          State.STRING_TOO_LONG, value.size() + " elements are too many for type " + type);
    }
    List<@Nullable Object> elements = new ArrayList<>(value.size());
    for (Object element : value) {
      elements.add(element == null ? null : fit(element, type.elementType()));
    }
    return Collections.unmodifiableList(elements);
  }

  static BigDecimal decimal(BigDecimal value, SqlType type) {
    BigDecimal rounded = value.setScale(type.scale(), RoundingMode.HALF_UP);
    if (rounded.precision() > type.precision()) {
      throw outOfRange(value, type);
    }
    return rounded;
  }

  private static String text(String value, SqlType type) {
    if (value.length() <= type.precision()) {
      return value;
    }
    String stripped = stripBlanks(value, type.precision());
    if (stripped.codePointCount(0, stripped.length()) > type.precision()) {
      throw new SqlFailure(State.STRING_TOO_LONG, "value too long for type " + type);
    }
    return stripped;
  }

  /** Without the blanks at its end, but not shorter than {@code lengthMin}. */
  static String stripBlanks(String value, int lengthMin) {
    int end = value.length();
    while (end > lengthMin && value.charAt(end - 1) == ' ') {
      end--;
    }
    return value.substring(0, end);
  }

  private static byte[] binary(byte[] value, SqlType type) {
    if (value.length > type.precision()) {
      throw new SqlFailure(State.STRING_TOO_LONG, "value too long for type " + type);
    }
    return value;
  }

  private static int fraction(int nanos, SqlType type) {
    int unit = BigDecimal.TEN.pow(Math.max(0, NANO_DIGITS - type.precision())).intValue();
    return nanos - nanos % unit;
  }

  /** The value as one of the type's class; its length and scale are left alone. */
  public static Object convert(Object value, SqlType type) {
    try {
      return switch (type.name()) {
        case BOOLEAN -> toBoolean(value, type);
        case TINYINT -> (byte) integer(value, type, Byte.MIN_VALUE, Byte.MAX_VALUE);
        case SMALLINT -> (short) integer(value, type, Short.MIN_VALUE, Short.MAX_VALUE);
        case INTEGER -> (int) integer(value, type, Integer.MIN_VALUE, Integer.MAX_VALUE);
        case BIGINT -> integer(value, type, Long.MIN_VALUE, Long.MAX_VALUE);
        case DECIMAL -> number(value, type);
        case REAL ->
            value instanceof Number n ? n.floatValue() : Float.valueOf(trimmed(value, type));
        case DOUBLE ->
            value instanceof Number n ? n.doubleValue() : Double.valueOf(trimmed(value, type));
        case CHAR, VARCHAR -> toText(value);
        case BINARY, VARBINARY -> toBinary(value, type);
        case DATE -> toDate(value, type);
        case TIME -> toTime(value, type);
        case TIMESTAMP -> toTimestamp(value, type);
        case TIMESTAMP_TZ -> toInstant(value, type);
        case INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME -> Intervals.convert(value, type);
        case UUID -> value instanceof UUID ? value : UUID.fromString(trimmed(value, type));
        case ARRAY -> toArray(value, type);
        case JSON -> toJson(value, type);
        case BLOB -> toBlob(value, type);
        case CLOB -> toClob(value, type);
        case NULL -> value;
      };
    } catch (NumberFormatException e) {
      throw new SqlFailure(State.INVALID_TEXT, invalid(value, type), e);
    } catch (DateTimeException e) {
      throw new SqlFailure(State.INVALID_DATETIME, invalid(value, type), e);
    } catch (IllegalArgumentException e) {
      State state = type.name().isInterval() ? State.INVALID_DATETIME : State.INVALID_TEXT;
      throw new SqlFailure(state, invalid(value, type), e);
    }
  }

  private static Object toBoolean(Object value, SqlType type) {
    if (value instanceof Boolean) {
      return value;
    }
    return switch (trimmed(value, type).toLowerCase(Locale.ROOT)) {
      case "true", "t", "yes", "on", "1" -> true;
      case "false", "f", "no", "off", "0" -> false;
      default -> throw new IllegalArgumentException("not a boolean");
    };
  }

  private static long integer(Object value, SqlType type, long min, long max) {
    long number;
    if (value instanceof Long || value instanceof Integer) {
      number = ((Number) value).longValue();
    } else {
      try {
        number = number(value, type).setScale(0, RoundingMode.HALF_UP).longValueExact();
      } catch (ArithmeticException e) {
        throw new SqlFailure(State.NUMBER_OUT_OF_RANGE, rangeText(value, type), e);
      }
    }
    if (number < min || number > max) {
      throw outOfRange(value, type);
    }
    return number;
  }

  private static BigDecimal number(Object value, SqlType type) {
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (Double.isNaN(number) || Double.isInfinite(number)) {
        throw outOfRange(value, type);
      }
    }
    return value instanceof Number ? Values.decimal(value) : new BigDecimal(trimmed(value, type));
  }

  private static Object toBinary(Object value, SqlType type) {
    if (value instanceof Lob lob && !lob.isText() && !lob.isStored()) {
      return lob.unsafeBytes();
    }
    return value instanceof byte[] ? value : mismatch(value, type);
  }

  private static Object toBlob(Object value, SqlType type) {
    if (value instanceof Lob lob && !lob.isText()) {
      return lob;
    }
    return value instanceof byte[] bytes ? Lob.ofBytes(bytes) : mismatch(value, type);
  }

  private static Object toClob(Object value, SqlType type) {
    if (value instanceof Lob lob) {
      return lob.isText() ? lob : mismatch(value, type);
    }
    return Lob.ofText(toText(value));
  }

  private static Object toArray(Object value, SqlType type) {
    if (!(value instanceof List<?> given)) {
      return mismatch(value, type);
    }
    List<@Nullable Object> elements = new ArrayList<>(given.size());
    for (Object element : given) {
      elements.add(element == null ? null : convert(element, type.elementType()));
    }
    return Collections.unmodifiableList(elements);
  }

  private static Object toJson(Object value, SqlType type) {
    return value instanceof String text ? JsonText.require(text) : mismatch(value, type);
  }

  static String toText(Object value) {
    if (value instanceof LocalDateTime time) {
      return time.toLocalDate() + " " + toText(time.toLocalTime());
    }
    if (value instanceof LocalTime time) {
      String text = time.toString();
      return text.length() == "00:00".length() ? text + ":00" : text;
    }
    if (value instanceof OffsetDateTime time) {
      return OffsetTimes.text(time);
    }
    if (value instanceof Period || value instanceof Duration) {
      return Intervals.text(value);
    }
    if (value instanceof Boolean truth) {
      return truth ? "TRUE" : "FALSE";
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof Lob lob && lob.isText() && !lob.isStored()) {
      return lob.text();
    }
    return value instanceof byte[] || value instanceof Lob || value instanceof List
        ? (String) mismatch(value, SqlType.of(SqlType.Name.VARCHAR))
        : value.toString();
  }

  private static Object toDate(Object value, SqlType type) {
    if (value instanceof LocalDate) {
      return value;
    }
    if (value instanceof OffsetDateTime time) {
      return OffsetTimes.of(time).toLocalDate();
    }
    return value instanceof LocalDateTime time
        ? time.toLocalDate()
        : LocalDate.parse(trimmed(value, type));
  }

  private static Object toTime(Object value, SqlType type) {
    if (value instanceof LocalTime) {
      return value;
    }
    if (value instanceof OffsetDateTime time) {
      return OffsetTimes.of(time).toLocalTime();
    }
    return value instanceof LocalDateTime time
        ? time.toLocalTime()
        : LocalTime.parse(trimmed(value, type));
  }

  private static Object toTimestamp(Object value, SqlType type) {
    if (value instanceof LocalDateTime) {
      return value;
    }
    if (value instanceof LocalDate date) {
      return date.atStartOfDay();
    }
    if (value instanceof OffsetDateTime time) {
      return OffsetTimes.of(time).toLocalDateTime();
    }
    String text = trimmed(value, type).replace(' ', 'T');
    return text.indexOf('T') < 0 ? LocalDate.parse(text).atStartOfDay() : LocalDateTime.parse(text);
  }

  private static Object toInstant(Object value, SqlType type) {
    if (value instanceof OffsetDateTime time) {
      return OffsetTimes.of(time);
    }
    if (value instanceof LocalDateTime || value instanceof LocalDate) {
      return OffsetTimes.of((LocalDateTime) toTimestamp(value, type));
    }
    return OffsetTimes.parse(trimmed(value, type));
  }

  private static String trimmed(Object value, SqlType type) {
    return value instanceof String text ? text.strip() : (String) mismatch(value, type);
  }

  private static Object mismatch(Object value, SqlType type) {
    throw new SqlFailure(
        State.TYPE_MISMATCH,
        "a value of class " + value.getClass().getSimpleName() + " is no " + type);
  }

  private static SqlFailure outOfRange(Object value, SqlType type) {
    return new SqlFailure(State.NUMBER_OUT_OF_RANGE, rangeText(value, type));
  }

  private static String rangeText(Object value, SqlType type) {
    return "value " + shown(value) + " out of range for type " + type;
  }

  private static String invalid(Object value, SqlType type) {
    return "invalid input for type " + type + ": \"" + shown(value) + "\"";
  }

  static String shown(Object value) {
    String text = value.toString();
    return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "…";
  }
}

package io.quorate.sql.codec;

import io.quorate.sql.catalog.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.UUID;

/**
 * The order of encoded values of a column, as {@link RowColumns} writes them, against one value:
 * that of the values themselves, without making them. Immutable.
 */
@FunctionalInterface
interface ValueOrder {

  /** Compares: negative, zero or positive, as the encoded value is less, equal or greater. */
  int of(byte[] row, int from, int count);

  /**
   * The order against a value.
   *
   * @param value of the class of the column's type; of a numeric one a BigDecimal where that is
   *     exact, whatever its scale, else a Double
   */
  static ValueOrder against(SqlType type, Object value) {
    return switch (type.name()) {
      case BOOLEAN -> {
        int other = (Boolean) value ? 1 : 0;
        yield (row, from, count) -> row[from] - other;
      }
      case TINYINT, SMALLINT, INTEGER, BIGINT -> {
        Exact exact = Exact.of((BigDecimal) value, 0);
        yield (row, from, count) -> exact.order(Bytes.minimal(row, from, count));
      }
      case DECIMAL -> decimal((BigDecimal) value, type.scale());
      case REAL -> {
        double other = (Double) value + 0d;
        yield (row, from, count) ->
            Double.compare(
                Float.intBitsToFloat((int) Bytes.bigEndian(row, from, count)) + 0d, other);
      }
      case DOUBLE -> {
        double other = (Double) value + 0d;
        yield (row, from, count) ->
            Double.compare(Double.longBitsToDouble(Bytes.bigEndian(row, from, count)) + 0d, other);
      }
      case CHAR, VARCHAR -> text((String) value);
      case BINARY, VARBINARY -> bytes(((byte[]) value).clone());
      case DATE -> number(((LocalDate) value).toEpochDay());
      case TIME -> number(((LocalTime) value).toNanoOfDay());
      case TIMESTAMP -> timestamp((LocalDateTime) value);
      case TIMESTAMP_TZ ->
          seconds(((OffsetDateTime) value).toEpochSecond(), ((OffsetDateTime) value).getNano());
      case INTERVAL_YEAR_MONTH -> number(((Period) value).toTotalMonths());
      case INTERVAL_DAY_TIME ->
          seconds(((Duration) value).toSeconds(), ((Duration) value).toNanosPart());
      case UUID -> uuid((UUID) value);
      case BLOB, CLOB, ARRAY, JSON, NULL ->
          throw new IllegalArgumentException("no " + type + " is compared");
    };
  }

  private static ValueOrder number(long other) {
    return (row, from, count) -> Long.compare(Bytes.minimal(row, from, count), other);
  }

  /**
   * A number in units of a scale.
   *
   * @param down the greatest whole number of units that is not above it
   * @param between whether it is above that
   * @param ofAll the order of every long against it, 0 where they differ
   */
  record Exact(long down, boolean between, int ofAll) {
    static Exact of(BigDecimal value, int scale) {
      BigDecimal floor = value.setScale(scale, RoundingMode.FLOOR);
      BigInteger unscaled = floor.unscaledValue();
      return unscaled.bitLength() < Long.SIZE
          ? new Exact(unscaled.longValue(), floor.compareTo(value) != 0, 0)
          : new Exact(0, false, -value.signum());
    }

    int order(long units) {
      if (ofAll != 0) {
        return ofAll;
      }
      int order = Long.compare(units, down);
      return order == 0 && between ? -1 : order;
    }
  }

  /** Values of another scale than the column's, or of more than 18 digits, have to be made. */
  private static ValueOrder decimal(BigDecimal value, int scale) {
    Exact exact = Exact.of(value, scale);
    return (row, from, count) ->
        row[from] == scale && count <= Long.BYTES + 1
            ? exact.order(Bytes.minimal(row, from + 1, count - 1))
            : RowColumns.decimal(row, from, count).compareTo(value);
  }

  private static ValueOrder text(String value) {
    byte[] other = value.getBytes(StandardCharsets.UTF_8);
    if (!new String(other, StandardCharsets.UTF_8).equals(value)) {
      // Half a surrogate pair, which UTF-8 cannot say.
      return (row, from, count) ->
          TextOrder.compare(new String(row, from, count, StandardCharsets.UTF_8), value);
    }
    return bytes(other);
  }

  private static ValueOrder bytes(byte[] other) {
    return (row, from, count) ->
        Arrays.compareUnsigned(row, from, from + count, other, 0, other.length);
  }

  private static ValueOrder timestamp(LocalDateTime value) {
    return seconds(value.toEpochSecond(ZoneOffset.UTC), value.get(ChronoField.NANO_OF_SECOND));
  }

  private static ValueOrder seconds(long second, int nanos) {
    return (row, from, count) -> {
      int order = Long.compare(Bytes.bigEndian(row, from, Long.BYTES), second);
      return order != 0 ? order : Integer.compare(RowColumns.nanos(row, from, count), nanos);
    };
  }

  private static ValueOrder uuid(UUID value) {
    long high = value.getMostSignificantBits();
    long low = value.getLeastSignificantBits();
    return (row, from, count) -> {
      int order = Long.compareUnsigned(Bytes.bigEndian(row, from, Long.BYTES), high);
      return order != 0
          ? order
          : Long.compareUnsigned(Bytes.bigEndian(row, from + Long.BYTES, Long.BYTES), low);
    };
  }
}

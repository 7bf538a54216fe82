package io.quorate.sql.codec;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.store.Lob;
import java.math.BigDecimal;
import java.math.BigInteger;
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
import java.util.List;
import java.util.UUID;
import org.apache.calcite.avatica.util.ByteString;

/**
 * The values of rows: numbers, days and times in as few bytes as hold them, a DECIMAL behind a byte
 * of scale, a TIMESTAMP or a time between two as 8 bytes of seconds and, unless they are 0, 4 of
 * nanoseconds.
 */
final class RowColumns {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long MILLIS_PER_SECOND = 1_000;
  private static final int LONG_DIGITS = 63;

  private RowColumns() {}

  static void put(Bytes bytes, SqlType type, Object value) {
    switch (type.name()) {
      case BOOLEAN -> bytes.put((Boolean) value ? 1 : 0);
      case TINYINT, SMALLINT, INTEGER, BIGINT -> bytes.putMinimal(((Number) value).longValue());
      case DECIMAL -> putDecimal(bytes, (BigDecimal) value);
      case REAL -> bytes.putBigEndian(Float.floatToIntBits((Float) value), Float.BYTES);
      case DOUBLE -> bytes.putBigEndian(Double.doubleToLongBits((Double) value), Double.BYTES);
      case CHAR, VARCHAR, JSON -> bytes.put(((String) value).getBytes(StandardCharsets.UTF_8));
      case BINARY, VARBINARY -> bytes.put((byte[]) value);
      case DATE -> bytes.putMinimal(((LocalDate) value).toEpochDay());
      case TIME -> bytes.putMinimal(((LocalTime) value).toNanoOfDay());
      case TIMESTAMP -> {
        LocalDateTime time = (LocalDateTime) value;
        putSeconds(bytes, time.toEpochSecond(ZoneOffset.UTC), time.get(ChronoField.NANO_OF_SECOND));
      }
      case TIMESTAMP_TZ -> {
        OffsetDateTime time = (OffsetDateTime) value;
        putSeconds(bytes, time.toEpochSecond(), time.getNano());
      }
      case INTERVAL_YEAR_MONTH -> bytes.putMinimal(((Period) value).toTotalMonths());
      case INTERVAL_DAY_TIME -> {
        Duration duration = (Duration) value;
        putSeconds(bytes, duration.toSeconds(), duration.toNanosPart());
      }
      case UUID -> {
        UUID uuid = (UUID) value;
        bytes.putBigEndian(uuid.getMostSignificantBits(), Long.BYTES);
        bytes.putBigEndian(uuid.getLeastSignificantBits(), Long.BYTES);
      }
      case BLOB, CLOB -> LobCodec.put(bytes, (Lob) value);
      case ARRAY -> ArrayCodec.put(bytes, type.elementType(), (List<?>) value);
      case NULL -> throw new IllegalArgumentException("a column has no type");
    }
  }

  private static void putSeconds(Bytes bytes, long seconds, int nanos) {
    bytes.putBigEndian(seconds, Long.BYTES);
    if (nanos != 0) {
      bytes.putBigEndian(nanos, Integer.BYTES);
    }
  }

  private static void putDecimal(Bytes bytes, BigDecimal value) {
    if (value.scale() != (byte) value.scale()) {
      throw new ArithmeticException("DECIMAL out of range: scale " + value.scale());
    }
    bytes.put(value.scale());
    BigInteger unscaled = value.unscaledValue();
    if (unscaled.bitLength() <= LONG_DIGITS) {
      bytes.putMinimal(unscaled.longValue());
    } else {
      bytes.put(unscaled.toByteArray());
    }
  }

  static Object value(SqlType type, byte[] row, int from, int count) {
    return switch (type.name()) {
      case BOOLEAN -> row[from] != 0;
      case TINYINT -> (byte) Bytes.minimal(row, from, count);
      case SMALLINT -> (short) Bytes.minimal(row, from, count);
      case INTEGER -> (int) Bytes.minimal(row, from, count);
      case BIGINT -> Bytes.minimal(row, from, count);
      case DECIMAL -> decimal(row, from, count);
      case REAL -> Float.intBitsToFloat((int) Bytes.bigEndian(row, from, count));
      case DOUBLE -> Double.longBitsToDouble(Bytes.bigEndian(row, from, count));
      case CHAR, VARCHAR, JSON -> new String(row, from, count, StandardCharsets.UTF_8);
      case BINARY, VARBINARY -> Arrays.copyOfRange(row, from, from + count);
      case DATE -> LocalDate.ofEpochDay(Bytes.minimal(row, from, count));
      case TIME -> LocalTime.ofNanoOfDay(Bytes.minimal(row, from, count));
      case TIMESTAMP ->
          LocalDateTime.ofEpochSecond(
              Bytes.bigEndian(row, from, Long.BYTES), nanos(row, from, count), ZoneOffset.UTC);
      case TIMESTAMP_TZ -> instant(Bytes.bigEndian(row, from, Long.BYTES), nanos(row, from, count));
      case INTERVAL_YEAR_MONTH ->
          Period.ofMonths((int) Bytes.minimal(row, from, count)).normalized();
      case INTERVAL_DAY_TIME ->
          Duration.ofSeconds(Bytes.bigEndian(row, from, Long.BYTES), nanos(row, from, count));
      case UUID ->
          new UUID(
              Bytes.bigEndian(row, from, Long.BYTES),
              Bytes.bigEndian(row, from + Long.BYTES, Long.BYTES));
      case BLOB, CLOB -> LobCodec.value(type.name() == SqlType.Name.CLOB, row, from, count);
      case ARRAY -> ArrayCodec.value(type.elementType(), row, from, RowColumns::value);
      case NULL -> throw new IllegalArgumentException("a column has no type");
    };
  }

  static Object internal(SqlType type, byte[] row, int from, int count) {
    return switch (type.name()) {
      case DATE -> (int) Bytes.minimal(row, from, count);
      case TIME -> (int) (Bytes.minimal(row, from, count) / NANOS_PER_MILLI);
      case INTERVAL_YEAR_MONTH -> (int) Bytes.minimal(row, from, count);
      case TIMESTAMP, TIMESTAMP_TZ, INTERVAL_DAY_TIME ->
          Bytes.bigEndian(row, from, Long.BYTES) * MILLIS_PER_SECOND
              + nanos(row, from, count) / NANOS_PER_MILLI;
      case BINARY, VARBINARY -> new ByteString(Arrays.copyOfRange(row, from, from + count));
      case ARRAY -> ArrayCodec.value(type.elementType(), row, from, RowColumns::internal);
      default -> value(type, row, from, count);
    };
  }

  static OffsetDateTime instant(long second, int nanos) {
    return LocalDateTime.ofEpochSecond(second, nanos, ZoneOffset.UTC).atOffset(ZoneOffset.UTC);
  }

  static int nanos(byte[] row, int from, int count) {
    return count == Long.BYTES ? 0 : (int) Bytes.bigEndian(row, from + Long.BYTES, Integer.BYTES);
  }

  static BigDecimal decimal(byte[] row, int from, int count) {
    int scale = row[from];
    return count <= Long.BYTES + 1
        ? BigDecimal.valueOf(Bytes.minimal(row, from + 1, count - 1), scale)
        : new BigDecimal(new BigInteger(row, from + 1, count - 1), scale);
  }
}

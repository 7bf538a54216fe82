package io.quorate.sql.codec;

import io.quorate.sql.catalog.SqlType;
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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes the columns of keys; {@link KeyCodec} says how. */
final class KeyColumns {
  static final byte VALUE = 1;
  static final byte NULL = 2;
  static final int NEGATIVE = 0;
  static final int ZERO = 1;
  static final int POSITIVE = 2;
  static final int ESCAPED_ZERO = 0xFF;
  static final int TERMINATOR = 1;

  private KeyColumns() {}

  static void put(Bytes bytes, SqlType type, @Nullable Object value) {
    if (value == null) {
      bytes.put(NULL);
      return;
    }
    bytes.put(VALUE);
    switch (type.name()) {
      case BOOLEAN -> bytes.put((Boolean) value ? 1 : 0);
      case TINYINT -> bytes.putBigEndian((Byte) value ^ Byte.MIN_VALUE, Byte.BYTES);
      case SMALLINT -> bytes.putBigEndian((Short) value ^ Short.MIN_VALUE, Short.BYTES);
      case INTEGER -> bytes.putBigEndian((Integer) value ^ Integer.MIN_VALUE, Integer.BYTES);
      case BIGINT -> bytes.putBigEndian((Long) value ^ Long.MIN_VALUE, Long.BYTES);
      case DECIMAL -> putDecimal(bytes, (BigDecimal) value);
      case REAL -> putReal(bytes, (Float) value);
      case DOUBLE -> putDouble(bytes, (Double) value);
      case CHAR, VARCHAR -> putEscaped(bytes, ((String) value).getBytes(StandardCharsets.UTF_8));
      case BINARY, VARBINARY -> putEscaped(bytes, (byte[]) value);
      case DATE -> {
        int day = Math.toIntExact(((LocalDate) value).toEpochDay());
        bytes.putBigEndian(day ^ Integer.MIN_VALUE, Integer.BYTES);
      }
      case TIME -> bytes.putBigEndian(((LocalTime) value).toNanoOfDay(), Long.BYTES);
      case TIMESTAMP -> {
        LocalDateTime time = (LocalDateTime) value;
        putSeconds(bytes, time.toEpochSecond(ZoneOffset.UTC), time.get(ChronoField.NANO_OF_SECOND));
      }
      case TIMESTAMP_TZ -> {
        OffsetDateTime time = (OffsetDateTime) value;
        putSeconds(bytes, time.toEpochSecond(), time.getNano());
      }
      case INTERVAL_YEAR_MONTH -> {
        int months = Math.toIntExact(((Period) value).toTotalMonths());
        bytes.putBigEndian(months ^ Integer.MIN_VALUE, Integer.BYTES);
      }
      case INTERVAL_DAY_TIME -> {
        Duration duration = (Duration) value;
        putSeconds(bytes, duration.toSeconds(), duration.toNanosPart());
      }
      case UUID -> {
        UUID uuid = (UUID) value;
        bytes.putBigEndian(uuid.getMostSignificantBits(), Long.BYTES);
        bytes.putBigEndian(uuid.getLeastSignificantBits(), Long.BYTES);
      }
      case BLOB, CLOB, ARRAY, JSON, NULL ->
          throw new IllegalArgumentException("no key has a " + type);
    }
  }

  private static void putSeconds(Bytes bytes, long seconds, int nanos) {
    bytes.putBigEndian(seconds ^ Long.MIN_VALUE, Long.BYTES);
    bytes.putBigEndian(nanos, Integer.BYTES);
  }

  private static void putReal(Bytes bytes, float value) {
    int bits = Float.floatToIntBits(value == 0 ? 0f : value);
    bytes.putBigEndian(bits < 0 ? ~bits : bits ^ Integer.MIN_VALUE, Integer.BYTES);
  }

  private static void putDouble(Bytes bytes, double value) {
    long bits = Double.doubleToLongBits(value == 0 ? 0d : value);
    bytes.putBigEndian(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE, Long.BYTES);
  }

  private static void putEscaped(Bytes bytes, byte[] value) {
    for (byte each : value) {
      bytes.put(each);
      if (each == 0) {
        bytes.put(ESCAPED_ZERO);
      }
    }
    bytes.put(0);
    bytes.put(TERMINATOR);
  }

  /**
   * The value is 0.d₁d₂d₃… × 10ᵉ with d₁ ≠ 0: sign, e, and two digits a byte, plus one so that 00
   * ends them. Of a negative value everything behind the sign is turned.
   */
  private static void putDecimal(Bytes bytes, BigDecimal value) {
    int sign = value.signum();
    bytes.put(sign + ZERO);
    if (sign == 0) {
      return;
    }
    int start = bytes.length();
    BigDecimal stripped = value.stripTrailingZeros();
    int exponent = stripped.precision() - stripped.scale();
    if (exponent != (short) exponent) {
      throw new ArithmeticException("DECIMAL out of range: exponent " + exponent);
    }
    bytes.putBigEndian(exponent ^ Short.MIN_VALUE, Short.BYTES);
    BigInteger unscaled = stripped.unscaledValue();
    String digits = unscaled.abs().toString();
    for (int i = 0; i < digits.length(); i += 2) {
      int high = digits.charAt(i) - '0';
      int low = i + 1 < digits.length() ? digits.charAt(i + 1) - '0' : 0;
      bytes.put(high * 10 + low + 1);
    }
    bytes.put(0);
    if (sign < 0) {
      bytes.complement(start);
    }
  }
}

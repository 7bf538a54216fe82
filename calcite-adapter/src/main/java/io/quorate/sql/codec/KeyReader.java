package io.quorate.sql.codec;

import io.quorate.sql.catalog.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Walks over the columns of a key. Confined to one thread. */
final class KeyReader {
  private final byte[] key;
  private int position;

  /** All bits set while a column in descending order is read. */
  private int turn;

  KeyReader(byte[] key) {
    this.key = key;
  }

  int position() {
    return position;
  }

  void skip(SqlType type, boolean descending) {
    turn = descending ? ~0 : 0;
    if (nextByte() == KeyColumns.NULL) {
      return;
    }
    switch (type.name()) {
      case BOOLEAN, TINYINT -> position += 1;
      case SMALLINT -> position += Short.BYTES;
      case INTEGER, REAL, DATE, INTERVAL_YEAR_MONTH -> position += Integer.BYTES;
      case BIGINT, DOUBLE, TIME -> position += Long.BYTES;
      case TIMESTAMP, TIMESTAMP_TZ, INTERVAL_DAY_TIME -> position += Long.BYTES + Integer.BYTES;
      case UUID -> position += 2 * Long.BYTES;
      case DECIMAL -> skipDecimal();
      case CHAR, VARCHAR, BINARY, VARBINARY -> skipEscaped();
      case BLOB, CLOB, ARRAY, JSON, NULL ->
          throw new IllegalArgumentException("no key has a " + type);
    }
  }

  private byte nextByte() {
    return (byte) (key[position++] ^ turn);
  }

  private void skipDecimal() {
    int sign = nextByte();
    if (sign == KeyColumns.ZERO) {
      return;
    }
    position += Short.BYTES;
    byte end = (byte) (sign == KeyColumns.NEGATIVE ? ~0 : 0);
    while (nextByte() != end) {
      // a pair of digits
    }
  }

  private void skipEscaped() {
    while (true) {
      if (nextByte() == 0 && nextByte() == KeyColumns.TERMINATOR) {
        return;
      }
    }
  }

  @Nullable Object next(SqlType type, boolean descending) {
    turn = descending ? ~0 : 0;
    if (nextByte() == KeyColumns.NULL) {
      return null;
    }
    return switch (type.name()) {
      case BOOLEAN -> nextByte() != 0;
      case TINYINT -> (byte) (take(Byte.BYTES) ^ Byte.MIN_VALUE);
      case SMALLINT -> (short) (take(Short.BYTES) ^ Short.MIN_VALUE);
      case INTEGER -> (int) take(Integer.BYTES) ^ Integer.MIN_VALUE;
      case BIGINT -> take(Long.BYTES) ^ Long.MIN_VALUE;
      case DECIMAL -> decimal(Math.max(type.scale(), 0));
      case REAL -> {
        int bits = (int) take(Integer.BYTES);
        yield Float.intBitsToFloat(bits < 0 ? bits ^ Integer.MIN_VALUE : ~bits);
      }
      case DOUBLE -> {
        long bits = take(Long.BYTES);
        yield Double.longBitsToDouble(bits < 0 ? bits ^ Long.MIN_VALUE : ~bits);
      }
      case CHAR, VARCHAR -> new String(escaped(), StandardCharsets.UTF_8);
      case BINARY, VARBINARY -> escaped();
      case DATE -> LocalDate.ofEpochDay((int) take(Integer.BYTES) ^ Integer.MIN_VALUE);
      case TIME -> LocalTime.ofNanoOfDay(take(Long.BYTES));
      case TIMESTAMP -> {
        long second = take(Long.BYTES) ^ Long.MIN_VALUE;
        yield LocalDateTime.ofEpochSecond(second, (int) take(Integer.BYTES), ZoneOffset.UTC);
      }
      case TIMESTAMP_TZ -> {
        long second = take(Long.BYTES) ^ Long.MIN_VALUE;
        yield RowColumns.instant(second, (int) take(Integer.BYTES));
      }
      case INTERVAL_YEAR_MONTH ->
          Period.ofMonths((int) take(Integer.BYTES) ^ Integer.MIN_VALUE).normalized();
      case INTERVAL_DAY_TIME -> {
        long second = take(Long.BYTES) ^ Long.MIN_VALUE;
        int nanos = (int) take(Integer.BYTES);
        yield Duration.ofSeconds(second, nanos);
      }
      case UUID -> new UUID(take(Long.BYTES), take(Long.BYTES));
      case BLOB, CLOB, ARRAY, JSON, NULL ->
          throw new IllegalArgumentException("no key has a " + type);
    };
  }

  /** Bytes as a number, of which no more than their bits count. */
  private long take(int count) {
    long value = Bytes.bigEndian(key, position, count);
    position += count;
    return value ^ turn;
  }

  private byte[] escaped() {
    int start = position;
    skipEscaped();
    Bytes bytes = new Bytes(position - start);
    for (int i = start; i < position - 2; i++) {
      int next = key[i] ^ turn;
      bytes.put(next);
      if (next == 0) {
        i++;
      }
    }
    return bytes.toArray();
  }

  private BigDecimal decimal(int scale) {
    int sign = nextByte();
    if (sign == KeyColumns.ZERO) {
      return BigDecimal.ZERO.setScale(scale);
    }
    int negative = sign == KeyColumns.NEGATIVE ? ~0 : 0;
    int exponent = (short) (take(Short.BYTES) ^ negative ^ Short.MIN_VALUE);
    StringBuilder digits = new StringBuilder();
    int pair = (nextByte() ^ negative) & 0xFF;
    while (pair != 0) {
      digits.append((char) ('0' + (pair - 1) / 10)).append((char) ('0' + (pair - 1) % 10));
      pair = (nextByte() ^ negative) & 0xFF;
    }
    BigInteger unscaled = new BigInteger(digits.toString());
    BigDecimal value =
        new BigDecimal(sign == KeyColumns.NEGATIVE ? unscaled.negate() : unscaled, 0)
            .scaleByPowerOfTen(exponent - digits.length())
            .stripTrailingZeros();
    return value.scale() <= scale ? value.setScale(scale) : value;
  }
}

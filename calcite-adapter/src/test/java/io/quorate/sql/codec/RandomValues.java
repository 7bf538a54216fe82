package io.quorate.sql.codec;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.SqlType.Name;
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
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** Values of every type, with the odd ones more often than chance has them. */
public final class RandomValues {
  /** One of each, as wide as it goes. */
  public static final List<SqlType> TYPES =
      List.of(
          SqlType.of(Name.BOOLEAN),
          SqlType.of(Name.TINYINT),
          SqlType.of(Name.SMALLINT),
          SqlType.of(Name.INTEGER),
          SqlType.of(Name.BIGINT),
          new SqlType(Name.DECIMAL, 38, 5),
          SqlType.of(Name.REAL),
          SqlType.of(Name.DOUBLE),
          new SqlType(Name.CHAR, 5, 0),
          new SqlType(Name.VARCHAR, 100, 0),
          new SqlType(Name.BINARY, 5, 0),
          new SqlType(Name.VARBINARY, 100, 0),
          SqlType.of(Name.DATE),
          new SqlType(Name.TIME, 9, 0),
          new SqlType(Name.TIMESTAMP, 9, 0),
          SqlType.of(Name.UUID),
          new SqlType(Name.TIMESTAMP_TZ, 9, 0),
          SqlType.of(Name.INTERVAL_YEAR_MONTH),
          SqlType.of(Name.INTERVAL_DAY_TIME));

  private final SplittableRandom random;

  public RandomValues(SplittableRandom random) {
    this.random = random;
  }

  /** A value of a column of the type. */
  public Object next(SqlType type) {
    return switch (type.name()) {
      case BOOLEAN -> random.nextBoolean();
      case TINYINT -> (byte) integer(Byte.SIZE);
      case SMALLINT -> (short) integer(Short.SIZE);
      case INTEGER -> (int) integer(Integer.SIZE);
      case BIGINT -> integer(Long.SIZE);
      case DECIMAL ->
          new BigDecimal(
              BigInteger.valueOf(integer(Long.SIZE))
                  .multiply(BigInteger.TEN.pow(random.nextInt(14))),
              type.scale());
      case REAL -> (float) real();
      case DOUBLE -> real();
      case CHAR, VARCHAR -> new String(bytes(), StandardCharsets.ISO_8859_1);
      case BINARY, VARBINARY -> bytes();
      case DATE -> LocalDate.ofEpochDay(random.nextInt(-800_000, 3_000_000));
      case TIME -> LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000_000L));
      case TIMESTAMP ->
          LocalDateTime.ofEpochSecond(
              random.nextLong(-70_000_000_000L, 300_000_000_000L),
              random.nextBoolean() ? 0 : random.nextInt(1_000_000_000),
              ZoneOffset.UTC);
      case UUID -> new UUID(random.nextLong(), random.nextLong());
      case TIMESTAMP_TZ ->
          ((LocalDateTime) next(SqlType.of(SqlType.Name.TIMESTAMP))).atOffset(ZoneOffset.UTC);
      case INTERVAL_YEAR_MONTH -> Period.ofMonths((int) integer(Integer.SIZE)).normalized();
      case INTERVAL_DAY_TIME ->
          Duration.ofSeconds(integer(53), random.nextBoolean() ? 0 : random.nextInt(1_000_000_000));
      case BLOB, CLOB, ARRAY, JSON, NULL -> throw new IllegalArgumentException();
    };
  }

  private long integer(int bits) {
    return random.nextLong() >> (Long.SIZE - 1 - random.nextInt(bits));
  }

  private double real() {
    double[] odd = {0d, -0d, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NaN};
    return random.nextInt(4) == 0
        ? odd[random.nextInt(odd.length)]
        : (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-30, 30));
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(6)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(3) : random.nextInt(256));
    }
    return bytes;
  }

  /** How SQL orders two values of a type. */
  static int compare(SqlType type, Object a, Object b) {
    return switch (type.name()) {
      case REAL -> Float.compare((Float) a + 0f, (Float) b + 0f);
      case DOUBLE -> Double.compare((Double) a + 0d, (Double) b + 0d);
      case CHAR, VARCHAR -> ((String) a).compareTo((String) b);
      case BINARY, VARBINARY -> Arrays.compareUnsigned((byte[]) a, (byte[]) b);
      case UUID -> a.toString().compareTo(b.toString());
      case BOOLEAN -> Boolean.compare((Boolean) a, (Boolean) b);
      case TINYINT, SMALLINT, INTEGER, BIGINT ->
          Long.compare(((Number) a).longValue(), ((Number) b).longValue());
      case DECIMAL -> ((BigDecimal) a).compareTo((BigDecimal) b);
      case DATE -> ((LocalDate) a).compareTo((LocalDate) b);
      case TIME -> ((LocalTime) a).compareTo((LocalTime) b);
      case TIMESTAMP -> ((LocalDateTime) a).compareTo((LocalDateTime) b);
      case TIMESTAMP_TZ ->
          ((OffsetDateTime) a).toInstant().compareTo(((OffsetDateTime) b).toInstant());
      case INTERVAL_YEAR_MONTH ->
          Long.compare(((Period) a).toTotalMonths(), ((Period) b).toTotalMonths());
      case INTERVAL_DAY_TIME -> ((Duration) a).compareTo((Duration) b);
      case BLOB, CLOB, ARRAY, JSON, NULL -> throw new IllegalArgumentException();
    };
  }
}

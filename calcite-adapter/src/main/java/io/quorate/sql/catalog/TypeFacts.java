package io.quorate.sql.catalog;

import org.jspecify.annotations.Nullable;

/**
 * What INFORMATION_SCHEMA tells of a type, by its standard name; null where it has nothing of the
 * kind.
 */
record TypeFacts(
    String name,
    @Nullable Integer length,
    @Nullable Integer precision,
    @Nullable Integer radix,
    @Nullable Integer scale,
    @Nullable Integer fraction,
    @Nullable String intervalType,
    @Nullable Integer intervalPrecision) {

  private TypeFacts(
      String name,
      @Nullable Integer length,
      @Nullable Integer precision,
      @Nullable Integer radix,
      @Nullable Integer scale,
      @Nullable Integer fraction) {
    this(name, length, precision, radix, scale, fraction, null, null);
  }

  private static final int BINARY = 2;
  private static final int DECIMAL = 10;

  /** What a TIME or TIMESTAMP without a number keeps. */
  private static final int NANOSECONDS = 9;

  static TypeFacts of(SqlType type) {
    Integer precision = type.precision() == SqlType.UNBOUNDED ? null : type.precision();
    return switch (type.name()) {
      case BOOLEAN, UUID, ARRAY, JSON, NULL -> plain(type.name().name());
      case TINYINT -> whole("TINYINT", Byte.SIZE);
      case SMALLINT -> whole("SMALLINT", Short.SIZE);
      case INTEGER -> whole("INTEGER", Integer.SIZE);
      case BIGINT -> whole("BIGINT", Long.SIZE);
      case DECIMAL ->
          new TypeFacts(
              "DECIMAL", null, precision, DECIMAL, precision == null ? null : type.scale(), null);
      case REAL -> new TypeFacts("REAL", null, 24, BINARY, null, null);
      case DOUBLE -> new TypeFacts("DOUBLE PRECISION", null, 53, BINARY, null, null);
      case CHAR -> text("CHARACTER", precision);
      case VARCHAR -> text("CHARACTER VARYING", precision);
      case BINARY -> text("BINARY", precision);
      case VARBINARY -> text("BINARY VARYING", precision);
      case BLOB -> text("BINARY LARGE OBJECT", null);
      case CLOB -> text("CHARACTER LARGE OBJECT", null);
      case DATE -> new TypeFacts("DATE", null, null, null, null, 0);
      case INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME ->
          new TypeFacts(
              "INTERVAL",
              null,
              null,
              null,
              null,
              type.fields().fraction(),
              type.fields().toString(),
              precision);
      case TIME, TIMESTAMP, TIMESTAMP_TZ ->
          new TypeFacts(
              type.name() == SqlType.Name.TIMESTAMP_TZ
                  ? "TIMESTAMP WITH TIME ZONE"
                  : type.name().name(),
              null,
              null,
              null,
              null,
              precision == null ? Integer.valueOf(NANOSECONDS) : precision);
    };
  }

  private static TypeFacts plain(String name) {
    return new TypeFacts(name, null, null, null, null, null);
  }

  private static TypeFacts whole(String name, int bits) {
    return new TypeFacts(name, null, bits, BINARY, 0, null);
  }

  private static TypeFacts text(String name, @Nullable Integer length) {
    return new TypeFacts(name, length, null, null, null, null);
  }
}

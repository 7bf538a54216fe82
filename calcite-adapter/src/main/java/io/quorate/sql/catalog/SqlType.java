package io.quorate.sql.catalog;

import io.quorate.sql.store.Lob;

/**
 * Type of a column, a parameter or a result.
 *
 * @param precision digits of a DECIMAL, length of a character or binary type, digits of a fraction
 *     of a second, digits of the first field of an interval; {@link #UNBOUNDED} where there is none
 * @param scale digits behind the point of a DECIMAL, the packed {@link IntervalFields} of an
 *     interval, else 0
 */
public record SqlType(Name name, int precision, int scale) {
  public static final int UNBOUNDED = -1;

  /**
   * The types, each with the one class of its values inside and outside of the adapter:
   *
   * <p>A value of SQL is an object of that class, or null. TIMESTAMP has nanoseconds.
   */
  public enum Name {
    BOOLEAN(1, Boolean.class),
    TINYINT(2, Byte.class),
    SMALLINT(3, Short.class),
    INTEGER(4, Integer.class),
    BIGINT(5, Long.class),
    DECIMAL(6, java.math.BigDecimal.class),
    REAL(7, Float.class),
    DOUBLE(8, Double.class),
    CHAR(9, String.class),
    VARCHAR(10, String.class),
    BINARY(11, byte[].class),
    VARBINARY(12, byte[].class),
    DATE(13, java.time.LocalDate.class),
    TIME(14, java.time.LocalTime.class),
    TIMESTAMP(15, java.time.LocalDateTime.class),
    UUID(16, java.util.UUID.class),
    /** The type of a bare NULL. */
    NULL(17, Object.class),
    BLOB(18, Lob.class),
    CLOB(19, Lob.class),
    /** TIMESTAMP WITH TIME ZONE: an instant, always with the offset of UTC. */
    TIMESTAMP_TZ(20, java.time.OffsetDateTime.class),
    /** A number of months, as years and what is left of them, of one sign. */
    INTERVAL_YEAR_MONTH(21, java.time.Period.class),
    INTERVAL_DAY_TIME(22, java.time.Duration.class);

    private final int number;
    private final Class<?> valueClass;

    Name(int number, Class<?> valueClass) {
      this.number = number;
      this.valueClass = valueClass;
    }

    /** The number that is stored and sent. */
    public int number() {
      return number;
    }

    public Class<?> valueClass() {
      return valueClass;
    }

    /** Whether its values may be too large to be held as a whole. */
    public boolean isLarge() {
      return this == BLOB || this == CLOB;
    }

    public boolean isInterval() {
      return this == INTERVAL_YEAR_MONTH || this == INTERVAL_DAY_TIME;
    }
  }

  public static SqlType of(Name name) {
    return new SqlType(name, UNBOUNDED, 0);
  }

  /** Of an interval. */
  public IntervalFields fields() {
    return IntervalFields.of(this);
  }

  @Override
  public String toString() {
    if (name.isInterval()) {
      return "INTERVAL " + fields().toString(precision);
    }
    if (name == Name.TIMESTAMP_TZ) {
      String time = precision == UNBOUNDED ? "TIMESTAMP" : "TIMESTAMP(" + precision + ")";
      return time + " WITH TIME ZONE";
    }
    if (precision == UNBOUNDED) {
      return name.name();
    }
    return name == Name.DECIMAL
        ? "DECIMAL(" + precision + ", " + scale + ")"
        : name + "(" + precision + ")";
  }
}

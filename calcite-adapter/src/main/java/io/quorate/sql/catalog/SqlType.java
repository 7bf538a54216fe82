package io.quorate.sql.catalog;

import io.quorate.sql.store.Lob;

/**
 * Type of a column, a parameter or a result.
 *
 * @param precision digits of a DECIMAL, length of a character or binary type, digits of a fraction
 *     of a second; {@link #UNBOUNDED} where there is none
 * @param scale digits behind the point of a DECIMAL, else 0
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
    /** Text that {@code JsonText} takes, as it was given. */
    JSON(24, String.class);

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

    /** Whether its values have an order, and so may be in keys and indexes. */
    public boolean isOrdered() {
      return !isLarge() && this != JSON;
    }
  }

  public static SqlType of(Name name) {
    return new SqlType(name, UNBOUNDED, 0);
  }

  @Override
  public String toString() {
    if (precision == UNBOUNDED) {
      return name.name();
    }
    return name == Name.DECIMAL
        ? "DECIMAL(" + precision + ", " + scale + ")"
        : name + "(" + precision + ")";
  }
}

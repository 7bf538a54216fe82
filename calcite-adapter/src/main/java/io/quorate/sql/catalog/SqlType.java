package io.quorate.sql.catalog;

import io.quorate.sql.store.Lob;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Type of a column, a parameter or a result.
 *
 * @param precision digits of a DECIMAL, length of a character or binary type, digits of a fraction
 *     of a second, most elements of an ARRAY, digits of the first field of an interval; {@link
 *     #UNBOUNDED} where there is none
 * @param scale digits behind the point of a DECIMAL, the packed {@link IntervalFields} of an
 *     interval, else 0
 * @param element what an ARRAY has; null for every other type
 */
public record SqlType(Name name, int precision, int scale, @Nullable SqlType element) {
  public static final int UNBOUNDED = -1;

  /** How deep arrays of arrays go. */
  public static final int ARRAY_DEPTH_MAX = 6;

  public SqlType {
    if ((name == Name.ARRAY) != (element != null)) {
      throw new IllegalArgumentException("an ARRAY, and nothing else, has elements: " + name);
    }
    int depth = 0;
    for (SqlType inner = element; inner != null; inner = inner.element) {
      depth++;
    }
    if (depth > ARRAY_DEPTH_MAX) {
      throw new IllegalArgumentException(
          "an ARRAY of ARRAYs more than " + ARRAY_DEPTH_MAX + " deep");
    }
  }

  /** A type that is no ARRAY. */
  public SqlType(Name name, int precision, int scale) {
    this(name, precision, scale, null);
  }

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
    INTERVAL_DAY_TIME(22, java.time.Duration.class),
    /** Its values cannot be changed; NULL is null in them. */
    ARRAY(23, List.class),
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

    /** Whether its values may be in keys and indexes. */
    public boolean isIndexable() {
      return !isLarge() && this != JSON && this != ARRAY;
    }

    public boolean isInterval() {
      return this == INTERVAL_YEAR_MONTH || this == INTERVAL_DAY_TIME;
    }
  }

  public static SqlType of(Name name) {
    return new SqlType(name, UNBOUNDED, 0);
  }

  /**
   * An ARRAY.
   *
   * @param cardinalityMax how many elements it may have; {@link #UNBOUNDED} if that is not said
   */
  public static SqlType array(SqlType element, int cardinalityMax) {
    return new SqlType(Name.ARRAY, cardinalityMax, 0, element);
  }

  /** What an ARRAY has. */
  public SqlType elementType() {
    return Objects.requireNonNull(element, "the element of an ARRAY");
  }

  /** Of an interval. */
  public IntervalFields fields() {
    return IntervalFields.of(this);
  }

  @Override
  public String toString() {
    if (name == Name.ARRAY) {
      return element + " ARRAY" + (precision == UNBOUNDED ? "" : "[" + precision + "]");
    }
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

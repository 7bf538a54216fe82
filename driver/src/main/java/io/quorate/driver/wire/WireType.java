package io.quorate.driver.wire;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The types of values on the wire, each with the class of its values. Numbers and classes are those
 * of the SQL types inside the server, which a test there holds equal; only large values have a
 * class of their own there.
 */
public enum WireType {
  BOOLEAN(1, Boolean.class),
  TINYINT(2, Byte.class),
  SMALLINT(3, Short.class),
  INTEGER(4, Integer.class),
  BIGINT(5, Long.class),
  DECIMAL(6, BigDecimal.class),
  REAL(7, Float.class),
  DOUBLE(8, Double.class),
  CHAR(9, String.class),
  VARCHAR(10, String.class),
  BINARY(11, byte[].class),
  VARBINARY(12, byte[].class),
  DATE(13, LocalDate.class),
  TIME(14, LocalTime.class),
  TIMESTAMP(15, LocalDateTime.class),
  UUID(16, UUID.class),
  /** The type of a bare NULL; it has no other value. */
  NULL(17, Object.class),
  BLOB(18, LargeValue.class),
  CLOB(19, LargeValue.class),
  /** TIMESTAMP WITH TIME ZONE: an instant, with the offset of UTC. */
  TIMESTAMP_TZ(20, OffsetDateTime.class),
  INTERVAL_YEAR_MONTH(21, Period.class),
  INTERVAL_DAY_TIME(22, Duration.class),
  /** Elements of one type; null is NULL. */
  ARRAY(23, List.class),
  JSON(24, String.class);

  private static final @Nullable WireType[] BY_NUMBER = new WireType[JSON.number + 1];

  static {
    for (WireType type : values()) {
      BY_NUMBER[type.number] = type;
    }
  }

  private final int number;
  private final Class<?> valueClass;

  WireType(int number, Class<?> valueClass) {
    this.number = number;
    this.valueClass = valueClass;
  }

  public int number() {
    return number;
  }

  public Class<?> valueClass() {
    return valueClass;
  }

  /**
   * The type of this number.
   *
   * @throws ProtocolException when no type has this number
   */
  public static WireType of(int number) {
    WireType type = number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    if (type == null) {
      throw new ProtocolException("no type has the number " + number);
    }
    return type;
  }

  /**
   * The type that a value is sent as when nothing else says it.
   *
   * @throws ProtocolException when no type has values of this class
   */
  public static WireType ofValue(@Nullable Object value) {
    if (value == null) {
      return NULL;
    }
    if (value instanceof String) {
      return VARCHAR;
    }
    if (value instanceof byte[]) {
      return VARBINARY;
    }
    if (value instanceof LargeValue) {
      return ((LargeValue) value).isText() ? CLOB : BLOB;
    }
    if (value instanceof List) {
      return ARRAY;
    }
    for (WireType type : values()) {
      if (type.valueClass == value.getClass()) {
        return type;
      }
    }
    throw new ProtocolException("no type has values of " + value.getClass().getName());
  }
}

package io.quorate.server.session;

import io.quorate.sql.catalog.IntervalFields;
import io.quorate.sql.catalog.SqlType;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/**
 * What JDBC says of a type: its number, its name, and how long its values are. Immutable.
 *
 * @param code of {@link Types}
 * @param size as {@code COLUMN_SIZE}: digits, characters or bytes
 * @param scale digits behind the point or of a fraction of a second; null where there can be none
 * @param displaySize characters of the longest value
 */
public record JdbcType(
    int code, String typeName, int size, @Nullable Integer scale, int displaySize) {
  /** What stands for the length of a type without a bound. */
  public static final int LENGTH_MAX = Integer.MAX_VALUE;

  static final int DECIMAL_DIGITS_MAX = 38;
  static final int FRACTION_DIGITS_MAX = 9;
  private static final int DATE_LENGTH = 10;
  private static final int TIME_LENGTH = 8;
  private static final int OFFSET_LENGTH = 6;

  /** A sign, as many days as there can be, and a time of day. */
  private static final int INTERVAL_LENGTH = 1 + 10 + 1 + 18;

  private static final int UUID_LENGTH = 36;

  public static JdbcType of(SqlType type) {
    int precision = type.precision();
    boolean bounded = precision != SqlType.UNBOUNDED;
    String name = type.name().name();
    return switch (type.name()) {
      case BOOLEAN -> new JdbcType(Types.BOOLEAN, name, 1, null, 5);
      case TINYINT -> new JdbcType(Types.TINYINT, name, 3, 0, 4);
      case SMALLINT -> new JdbcType(Types.SMALLINT, name, 5, 0, 6);
      case INTEGER -> new JdbcType(Types.INTEGER, name, 10, 0, 11);
      case BIGINT -> new JdbcType(Types.BIGINT, name, 19, 0, 20);
      case DECIMAL -> {
        int digits = bounded ? precision : DECIMAL_DIGITS_MAX;
        yield new JdbcType(Types.DECIMAL, name, digits, type.scale(), digits + 2);
      }
      case REAL -> new JdbcType(Types.REAL, name, 7, null, 15);
      case DOUBLE -> new JdbcType(Types.DOUBLE, name, 15, null, 25);
      case CHAR -> ofLength(Types.CHAR, name, bounded ? precision : 1);
      case VARCHAR -> ofLength(Types.VARCHAR, name, bounded ? precision : LENGTH_MAX);
      case BINARY -> ofLength(Types.BINARY, name, bounded ? precision : 1);
      case VARBINARY -> ofLength(Types.VARBINARY, name, bounded ? precision : LENGTH_MAX);
      case BLOB -> ofLength(Types.BLOB, name, LENGTH_MAX);
      case CLOB -> ofLength(Types.CLOB, name, LENGTH_MAX);
      case DATE -> new JdbcType(Types.DATE, name, DATE_LENGTH, null, DATE_LENGTH);
      case TIME -> ofTime(Types.TIME, name, TIME_LENGTH, bounded ? precision : 0);
      case TIMESTAMP ->
          ofTime(
              Types.TIMESTAMP,
              name,
              DATE_LENGTH + 1 + TIME_LENGTH,
              bounded ? precision : FRACTION_DIGITS_MAX);
      case ARRAY -> ofLength(Types.ARRAY, type.elementType().name() + " " + name, LENGTH_MAX);
      case JSON -> ofLength(Types.OTHER, name, LENGTH_MAX);
      case TIMESTAMP_TZ ->
          ofTime(
              Types.TIMESTAMP_WITH_TIMEZONE,
              "TIMESTAMP WITH TIME ZONE",
              DATE_LENGTH + 1 + TIME_LENGTH + OFFSET_LENGTH,
              bounded ? precision : FRACTION_DIGITS_MAX);
      case INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME ->
          new JdbcType(
              Types.OTHER,
              "INTERVAL " + type.fields(),
              bounded ? precision : IntervalFields.DIGITS_MAX,
              type.fields().fraction(),
              INTERVAL_LENGTH);
      case UUID -> new JdbcType(Types.OTHER, name, UUID_LENGTH, null, UUID_LENGTH);
      case NULL -> new JdbcType(Types.NULL, name, 0, null, 4);
    };
  }

  private static JdbcType ofLength(int code, String name, int length) {
    return new JdbcType(code, name, length, null, length);
  }

  private static JdbcType ofTime(int code, String name, int length, int fraction) {
    int size = fraction == 0 ? length : length + 1 + fraction;
    return new JdbcType(code, name, size, fraction, size);
  }

  /** Whether its values are characters. */
  public boolean isText() {
    return code == Types.CHAR || code == Types.VARCHAR || code == Types.CLOB;
  }

  /** Whether its values are bytes. */
  public boolean isBinary() {
    return code == Types.BINARY || code == Types.VARBINARY || code == Types.BLOB;
  }

  /** Whether its values are numbers. */
  public boolean isNumber() {
    return switch (code) {
      case Types.TINYINT,
          Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.DECIMAL,
          Types.REAL,
          Types.DOUBLE ->
          true;
      default -> false;
    };
  }
}

package io.quorate.server.frontend.avatica;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.ArrayText;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.JdbcType;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.store.Lob;
import java.nio.charset.StandardCharsets;
import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.remote.TypedValue;
import org.apache.calcite.avatica.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Types and values in Avatica's words: days, milliseconds of a day and milliseconds since 1970 for
 * dates and times, text for a UUID, a TIMESTAMP WITH TIME ZONE and an interval.
 */
final class AvaticaTypes {
  /** Avatica's times are milliseconds. */
  private static final int FRACTION_DIGITS = 3;

  private static final long MILLIS_OF_DAY = 86_400_000L;
  private static final int NANOS_OF_MILLI = 1_000_000;

  private AvaticaTypes() {}

  static Meta.Signature signature(
      String sql, List<ResultColumn> columns, List<ResultColumn> parameters) {
    List<ColumnMetaData> described = new ArrayList<>(columns.size());
    for (ResultColumn column : columns) {
      described.add(column(described.size(), column));
    }
    List<AvaticaParameter> asked = new ArrayList<>(parameters.size());
    for (ResultColumn parameter : parameters) {
      asked.add(parameter(asked.size() + 1, parameter.type()));
    }
    return Meta.Signature.create(
        described, sql, asked, Meta.CursorFactory.ARRAY, Meta.StatementType.SELECT);
  }

  private static ColumnMetaData column(int ordinal, ResultColumn column) {
    JdbcType type = JdbcType.of(column.type());
    ColumnMetaData.AvaticaType avatica = type(column.type(), type);
    return new ColumnMetaData(
        ordinal,
        false,
        type.isText(),
        true,
        false,
        column.nullable() ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls,
        type.isNumber(),
        type.displaySize(),
        column.label(),
        column.column().isEmpty() ? column.label() : column.column(),
        column.schema(),
        precision(column.type(), type),
        column.type().name() == SqlType.Name.DECIMAL ? column.type().scale() : 0,
        column.table(),
        column.table().isEmpty() ? "" : Catalog.NAME,
        avatica,
        true,
        false,
        false,
        avatica.columnClassName());
  }

  /** Of times the digits of the fraction: the client writes as many of them. */
  private static int precision(SqlType type, JdbcType jdbc) {
    return switch (type.name()) {
      case TIME, TIMESTAMP ->
          type.precision() == SqlType.UNBOUNDED
              ? FRACTION_DIGITS
              : Math.min(FRACTION_DIGITS, type.precision());
      default -> jdbc.size();
    };
  }

  private static AvaticaParameter parameter(int number, SqlType type) {
    JdbcType jdbc = JdbcType.of(type);
    ColumnMetaData.AvaticaType avatica = type(type, jdbc);
    return new AvaticaParameter(
        jdbc.isNumber(),
        precision(type, jdbc),
        type.scale(),
        avatica.id,
        avatica.name,
        avatica.columnClassName(),
        "?" + number);
  }

  private static ColumnMetaData.AvaticaType type(SqlType type, JdbcType jdbc) {
    Rep rep =
        switch (type.name()) {
          case BOOLEAN -> Rep.BOOLEAN;
          case TINYINT -> Rep.BYTE;
          case SMALLINT -> Rep.SHORT;
          case INTEGER, DATE, TIME -> Rep.INTEGER;
          case BIGINT, TIMESTAMP -> Rep.LONG;
          case DECIMAL -> Rep.NUMBER;
          case REAL -> Rep.FLOAT;
          case DOUBLE -> Rep.DOUBLE;
          case CHAR, VARCHAR, UUID, CLOB, ARRAY, JSON -> Rep.STRING;
          case TIMESTAMP_TZ, INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME -> Rep.STRING;
          case BINARY, VARBINARY, BLOB -> Rep.BYTE_STRING;
          case NULL -> Rep.OBJECT;
        };
    int code =
        switch (type.name()) {
          // Clients of Avatica know neither large values nor a UUID, a zone, an interval or JSON;
          // arrays are text.
          case UUID, CLOB, TIMESTAMP_TZ, INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME, ARRAY, JSON ->
              Types.VARCHAR;
          case BLOB -> Types.VARBINARY;
          default -> jdbc.code();
        };
    return ColumnMetaData.scalar(code, jdbc.typeName(), rep);
  }

  /** Reads a large value that is not here. */
  interface LobReader {
    byte[] read(Lob lob);
  }

  /** A row as a frame takes it. */
  static Object[] row(@Nullable Object[] row, LobReader reader) {
    @Nullable Object[] sent = new @Nullable Object[row.length];
    for (int i = 0; i < row.length; i++) {
      sent[i] = row[i] instanceof Lob lob ? sent(lob, reader) : sent(row[i]);
    }
    return sent;
  }

  private static Object sent(Lob lob, LobReader reader) {
    byte[] bytes = lob.isStored() ? reader.read(lob) : lob.unsafeBytes();
    return lob.isText() ? new String(bytes, StandardCharsets.UTF_8) : bytes;
  }

  private static @Nullable Object sent(@Nullable Object value) {
    if (value instanceof LocalDate date) {
      return Math.toIntExact(date.toEpochDay());
    } else if (value instanceof LocalTime time) {
      return (int) (time.toNanoOfDay() / NANOS_OF_MILLI);
    } else if (value instanceof LocalDateTime timestamp) {
      return timestamp.toInstant(ZoneOffset.UTC).toEpochMilli();
    } else if (value instanceof OffsetDateTime
        || value instanceof Period
        || value instanceof Duration) {
      return Conversion.convert(value, SqlType.of(SqlType.Name.VARCHAR));
    } else if (value instanceof UUID uuid) {
      return uuid.toString();
    } else if (value instanceof List<?> array) {
      return ArrayText.of(array, AvaticaTypes::text);
    }
    return value;
  }

  /** Of what is in an array. */
  private static String text(Object element) {
    return (String) Conversion.cast(element, SqlType.of(SqlType.Name.VARCHAR));
  }

  static List<@Nullable Object> parameters(List<TypedValue> values) {
    List<@Nullable Object> taken = new ArrayList<>(values.size());
    for (TypedValue value : values) {
      taken.add(value == null || value.value == null ? null : taken(value));
    }
    return taken;
  }

  private static Object taken(TypedValue value) {
    try {
      return switch (value.type) {
        case JAVA_SQL_DATE -> LocalDate.ofEpochDay(number(value));
        case JAVA_SQL_TIME ->
            LocalTime.ofNanoOfDay(Math.floorMod(number(value), MILLIS_OF_DAY) * NANOS_OF_MILLI);
        case JAVA_SQL_TIMESTAMP, JAVA_UTIL_DATE -> timestamp(number(value));
        case BYTE_STRING -> ((ByteString) value.toLocal()).getBytes();
        case CHARACTER, PRIMITIVE_CHAR -> String.valueOf(value.value);
        case ARRAY, MULTISET, STRUCT, UBYTE, USHORT, UINTEGER, ULONG -> throw unsupported(value);
        case OBJECT,
            PRIMITIVE_BOOLEAN,
            PRIMITIVE_BYTE,
            PRIMITIVE_SHORT,
            PRIMITIVE_INT,
            PRIMITIVE_LONG,
            PRIMITIVE_FLOAT,
            PRIMITIVE_DOUBLE ->
            BoundedTranslation.requireShort(plain(value));
        default -> BoundedTranslation.requireShort(value.toLocal());
      };
    } catch (DateTimeException | ArithmeticException e) {
      throw new QuorateException(
          ErrorCode.INVALID_DATETIME, "no " + value.type + ": " + value.value, e);
    } catch (IllegalArgumentException | ClassCastException e) {
      // Avatica has not looked whether the value is one of the type that the client names.
      throw new QuorateException(ErrorCode.INVALID_PARAMETER, "a parameter is no " + value.type, e);
    }
  }

  private static long number(TypedValue value) {
    return ((Number) value.value).longValue();
  }

  private static LocalDateTime timestamp(long millis) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(millis, 1000L),
        (int) Math.floorMod(millis, 1000L) * NANOS_OF_MILLI,
        ZoneOffset.UTC);
  }

  private static Object plain(TypedValue value) {
    Object given = value.value;
    if (given instanceof String || given instanceof Number || given instanceof Boolean) {
      return given;
    }
    throw unsupported(value);
  }

  private static QuorateException unsupported(TypedValue value) {
    return new QuorateException(
        ErrorCode.NOT_SUPPORTED, "parameters of type " + value.type + " are not supported");
  }
}

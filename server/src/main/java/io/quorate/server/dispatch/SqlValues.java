package io.quorate.server.dispatch;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.quorate.driver.ErrorCode;
import io.quorate.server.format.SqlColumn;
import io.quorate.server.format.SqlDecimal;
import io.quorate.server.format.SqlLob;
import io.quorate.server.format.SqlRow;
import io.quorate.server.format.SqlTimestamp;
import io.quorate.server.format.SqlValue;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.store.Lob;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values, rows and columns as members tell them each other. */
public final class SqlValues {
  private static final SqlType.Name[] TYPES = SqlType.Name.values();

  private SqlValues() {}

  public static SqlRow encode(List<? extends @Nullable Object> values) {
    SqlRow.Builder row = SqlRow.newBuilder();
    for (Object value : values) {
      row.addValues(encode(value));
    }
    return row.build();
  }

  public static SqlRow encode(@Nullable Object[] values) {
    return encode(Arrays.asList(values));
  }

  public static List<@Nullable Object> decode(SqlRow row) {
    List<@Nullable Object> values = new ArrayList<>(row.getValuesCount());
    for (SqlValue value : row.getValuesList()) {
      values.add(decode(value));
    }
    return values;
  }

  private static SqlValue encode(@Nullable Object value) {
    SqlValue.Builder to = SqlValue.newBuilder();
    if (value == null) {
      return to.build();
    } else if (value instanceof String text) {
      to.setText(text);
    } else if (value instanceof Integer number) {
      to.setInteger(number);
    } else if (value instanceof Long number) {
      to.setBigint(number);
    } else if (value instanceof Short number) {
      to.setSmallint(number);
    } else if (value instanceof Byte number) {
      to.setTinyint(number);
    } else if (value instanceof Boolean flag) {
      to.setBoolean(flag);
    } else if (value instanceof BigDecimal number) {
      to.setDecimal(
          SqlDecimal.newBuilder()
              .setUnscaled(ByteString.copyFrom(number.unscaledValue().toByteArray()))
              .setScale(number.scale()));
    } else if (value instanceof Double number) {
      to.setDoubleValue(number);
    } else if (value instanceof Float number) {
      to.setReal(number);
    } else if (value instanceof byte[] bytes) {
      to.setBinary(UnsafeByteOperations.unsafeWrap(bytes));
    } else if (value instanceof UUID uuid) {
      to.setUuid(encode(uuid));
    } else if (value instanceof Lob lob) {
      to.setLob(encode(lob));
    } else if (value instanceof List<?> array) {
      to.setArray(encode(array));
    } else {
      encodeTemporal(to, value);
    }
    return to.build();
  }

  private static void encodeTemporal(SqlValue.Builder to, Object value) {
    if (value instanceof LocalDate date) {
      to.setDate(date.toEpochDay());
    } else if (value instanceof LocalTime time) {
      to.setTime(time.toNanoOfDay());
    } else if (value instanceof LocalDateTime timestamp) {
      Instant instant = timestamp.toInstant(ZoneOffset.UTC);
      to.setTimestamp(seconds(instant.getEpochSecond(), instant.getNano()));
    } else if (value instanceof OffsetDateTime instant) {
      to.setInstant(seconds(instant.toEpochSecond(), instant.getNano()));
    } else if (value instanceof Period months) {
      to.setMonths(Math.toIntExact(months.toTotalMonths()));
    } else if (value instanceof Duration duration) {
      to.setDuration(seconds(duration.toSeconds(), duration.toNanosPart()));
    } else {
      throw new QuorateException(
          ErrorCode.INVALID_PARAMETER,
          "a parameter of " + value.getClass().getName() + " is no value of SQL");
    }
  }

  private static SqlTimestamp seconds(long seconds, int nanos) {
    return SqlTimestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }

  private static SqlLob encode(Lob lob) {
    SqlLob.Builder to = SqlLob.newBuilder().setText(lob.isText());
    return lob.isStored()
        ? to.setId(lob.id()).setByteCount(lob.byteCount()).setCharCount(lob.charCount()).build()
        : to.setHere(UnsafeByteOperations.unsafeWrap(lob.unsafeBytes())).build();
  }

  private static Lob decode(SqlLob lob) {
    if (lob.getId() != 0) {
      return Lob.stored(lob.getText(), lob.getId(), lob.getByteCount(), lob.getCharCount());
    }
    byte[] bytes = lob.getHere().toByteArray();
    return lob.getText() ? Lob.ofText(bytes) : Lob.ofBytes(bytes);
  }

  private static ByteString encode(UUID uuid) {
    return UnsafeByteOperations.unsafeWrap(
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(uuid.getMostSignificantBits())
            .putLong(uuid.getLeastSignificantBits())
            .array());
  }

  private static @Nullable Object decode(SqlValue value) {
    return switch (value.getValueCase()) {
      case BOOLEAN -> value.getBoolean();
      case TINYINT -> (byte) value.getTinyint();
      case SMALLINT -> (short) value.getSmallint();
      case INTEGER -> value.getInteger();
      case BIGINT -> value.getBigint();
      case DECIMAL ->
          new BigDecimal(
              new BigInteger(value.getDecimal().getUnscaled().toByteArray()),
              value.getDecimal().getScale());
      case REAL -> value.getReal();
      case DOUBLE_VALUE -> value.getDoubleValue();
      case TEXT -> value.getText();
      case BINARY -> value.getBinary().toByteArray();
      case DATE -> LocalDate.ofEpochDay(value.getDate());
      case TIME -> LocalTime.ofNanoOfDay(value.getTime());
      case TIMESTAMP ->
          LocalDateTime.ofEpochSecond(
              value.getTimestamp().getSeconds(), value.getTimestamp().getNanos(), ZoneOffset.UTC);
      case INSTANT ->
          LocalDateTime.ofEpochSecond(
                  value.getInstant().getSeconds(), value.getInstant().getNanos(), ZoneOffset.UTC)
              .atOffset(ZoneOffset.UTC);
      case MONTHS -> Period.ofMonths(value.getMonths()).normalized();
      case DURATION ->
          Duration.ofSeconds(value.getDuration().getSeconds(), value.getDuration().getNanos());
      case UUID -> decodeUuid(value.getUuid().asReadOnlyByteBuffer());
      case LOB -> decode(value.getLob());
      case ARRAY -> Collections.unmodifiableList(decode(value.getArray()));
      case VALUE_NOT_SET -> null;
    };
  }

  private static UUID decodeUuid(ByteBuffer bytes) {
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  public static SqlColumn encode(ResultColumn column) {
    return encode(column.type())
        .setLabel(column.label())
        .setNullable(column.nullable())
        .setSchema(column.schema())
        .setTable(column.table())
        .setColumn(column.column())
        .build();
  }

  private static SqlColumn.Builder encode(SqlType type) {
    SqlColumn.Builder column =
        SqlColumn.newBuilder()
            .setType(type.name().number())
            .setPrecision(type.precision())
            .setScale(type.scale());
    return type.name() == SqlType.Name.ARRAY
        ? column.setElement(encode(type.elementType()))
        : column;
  }

  public static ResultColumn decode(SqlColumn column) {
    return new ResultColumn(
        column.getLabel(),
        type(column),
        column.getNullable(),
        column.getSchema(),
        column.getTable(),
        column.getColumn());
  }

  private static SqlType type(SqlColumn column) {
    return new SqlType(
        typeName(column.getType()),
        column.getPrecision(),
        column.getScale(),
        column.hasElement() ? type(column.getElement()) : null);
  }

  private static SqlType.Name typeName(int number) {
    for (SqlType.Name name : TYPES) {
      if (name.number() == number) {
        return name;
      }
    }
    throw new QuorateException(
        ErrorCode.NOT_SUPPORTED, "this version does not know the type number " + number);
  }
}

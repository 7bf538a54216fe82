package io.quorate.driver;

import io.quorate.driver.route.SqlExceptions;
import io.quorate.driver.wire.LargeValue;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Struct;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.calcite.avatica.util.Cursor;
import org.joou.UByte;
import org.joou.UInteger;
import org.joou.ULong;
import org.joou.UShort;
import org.jspecify.annotations.Nullable;

/** One column of the row that is read, as whatever is asked for. */
final class ValueAccessor implements Cursor.Accessor {
  private final ResultRows rows;
  private final int column;

  ValueAccessor(ResultRows rows, int column) {
    this.rows = rows;
    this.column = column;
  }

  /** The value; all of one that may be large. */
  private @Nullable Object value() throws SQLException {
    Object value = rows.value(column);
    if (!(value instanceof LargeValue)) {
      return value;
    }
    LargeValue large = (LargeValue) value;
    byte[] bytes =
        Lobs.whole(rows.source(large), large.isText() ? "getCharacterStream" : "getBinaryStream");
    return large.isText() ? new String(bytes, StandardCharsets.UTF_8) : bytes;
  }

  @Override
  public boolean wasNull() {
    return rows.wasNull();
  }

  @Override
  public @Nullable String getString() throws SQLException {
    Object value = value();
    return value == null ? null : Conversions.toText(value);
  }

  @Override
  public @Nullable String getNString() throws SQLException {
    return getString();
  }

  @Override
  public boolean getBoolean() throws SQLException {
    Object value = value();
    return value != null && Conversions.toBoolean(value);
  }

  @Override
  public byte getByte() throws SQLException {
    return (byte) number(Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  @Override
  public short getShort() throws SQLException {
    return (short) number(Short.MIN_VALUE, Short.MAX_VALUE);
  }

  @Override
  public int getInt() throws SQLException {
    return (int) number(Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  @Override
  public long getLong() throws SQLException {
    return number(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private long number(long min, long max) throws SQLException {
    Object value = value();
    return value == null ? 0 : Conversions.toLong(value, min, max);
  }

  @Override
  public float getFloat() throws SQLException {
    Object value = value();
    return value == null ? 0 : Conversions.toFloat(value);
  }

  @Override
  public double getDouble() throws SQLException {
    Object value = value();
    return value == null ? 0 : Conversions.toDouble(value);
  }

  @Override
  public @Nullable BigDecimal getBigDecimal() throws SQLException {
    Object value = value();
    return value == null ? null : Conversions.toDecimal(value);
  }

  @Override
  public @Nullable BigDecimal getBigDecimal(int scale) throws SQLException {
    Object value = value();
    return value == null ? null : Conversions.toDecimal(value, scale);
  }

  @Override
  public byte @Nullable [] getBytes() throws SQLException {
    Object value = value();
    return value == null ? null : Conversions.toBytes(value);
  }

  @Override
  public @Nullable InputStream getAsciiStream() throws SQLException {
    return stream(StandardCharsets.US_ASCII);
  }

  @Override
  public @Nullable InputStream getUnicodeStream() throws SQLException {
    return stream(StandardCharsets.UTF_8);
  }

  private @Nullable InputStream stream(Charset charset) throws SQLException {
    Object value = rows.value(column);
    if (value instanceof LargeValue && charset.equals(StandardCharsets.US_ASCII)) {
      return clob(value).getAsciiStream();
    }
    String text = getString();
    return text == null ? null : new ByteArrayInputStream(text.getBytes(charset));
  }

  @Override
  public @Nullable InputStream getBinaryStream() throws SQLException {
    if (rows.value(column) instanceof LargeValue) {
      return blob(rows.value(column)).getBinaryStream();
    }
    byte[] bytes = getBytes();
    return bytes == null ? null : new ByteArrayInputStream(bytes);
  }

  @Override
  public @Nullable Reader getCharacterStream() throws SQLException {
    if (rows.value(column) instanceof LargeValue) {
      return clob(rows.value(column)).getCharacterStream();
    }
    String text = getString();
    return text == null ? null : new StringReader(text);
  }

  @Override
  public @Nullable Reader getNCharacterStream() throws SQLException {
    return getCharacterStream();
  }

  /** Of the class that JDBC has for the type. */
  @Override
  public @Nullable Object getObject() throws SQLException {
    Object value = rows.value(column);
    if (value instanceof LargeValue) {
      return ((LargeValue) value).isText() ? clob(value) : blob(value);
    }
    if (value instanceof List) {
      return rows.array(column, (List<?>) value);
    }
    return value == null ? null : Conversions.toJdbc(value);
  }

  @Override
  public @Nullable Object getObject(Map<String, Class<?>> map) throws SQLException {
    return getObject();
  }

  @Override
  public <T> @Nullable T getObject(Class<T> type) throws SQLException {
    if (type == Blob.class) {
      return type.cast(getBlob());
    } else if (type == Clob.class || type == NClob.class) {
      return type.cast(getNClob());
    } else if (type == InputStream.class) {
      return type.cast(getBinaryStream());
    } else if (type == Reader.class) {
      return type.cast(getCharacterStream());
    }
    if (type == Array.class) {
      return type.cast(getArray());
    }
    Object value = value();
    if (value == null) {
      return null;
    }
    if (type.isInstance(value) && type != Object.class) {
      return type.cast(value);
    }
    return type.cast(convert(value, type));
  }

  private @Nullable Object convert(Object value, Class<?> type) throws SQLException {
    if (type == String.class) {
      return Conversions.toText(value);
    } else if (type == Boolean.class) {
      return Conversions.toBoolean(value);
    } else if (type == Byte.class) {
      return getByte();
    } else if (type == Short.class) {
      return getShort();
    } else if (type == Integer.class) {
      return getInt();
    } else if (type == Long.class) {
      return getLong();
    } else if (type == Float.class) {
      return Conversions.toFloat(value);
    } else if (type == Double.class) {
      return Conversions.toDouble(value);
    } else if (type == BigDecimal.class) {
      return Conversions.toDecimal(value);
    } else if (type == BigInteger.class) {
      return Conversions.toDecimal(value).toBigInteger();
    } else if (type == UUID.class) {
      return Conversions.toUuid(value);
    } else if (type == Object.class) {
      return getObject();
    }
    return convertTemporal(value, type);
  }

  private static Object convertTemporal(Object value, Class<?> type) throws SQLException {
    if (type == LocalDate.class) {
      return Conversions.toLocalDate(value);
    } else if (type == LocalTime.class) {
      return Conversions.toLocalTime(value);
    } else if (type == LocalDateTime.class) {
      return Conversions.toLocalDateTime(value);
    } else if (type == Date.class) {
      return Conversions.toDate(value, null);
    } else if (type == Time.class) {
      return Conversions.toTime(value, null);
    } else if (type == Timestamp.class) {
      return Conversions.toTimestamp(value, null);
    } else if (type == OffsetDateTime.class) {
      return Conversions.toOffsetDateTime(value);
    } else if (type == ZonedDateTime.class) {
      return Conversions.toOffsetDateTime(value).toZonedDateTime();
    } else if (type == Instant.class) {
      return Conversions.toOffsetDateTime(value).toInstant();
    } else if (type == Period.class) {
      return Conversions.toPeriod(value);
    } else if (type == Duration.class) {
      return Conversions.toDuration(value);
    }
    throw Conversions.mismatch(value, type.getName());
  }

  @Override
  public @Nullable Date getDate(java.util.@Nullable Calendar calendar) throws SQLException {
    Object value = value();
    return value == null ? null : Conversions.toDate(value, calendar);
  }

  @Override
  public @Nullable Time getTime(java.util.@Nullable Calendar calendar) throws SQLException {
    Object value = value();
    return value == null ? null : Conversions.toTime(value, calendar);
  }

  @Override
  public @Nullable Timestamp getTimestamp(java.util.@Nullable Calendar calendar)
      throws SQLException {
    Object value = value();
    return value == null ? null : Conversions.toTimestamp(value, calendar);
  }

  @Override
  public UByte getUByte() throws SQLException {
    throw unsupported("an unsigned number");
  }

  @Override
  public UShort getUShort() throws SQLException {
    throw unsupported("an unsigned number");
  }

  @Override
  public UInteger getUInt() throws SQLException {
    throw unsupported("an unsigned number");
  }

  @Override
  public ULong getULong() throws SQLException {
    throw unsupported("an unsigned number");
  }

  @Override
  public Ref getRef() throws SQLException {
    throw unsupported("a Ref");
  }

  @Override
  public @Nullable Blob getBlob() throws SQLException {
    Object value = rows.value(column);
    return value == null ? null : blob(value);
  }

  /** Of a binary value, large or not. */
  private Blob blob(@Nullable Object value) throws SQLException {
    if (value instanceof LargeValue && !((LargeValue) value).isText()) {
      return QuorateBlob.of(rows.source((LargeValue) value));
    }
    if (value instanceof byte[]) {
      return QuorateBlob.of(LobSource.of((byte[]) value));
    }
    throw Conversions.mismatch(java.util.Objects.requireNonNull(value), "a Blob");
  }

  @Override
  public @Nullable Clob getClob() throws SQLException {
    return getNClob();
  }

  @Override
  public @Nullable Array getArray() throws SQLException {
    Object value = rows.value(column);
    if (value == null) {
      return null;
    }
    if (value instanceof List) {
      return rows.array(column, (List<?>) value);
    }
    throw Conversions.mismatch(value, "an Array");
  }

  @Override
  public Struct getStruct() throws SQLException {
    throw unsupported("a Struct");
  }

  @Override
  public URL getURL() throws SQLException {
    throw unsupported("a URL");
  }

  @Override
  public @Nullable NClob getNClob() throws SQLException {
    Object value = rows.value(column);
    return value == null ? null : clob(value);
  }

  /** Of a text, large or not. */
  private NClob clob(@Nullable Object value) throws SQLException {
    if (value instanceof LargeValue && ((LargeValue) value).isText()) {
      LargeValue large = (LargeValue) value;
      return large.isNamed()
          ? QuorateClob.of(rows.source(large), large.charCount())
          : QuorateClob.of(large.unsafeBytes());
    }
    if (value instanceof String) {
      return QuorateClob.of(((String) value).getBytes(StandardCharsets.UTF_8));
    }
    throw Conversions.mismatch(java.util.Objects.requireNonNull(value), "a Clob");
  }

  @Override
  public SQLXML getSQLXML() throws SQLException {
    throw unsupported("an SQLXML");
  }

  private static SQLException unsupported(String what) {
    return SqlExceptions.of(
        ErrorCode.NOT_SUPPORTED, "reading a value as " + what + " is not supported");
  }
}

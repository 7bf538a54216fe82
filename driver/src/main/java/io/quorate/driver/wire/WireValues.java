package io.quorate.driver.wire;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Single values as bytes. */
final class WireValues {
  private WireValues() {}

  /** Type and value of each, where no column says the type. */
  static void writeTyped(WireWriter writer, List<@Nullable Object> values) {
    if (values.size() > WireLimits.COLUMNS_MAX) {
      throw new ProtocolException(values.size() + " parameters are above the bound");
    }
    writer.varint(values.size());
    for (Object value : values) {
      WireType type = WireType.ofValue(value);
      writer.octet(type.number());
      if (value != null) {
        write(writer, type, value);
      }
    }
  }

  static List<@Nullable Object> readTyped(WireReader reader) {
    int count = reader.items(WireLimits.COLUMNS_MAX);
    if (count == 0) {
      // One for all: a batch may have millions of them in a frame.
      return Collections.emptyList();
    }
    List<@Nullable Object> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      WireType type = WireType.of(reader.octet());
      values.add(type == WireType.NULL ? null : read(reader, type));
    }
    return Collections.unmodifiableList(values);
  }

  static void write(WireWriter writer, WireType type, Object value) {
    if (!type.valueClass().isInstance(value) || type == WireType.NULL) {
      throw new ProtocolException("no value of " + type + ": " + value.getClass().getName());
    }
    switch (type) {
      case BOOLEAN:
        writer.flag((Boolean) value);
        break;
      case TINYINT:
        writer.octet((Byte) value);
        break;
      case SMALLINT:
      case INTEGER:
      case BIGINT:
        writer.signed(((Number) value).longValue());
        break;
      case DECIMAL:
        writeDecimal(writer, (BigDecimal) value);
        break;
      case REAL:
        writer.fixedInt(Float.floatToIntBits((Float) value));
        break;
      case DOUBLE:
        writer.fixedLong(Double.doubleToLongBits((Double) value));
        break;
      case CHAR:
      case VARCHAR:
      case JSON:
        writer.text((String) value);
        break;
      case BINARY:
      case VARBINARY:
        writer.block((byte[]) value);
        break;
      case DATE:
        writer.signed(((LocalDate) value).toEpochDay());
        break;
      case TIME:
        writer.varint(((LocalTime) value).toNanoOfDay());
        break;
      case TIMESTAMP:
      case TIMESTAMP_TZ:
      case INTERVAL_YEAR_MONTH:
      case INTERVAL_DAY_TIME:
        writeTemporal(writer, value);
        break;
      case UUID:
        writeUuid(writer, (UUID) value);
        break;
      case BLOB:
      case CLOB:
        ((LargeValue) value).write(writer);
        break;
      case ARRAY:
        WireArrays.write(writer, (List<?>) value);
        break;
      case NULL:
        throw new IllegalStateException("unreachable");
    }
  }

  private static void writeUuid(WireWriter writer, UUID value) {
    writer.fixedLong(value.getMostSignificantBits());
    writer.fixedLong(value.getLeastSignificantBits());
  }

  static Object read(WireReader reader, WireType type) {
    switch (type) {
      case ARRAY:
        return WireArrays.read(reader);
      case BOOLEAN:
        return reader.flag();
      case TINYINT:
        return (byte) reader.octet();
      case SMALLINT:
        return readShort(reader);
      case INTEGER:
        return reader.signedInt();
      case BIGINT:
        return reader.signed();
      case DECIMAL:
        return readDecimal(reader);
      case REAL:
        return Float.intBitsToFloat(reader.fixedInt());
      case DOUBLE:
        return Double.longBitsToDouble(reader.fixedLong());
      case CHAR:
      case VARCHAR:
      case JSON:
        return reader.text();
      case BINARY:
      case VARBINARY:
        return reader.block();
      case DATE:
      case TIME:
      case TIMESTAMP:
      case TIMESTAMP_TZ:
      case INTERVAL_YEAR_MONTH:
      case INTERVAL_DAY_TIME:
        return readTemporal(reader, type);
      case UUID:
        return new UUID(reader.fixedLong(), reader.fixedLong());
      case BLOB:
      case CLOB:
        return LargeValue.read(reader, type == WireType.CLOB);
      case NULL:
        throw new ProtocolException("a value of the type of NULL");
    }
    throw new IllegalStateException("unreachable: " + type);
  }

  private static Short readShort(WireReader reader) {
    int value = reader.signedInt();
    if (value != (short) value) {
      throw new ProtocolException(value + " is no number of 16 bits");
    }
    return (short) value;
  }

  private static void writeTemporal(WireWriter writer, Object value) {
    if (value instanceof Period) {
      writeMonths(writer, (Period) value);
    } else if (value instanceof Duration) {
      writer.signed(((Duration) value).toSeconds());
      writer.varint(((Duration) value).toNanosPart());
    } else {
      writeInstant(
          writer,
          value instanceof OffsetDateTime
              ? ((OffsetDateTime) value).toInstant()
              : ((LocalDateTime) value).toInstant(ZoneOffset.UTC));
    }
  }

  private static void writeMonths(WireWriter writer, Period value) {
    if (value.get(ChronoUnit.DAYS) != 0) {
      throw new ProtocolException("a Period with days, " + value + ", is no number of months");
    }
    writer.signed(value.toTotalMonths());
  }

  private static void writeInstant(WireWriter writer, Instant instant) {
    writer.signed(instant.getEpochSecond());
    writer.varint(instant.getNano());
  }

  private static void writeDecimal(WireWriter writer, BigDecimal value) {
    byte[] unscaled = value.unscaledValue().toByteArray();
    if (Math.abs((long) value.scale()) > WireLimits.DECIMAL_SCALE_MAX
        || unscaled.length > WireLimits.DECIMAL_BYTES_MAX) {
      throw new ProtocolException(
          "a DECIMAL of scale "
              + value.scale()
              + " and "
              + unscaled.length
              + " bytes is too large");
    }
    writer.signed(value.scale());
    writer.block(unscaled);
  }

  private static BigDecimal readDecimal(WireReader reader) {
    int scale = reader.signedInt();
    byte[] unscaled = reader.block();
    if (Math.abs((long) scale) > WireLimits.DECIMAL_SCALE_MAX
        || unscaled.length == 0
        || unscaled.length > WireLimits.DECIMAL_BYTES_MAX) {
      throw new ProtocolException(
          "no DECIMAL has a scale of " + scale + " and " + unscaled.length + " bytes");
    }
    return new BigDecimal(new BigInteger(unscaled), scale);
  }

  private static Object readTemporal(WireReader reader, WireType type) {
    try {
      if (type == WireType.DATE) {
        return LocalDate.ofEpochDay(reader.signed());
      }
      if (type == WireType.TIME) {
        return LocalTime.ofNanoOfDay(reader.count());
      }
      if (type == WireType.INTERVAL_YEAR_MONTH) {
        return Period.ofMonths(reader.signedInt()).normalized();
      }
      long seconds = reader.signed();
      int nanos = reader.intCount(999_999_999);
      if (type == WireType.INTERVAL_DAY_TIME) {
        return Duration.ofSeconds(seconds, nanos);
      }
      LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC);
      return type == WireType.TIMESTAMP ? time : time.atOffset(ZoneOffset.UTC);
    } catch (DateTimeException | ArithmeticException e) {
      throw new ProtocolException("no " + type + ": " + e.getMessage(), e);
    }
  }
}

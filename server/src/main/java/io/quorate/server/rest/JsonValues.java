package io.quorate.server.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.server.session.RowBatch;
import io.quorate.server.session.Session;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.store.Lob;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values of SQL in JSON, none of which loses a digit on its way through a reader that takes all
 * numbers for doubles: DECIMAL, and a BIGINT that is beyond the whole numbers of those, are
 * strings. Confined to one request.
 *
 * @param cursor of the large values, as {@link RowBatch#values} says
 */
record JsonValues(JsonGenerator out, Session session, long cursor) {
  /** From here on not every whole number is a double (RFC 8259, 6). */
  private static final long EXACT_MAX = (1L << 53) - 1;

  private static final SqlType VARCHAR = SqlType.of(SqlType.Name.VARCHAR);

  /** What a row takes at least, its large values included, without reading these. */
  static long bytesAtLeast(@Nullable Object[] row) {
    long bytes = 0;
    for (Object value : row) {
      if (value instanceof Lob lob) {
        bytes += lob.byteCount();
      } else if (value instanceof String text) {
        bytes += text.length();
      } else if (value instanceof byte[] binary) {
        bytes += binary.length;
      }
    }
    return bytes;
  }

  void writeRow(@Nullable Object[] row) throws IOException {
    out.writeStartArray();
    for (Object value : row) {
      write(value);
    }
    out.writeEndArray();
  }

  private void write(@Nullable Object value) throws IOException {
    if (value == null) {
      out.writeNull();
    } else if (value instanceof Boolean truth) {
      out.writeBoolean(truth);
    } else if (value instanceof Number number) {
      write(number);
    } else if (value instanceof String text) {
      out.writeString(text);
    } else if (value instanceof byte[] bytes) {
      out.writeBinary(bytes);
    } else if (value instanceof Lob lob) {
      write(lob);
    } else if (value instanceof List<?> array) {
      out.writeStartArray();
      for (Object element : array) {
        write(element);
      }
      out.writeEndArray();
    } else {
      out.writeString(text(value));
    }
  }

  private void write(Number number) throws IOException {
    if (number instanceof BigDecimal decimal) {
      out.writeString(decimal.toPlainString());
    } else if (number instanceof Double || number instanceof Float) {
      double wide = number.doubleValue();
      if (Double.isFinite(wide)) {
        out.writeNumber(number.toString());
      } else {
        out.writeString(number.toString());
      }
    } else if (Math.abs(number.longValue()) > EXACT_MAX || number.longValue() == Long.MIN_VALUE) {
      out.writeString(number.toString());
    } else {
      out.writeNumber(number.longValue());
    }
  }

  private void write(Lob lob) throws IOException {
    byte[] bytes =
        lob.isStored()
            ? session.readValue(cursor, lob.id(), 0, (int) lob.byteCount())
            : lob.unsafeBytes();
    if (lob.isText()) {
      out.writeString(new String(bytes, StandardCharsets.UTF_8));
    } else {
      out.writeBinary(bytes);
    }
  }

  /** Times as ISO 8601 has them, with seconds; the rest as SQL shows it. */
  private static String text(Object value) {
    if (value instanceof LocalDateTime timestamp) {
      return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(timestamp);
    } else if (value instanceof OffsetDateTime timestamp) {
      return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(timestamp);
    } else if (value instanceof LocalTime time) {
      return DateTimeFormatter.ISO_LOCAL_TIME.format(time);
    }
    return (String) Conversion.convert(value, VARCHAR);
  }
}

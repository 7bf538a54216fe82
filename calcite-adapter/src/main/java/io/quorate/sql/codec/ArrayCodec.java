package io.quorate.sql.codec;

import io.quorate.sql.catalog.SqlType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arrays in rows. Stateless.
 *
 * <pre>
 * count     4 bytes, how many elements
 * each      4 bytes, 1 + bytes of its value, or 0 for NULL; the value as a row has it
 * </pre>
 */
final class ArrayCodec {
  private ArrayCodec() {}

  /** Makes the value of one element. */
  interface Elements {
    Object value(SqlType type, byte[] row, int from, int count);
  }

  static void put(Bytes bytes, SqlType element, List<? extends @Nullable Object> values) {
    bytes.putBigEndian(values.size(), Integer.BYTES);
    for (Object value : values) {
      if (value == null) {
        bytes.putBigEndian(0, Integer.BYTES);
      } else {
        Bytes inner = new Bytes(Long.BYTES);
        RowColumns.put(inner, element, value);
        bytes.putBigEndian(inner.length() + 1L, Integer.BYTES);
        bytes.put(inner.toArray());
      }
    }
  }

  static List<@Nullable Object> value(SqlType element, byte[] row, int from, Elements elements) {
    int count = (int) Bytes.bigEndian(row, from, Integer.BYTES);
    List<@Nullable Object> values = new ArrayList<>(count);
    int position = from + Integer.BYTES;
    for (int i = 0; i < count; i++) {
      int length = (int) Bytes.bigEndian(row, position, Integer.BYTES) - 1;
      position += Integer.BYTES;
      values.add(length < 0 ? null : elements.value(element, row, position, length));
      position += Math.max(0, length);
    }
    return Collections.unmodifiableList(values);
  }
}

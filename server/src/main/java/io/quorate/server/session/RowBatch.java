package io.quorate.server.session;

import io.quorate.sql.store.Lob;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a result.
 *
 * @param cursor where the next ones are, or 0 when these were the last
 * @param values the cursor of the large values that have been named so far, which stays open until
 *     it is closed; 0 when there were none
 */
public record RowBatch(List<@Nullable Object[]> rows, long cursor, long values) {
  public static final RowBatch NONE = new RowBatch(List.of(), 0);

  /** Without large values. */
  public RowBatch(List<@Nullable Object[]> rows, long cursor) {
    this(rows, cursor, 0);
  }

  public boolean done() {
    return cursor == 0;
  }

  /** Roughly what a row takes when it is sent. */
  public static long bytes(@Nullable Object[] row) {
    long bytes = 0;
    for (Object value : row) {
      if (value instanceof List<?> array) {
        bytes += bytes(array.toArray());
      }
      if (value instanceof String text) {
        bytes += text.length();
      } else if (value instanceof byte[] binary) {
        bytes += binary.length;
      }
      if (value instanceof Lob lob && !lob.isStored()) {
        bytes += lob.byteCount();
      }
      bytes += Long.BYTES;
    }
    return bytes;
  }
}

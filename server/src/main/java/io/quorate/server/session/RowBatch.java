package io.quorate.server.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a result.
 *
 * @param cursor where the next ones are, or 0 when these were the last
 */
public record RowBatch(List<@Nullable Object[]> rows, long cursor) {
  public static final RowBatch NONE = new RowBatch(List.of(), 0);

  public boolean done() {
    return cursor == 0;
  }

  /** Roughly what a row takes when it is sent. */
  public static long bytes(@Nullable Object[] row) {
    long bytes = 0;
    for (Object value : row) {
      if (value instanceof String text) {
        bytes += text.length();
      } else if (value instanceof byte[] binary) {
        bytes += binary.length;
      }
      bytes += Long.BYTES;
    }
    return bytes;
  }
}

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
}

package io.quorate.server.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of RETURNING, which are all there when the write is done. Used by one thread. */
final class ReturnedRows implements OpenCursor {
  private final List<@Nullable Object[]> rows;
  private final int end;
  private int next;

  /**
   * @param rowsMax of the whole result; 0 for all
   */
  ReturnedRows(List<@Nullable Object[]> rows, long rowsMax) {
    this.rows = rows;
    this.end = rowsMax == 0 ? rows.size() : (int) Math.min(rowsMax, rows.size());
  }

  @Override
  public Page next(int rowsMax) {
    List<@Nullable Object[]> page = new ArrayList<>();
    long bytes = 0;
    while (next < end && page.size() < rowsMax && bytes < LocalCursor.PAGE_BYTES) {
      @Nullable Object[] row = rows.get(next++);
      page.add(row);
      bytes += LocalCursor.size(row);
    }
    return new Page(page, next == end);
  }

  /** None can be returned. */
  @Override
  public boolean namesValues() {
    return false;
  }

  @Override
  public byte[] readValue(long id, long offset, int countMax) {
    throw new IllegalStateException("RETURNING names no large values");
  }

  @Override
  public void close() {
    next = end;
  }
}

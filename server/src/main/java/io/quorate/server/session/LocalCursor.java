package io.quorate.server.session;

import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.store.Lob;
import io.quorate.sql.store.LobKeys;
import io.quorate.sql.store.ReadView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows that are computed here, out of a view that stays open as long as they are read. */
final class LocalCursor implements OpenCursor {
  /** One page fits into a frame of any door, and many pages into the heap. */
  static final int PAGE_BYTES = 2 << 20;

  private static final int VALUE_BYTES = 16;

  /** Room for as many; most results have one or a few. */
  private static final int FIRST_ROWS = 16;

  private final RowCursor rows;
  private final ReadView view;
  private final Drawing drawing;
  private long left;
  private boolean closed;
  private boolean namesValues;

  /** Read already, to know whether there is more; null at the end. */
  private @Nullable Object @Nullable [] ahead;

  /**
   * @param drawing what the rows take values of
   * @param rowsMax of the whole result; 0 for all
   */
  LocalCursor(RowCursor rows, ReadView view, Drawing drawing, long rowsMax) {
    this.rows = rows;
    this.view = view;
    this.drawing = drawing;
    this.left = rowsMax == 0 ? Long.MAX_VALUE : rowsMax;
    this.ahead = read();
  }

  private @Nullable Object @Nullable [] read() {
    if (left == 0) {
      return null;
    }
    left--;
    return rows.next();
  }

  @Override
  public Page next(int rowsMax) {
    List<@Nullable Object[]> page = new ArrayList<>(Math.min(rowsMax, FIRST_ROWS));
    long bytes = 0;
    @Nullable Object[] row = ahead;
    while (row != null && page.size() < rowsMax && bytes < PAGE_BYTES) {
      page.add(row);
      note(row);
      bytes += size(row);
      row = read();
    }
    ahead = row;
    drawing.settle();
    return new Page(page, row == null);
  }

  private void note(@Nullable Object[] row) {
    for (Object value : row) {
      if (value instanceof Lob lob && lob.isStored()) {
        namesValues = true;
      }
    }
  }

  @Override
  public boolean namesValues() {
    return namesValues;
  }

  @Override
  public byte[] readValue(long id, long offset, int countMax) {
    return LobKeys.read(view, id, offset, countMax);
  }

  static long size(@Nullable Object[] row) {
    long bytes = (long) row.length * VALUE_BYTES;
    for (Object value : row) {
      if (value instanceof String text) {
        bytes += text.length();
      } else if (value instanceof byte[] binary) {
        bytes += binary.length;
      } else if (value instanceof Lob lob && !lob.isStored()) {
        bytes += lob.byteCount();
      }
    }
    return bytes;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try (view) {
        rows.close();
      }
    }
  }
}

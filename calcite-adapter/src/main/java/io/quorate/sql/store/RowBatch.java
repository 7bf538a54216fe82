package io.quorate.sql.store;

import java.util.Arrays;

/**
 * The next rows of a scan that a filter keeps, as they are stored: what is asked of them is read
 * from their bytes, column by column. Filled again and again. Confined to one thread.
 *
 * <p>It is full when it has its rows, or has looked at so many that it is time to see whether the
 * scan is still wanted; so it may be full and have none.
 */
public final class RowBatch {
  /** Rows that it has at most. */
  public static final int ROWS_MAX = 1024;

  /** Bytes of rows that it looks at in one turn, but for the last row; about a millisecond. */
  static final int BYTES_MAX = 1 << 20;

  private static final int GROWTH = 4;

  private final RowFilter filter;
  private byte[][] keys;
  private byte[][] rows;
  private int count;
  private int bytes;

  /**
   * @param first how many rows the first turn has; each further one has four times as many, so that
   *     who wants few does not pay for many
   */
  public RowBatch(RowFilter filter, int first) {
    int size = Math.min(Math.max(1, first), ROWS_MAX);
    this.filter = filter;
    this.keys = new byte[size][];
    this.rows = new byte[size][];
  }

  /** Begins another turn, without rows. */
  public void clear() {
    if (count == rows.length && count < ROWS_MAX) {
      int size = Math.min(count * GROWTH, ROWS_MAX);
      keys = Arrays.copyOf(keys, size);
      rows = Arrays.copyOf(rows, size);
    }
    count = 0;
    bytes = 0;
  }

  public boolean isFull() {
    return count == rows.length || bytes >= BYTES_MAX;
  }

  /** Takes the row if the filter keeps it. Not when it is full. */
  public void offer(RowKey key, Row row) {
    bytes += row.unsafeBytes().length;
    if (filter.keeps(row)) {
      keys[count] = key.unsafeBytes();
      rows[count++] = row.unsafeBytes();
    }
  }

  /** Rows that it has. */
  public int count() {
    return count;
  }

  /** The key of a row, counted from 0. */
  public RowKey key(int index) {
    return RowKey.wrap(keys[index]);
  }

  /** A row, counted from 0. */
  public Row row(int index) {
    return Row.wrap(rows[index]);
  }
}

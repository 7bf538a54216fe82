package io.quorate.sql.exec;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.jspecify.annotations.Nullable;

/** Counts what a statement keeps, about, and stops it at its bound. One thread's own. */
public final class MemoryMeter {
  private static final int ROW_BYTES = 48;
  private static final int VALUE_BYTES = 8;

  private final long bytesMax;
  private long bytes;
  private long bytesMost;

  public MemoryMeter(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** A row that is kept. */
  public void addRow(@Nullable Object[] row) {
    add(size(row));
  }

  private static long size(@Nullable Object[] row) {
    long size = ROW_BYTES;
    for (Object value : row) {
      size += VALUE_BYTES + Values.size(value);
    }
    return size;
  }

  /** About what a row in internal form takes: an array, or a value where there is one column. */
  static long size(@Nullable Object row) {
    return row instanceof @Nullable Object[] values
        ? size(values)
        : ROW_BYTES + VALUE_BYTES + Values.size(row);
  }

  /** How many bytes are kept now. */
  long held() {
    return bytes;
  }

  /** How many were kept when it was most. */
  public long bytes() {
    return bytesMost;
  }

  /** What is not kept any more. */
  void release(long fewer) {
    bytes -= fewer;
  }

  public void add(long more) {
    bytes += more;
    bytesMost = Math.max(bytesMost, bytes);
    if (bytes > bytesMax) {
      throw new SqlFailure(
          State.OUT_OF_MEMORY, "the statement needs more than " + bytesMax + " bytes of memory");
    }
  }
}

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

  public MemoryMeter(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** A row that is kept. */
  public void addRow(@Nullable Object[] row) {
    long size = ROW_BYTES;
    for (Object value : row) {
      size += VALUE_BYTES + Values.size(value);
    }
    add(size);
  }

  /** How many it has counted. */
  public long bytes() {
    return bytes;
  }

  public void add(long more) {
    bytes += more;
    if (bytes > bytesMax) {
      throw new SqlFailure(
          State.OUT_OF_MEMORY, "the statement needs more than " + bytesMax + " bytes of memory");
    }
  }
}

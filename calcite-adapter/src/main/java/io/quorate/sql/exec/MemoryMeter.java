package io.quorate.sql.exec;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;

/** Counts what a statement keeps, about, and stops it at its bound. One thread's own. */
public final class MemoryMeter {
  private final long bytesMax;
  private long bytes;

  public MemoryMeter(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  public void add(long more) {
    bytes += more;
    if (bytes > bytesMax) {
      throw new SqlFailure(
          State.OUT_OF_MEMORY, "the statement needs more than " + bytesMax + " bytes of memory");
    }
  }
}

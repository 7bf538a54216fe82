package io.quorate.server.cluster.wal;

import java.io.IOException;

/** Bytes that were durable cannot be read back as written. Nothing was dropped or repaired. */
public final class LogDamagedException extends IOException {

  /**
   * @param file the damaged file
   * @param offset where in it the first unreadable byte range begins
   * @param lastGoodIndex the highest index that was read before the damage, 0 if none
   * @param detail what was found there
   */
  LogDamagedException(String file, long offset, long lastGoodIndex, String detail) {
    super(
        file
            + " is damaged at offset "
            + offset
            + " (last good index "
            + lastGoodIndex
            + "): "
            + detail);
  }
}

package io.quorate.driver;

import java.sql.SQLException;

/** Where the bytes of a large value are. */
interface LobSource {
  long byteCount();

  /**
   * Some bytes from {@code offset} on: at least one, unless it is the end.
   *
   * @param countMax how many are of use
   */
  byte[] read(long offset, int countMax) throws SQLException;

  /** Bytes that are at hand; not to be changed. */
  static LobSource of(byte[] bytes) {
    return new LobSource() {
      @Override
      public long byteCount() {
        return bytes.length;
      }

      @Override
      public byte[] read(long offset, int countMax) {
        int from = (int) Math.min(bytes.length, offset);
        int to = (int) Math.min(bytes.length, from + (long) countMax);
        return java.util.Arrays.copyOfRange(bytes, from, to);
      }
    };
  }
}

package io.quorate.sql.codec;

import io.quorate.sql.store.Lob;
import java.util.Arrays;

/**
 * Large values in their rows: {@code 00} and the bytes; or {@code 01} and, 8 bytes each, the id
 * under which the bytes lie in the store, how many bytes and how many characters they are.
 */
final class LobCodec {
  private static final int INLINE = 0;
  private static final int STORED = 1;
  private static final int STORED_BYTES = 1 + 3 * Long.BYTES;

  private LobCodec() {}

  static void put(Bytes bytes, Lob value) {
    if (!value.isStored()) {
      bytes.put(INLINE);
      bytes.put(value.unsafeBytes());
      return;
    }
    bytes.put(STORED);
    bytes.putBigEndian(value.id(), Long.BYTES);
    bytes.putBigEndian(value.byteCount(), Long.BYTES);
    bytes.putBigEndian(value.charCount(), Long.BYTES);
  }

  static Lob value(boolean text, byte[] row, int from, int count) {
    if (row[from] == INLINE) {
      byte[] bytes = Arrays.copyOfRange(row, from + 1, from + count);
      return text ? Lob.ofText(bytes) : Lob.ofBytes(bytes);
    }
    if (row[from] != STORED || count != STORED_BYTES) {
      throw new IllegalArgumentException("a large value cannot be read");
    }
    return Lob.stored(
        text,
        Bytes.bigEndian(row, from + 1, Long.BYTES),
        Bytes.bigEndian(row, from + 1 + Long.BYTES, Long.BYTES),
        Bytes.bigEndian(row, from + 1 + 2 * Long.BYTES, Long.BYTES));
  }
}

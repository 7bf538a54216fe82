package io.quorate.server.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * Keys or rows as byte arrays, and a checksum for each page of them, because MVStore has none: of
 * 400 flipped bits it noticed 4.
 *
 * <p>The checksum begins with the table's number and the role, so that a page that turns up in
 * another table is damage too. Keys leave out the prefix that all keys of a page share. Immutable.
 */
final class CheckedBytes extends BasicDataType<byte[]> {
  private static final int KEYS = 1;
  private static final int ROWS = 2;
  private static final int HEADER_BYTES = 8;
  private static final int ARRAY_BYTES = 24;

  private final int table;
  private final int role;

  private CheckedBytes(int table, int role) {
    this.table = table;
    this.role = role;
  }

  static CheckedBytes keys(int table) {
    return new CheckedBytes(table, KEYS);
  }

  static CheckedBytes rows(int table) {
    return new CheckedBytes(table, ROWS);
  }

  @Override
  public int compare(byte[] one, byte[] two) {
    return Arrays.compareUnsigned(one, two);
  }

  @Override
  public int binarySearch(byte[] key, Object storage, int size, int initialGuess) {
    byte[][] keys = (byte[][]) storage;
    int low = 0;
    int high = size - 1;
    int probe = initialGuess - 1;
    if (probe < 0 || probe > high) {
      probe = high >>> 1;
    }
    while (low <= high) {
      int order = Arrays.compareUnsigned(key, keys[probe]);
      if (order == 0) {
        return probe;
      }
      if (order > 0) {
        low = probe + 1;
      } else {
        high = probe - 1;
      }
      probe = (low + high) >>> 1;
    }
    return ~low;
  }

  @Override
  public int getMemory(byte[] bytes) {
    return ARRAY_BYTES + bytes.length;
  }

  @Override
  public byte[][] createStorage(int size) {
    return new byte[size][];
  }

  @Override
  public void write(WriteBuffer target, Object storage, int count) {
    byte[][] arrays = (byte[][]) storage;
    int start = target.position();
    target.putInt(0).putInt(0);
    int prefix = role == KEYS ? sharedPrefix(arrays, count) : 0;
    target.putVarInt(prefix);
    if (prefix > 0) {
      target.put(arrays[0], 0, prefix);
    }
    for (int i = 0; i < count; i++) {
      target.putVarInt(arrays[i].length - prefix);
      target.put(arrays[i], prefix, arrays[i].length - prefix);
    }
    int body = start + HEADER_BYTES;
    int length = target.position() - body;
    ByteBuffer written = target.getBuffer();
    int checksum = checksum(written.array(), written.arrayOffset() + body, length, count);
    target.putInt(start, length);
    target.putInt(start + Integer.BYTES, checksum);
  }

  /** The keys of a page are in order: what the first and the last share, all share. */
  private static int sharedPrefix(byte[][] keys, int count) {
    if (count < 2) {
      return 0;
    }
    int mismatch = Arrays.mismatch(keys[0], keys[count - 1]);
    return mismatch < 0 ? keys[0].length : mismatch;
  }

  @Override
  public void read(ByteBuffer source, Object storage, int count) {
    int length = source.remaining() < HEADER_BYTES ? -1 : source.getInt();
    int expected = length < 0 ? 0 : source.getInt();
    if (length < 0 || length > source.remaining()) {
      throw damaged("is cut short");
    }
    byte[] body = source.array();
    int start = source.arrayOffset() + source.position();
    if (checksum(body, start, length, count) != expected) {
      throw damaged("does not match its checksum");
    }
    int end = source.position() + length;
    byte[][] arrays = (byte[][]) storage;
    byte[] prefix = new byte[DataUtils.readVarInt(source)];
    source.get(prefix);
    for (int i = 0; i < count; i++) {
      int suffix = DataUtils.readVarInt(source);
      byte[] array = Arrays.copyOf(prefix, prefix.length + suffix);
      source.get(array, prefix.length, suffix);
      arrays[i] = array;
    }
    if (source.position() != end) {
      throw damaged("has a wrong length");
    }
  }

  private int checksum(byte[] bytes, int offset, int length, int count) {
    CRC32C checksum = new CRC32C();
    checksum.update(role);
    updateInt(checksum, table);
    updateInt(checksum, count);
    checksum.update(bytes, offset, length);
    return (int) checksum.getValue();
  }

  private static void updateInt(CRC32C checksum, int value) {
    checksum.update(value >>> 24);
    checksum.update(value >>> 16);
    checksum.update(value >>> 8);
    checksum.update(value);
  }

  private StoreDamagedException damaged(String what) {
    return new StoreDamagedException(
        "a page of " + (role == KEYS ? "keys" : "rows") + " of table " + table + " " + what);
  }

  @Override
  public void write(WriteBuffer target, byte[] bytes) {
    throw new UnsupportedOperationException("pages are written whole");
  }

  @Override
  public byte[] read(ByteBuffer source) {
    throw new UnsupportedOperationException("pages are read whole");
  }
}

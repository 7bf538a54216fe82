package io.quorate.sql.store;

import java.util.Arrays;
import java.util.HexFormat;

/** A key in memory-comparable form: unsigned byte order is the order of the rows. Immutable. */
public final class RowKey implements Comparable<RowKey> {
  private final byte[] bytes;

  private RowKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Copies {@code bytes}. */
  public static RowKey copyOf(byte[] bytes) {
    return new RowKey(bytes.clone());
  }

  /** Takes {@code bytes} over; the caller must not change them afterwards. */
  public static RowKey wrap(byte[] bytes) {
    return new RowKey(bytes);
  }

  /** The bytes themselves, not to be changed. */
  public byte[] unsafeBytes() {
    return bytes;
  }

  @Override
  public int compareTo(RowKey other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}

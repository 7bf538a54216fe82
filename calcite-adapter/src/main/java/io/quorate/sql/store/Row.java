package io.quorate.sql.store;

import java.util.Arrays;
import java.util.HexFormat;

/** An encoded row; the encoding comes with the column types. Immutable. */
public final class Row {
  private final byte[] bytes;

  private Row(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Copies {@code bytes}. */
  public static Row copyOf(byte[] bytes) {
    return new Row(bytes.clone());
  }

  /** Takes {@code bytes} over; the caller must not change them afterwards. */
  public static Row wrap(byte[] bytes) {
    return new Row(bytes);
  }

  /** The bytes themselves, not to be changed. */
  public byte[] unsafeBytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Row row && Arrays.equals(bytes, row.bytes);
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

package io.quorate.driver.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value of type BLOB or CLOB on its way: its bytes, or the name under which they were, or are to
 * be, told apart from the statement. The bytes of a CLOB are UTF-8. Immutable.
 */
public final class LargeValue {
  private final boolean text;
  private final byte @Nullable [] bytes;
  private final long handle;
  private final long byteCount;
  private final long charCount;

  private LargeValue(
      boolean text, byte @Nullable [] bytes, long handle, long byteCount, long charCount) {
    this.text = text;
    this.bytes = bytes;
    this.handle = handle;
    this.byteCount = byteCount;
    this.charCount = charCount;
  }

  /** A value that is here; takes {@code bytes} over. */
  public static LargeValue of(boolean text, byte[] bytes) {
    return new LargeValue(text, bytes, 0, bytes.length, 0);
  }

  /**
   * A value by its name.
   *
   * @param charCount of a text, in the units of {@link String#length}; else 0
   */
  public static LargeValue named(boolean text, long handle, long byteCount, long charCount) {
    return new LargeValue(text, null, handle, byteCount, charCount);
  }

  /** Whether it is a CLOB. */
  public boolean isText() {
    return text;
  }

  /** Whether the bytes are elsewhere, under {@link #handle}. */
  public boolean isNamed() {
    return bytes == null;
  }

  public long handle() {
    return handle;
  }

  public long byteCount() {
    return byteCount;
  }

  /** Of a named text, in the units of {@link String#length}. */
  public long charCount() {
    return charCount;
  }

  /** The bytes of a value that is here; not to be changed. */
  public byte[] unsafeBytes() {
    if (bytes == null) {
      throw new IllegalStateException("the bytes are not here");
    }
    return bytes;
  }

  void write(WireWriter writer) {
    writer.flag(bytes == null);
    if (bytes == null) {
      writer.varint(handle);
      writer.varint(byteCount);
      writer.varint(charCount);
    } else {
      writer.block(bytes);
    }
  }

  static LargeValue read(WireReader reader, boolean text) {
    if (!reader.flag()) {
      return of(text, reader.block());
    }
    long handle = reader.count();
    long byteCount = reader.count();
    return named(text, handle, byteCount, reader.count());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LargeValue
        && text == ((LargeValue) other).text
        && handle == ((LargeValue) other).handle
        && byteCount == ((LargeValue) other).byteCount
        && charCount == ((LargeValue) other).charCount
        && Arrays.equals(bytes, ((LargeValue) other).bytes);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(handle) * 31 + Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return (text ? "CLOB" : "BLOB") + " of " + byteCount + " bytes";
  }
}

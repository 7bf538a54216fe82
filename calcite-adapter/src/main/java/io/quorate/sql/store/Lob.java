package io.quorate.sql.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value of type BLOB or CLOB: its bytes where they are at hand, else the name under which they
 * lie in the store, in chunks. The bytes of a CLOB are UTF-8. Immutable.
 */
public final class Lob {
  private final boolean text;
  private final byte @Nullable [] bytes;
  private final long id;
  private final long byteCount;
  private final long charCount;

  private Lob(boolean text, byte @Nullable [] bytes, long id, long byteCount, long charCount) {
    this.text = text;
    this.bytes = bytes;
    this.id = id;
    this.byteCount = byteCount;
    this.charCount = charCount;
  }

  /** A BLOB; takes {@code bytes} over. */
  public static Lob ofBytes(byte[] bytes) {
    return new Lob(false, bytes, 0, bytes.length, 0);
  }

  /** A CLOB. */
  public static Lob ofText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Lob(true, bytes, 0, bytes.length, text.length());
  }

  /** A CLOB of UTF-8; takes {@code bytes} over. */
  public static Lob ofText(byte[] bytes) {
    return new Lob(true, bytes, 0, bytes.length, -1);
  }

  /**
   * A value whose bytes lie in the store.
   *
   * @param charCount of a text, in the units of {@link String#length}; else not used
   */
  public static Lob stored(boolean text, long id, long byteCount, long charCount) {
    return new Lob(text, null, id, byteCount, charCount);
  }

  /** Whether it is a CLOB. */
  public boolean isText() {
    return text;
  }

  /** Whether its bytes lie in the store under {@link #id}. */
  public boolean isStored() {
    return bytes == null;
  }

  /** The name of a stored value; no two values of a cluster have the same. */
  public long id() {
    return id;
  }

  public long byteCount() {
    return byteCount;
  }

  /** Of a text, in the units of {@link String#length}; what its client has said if it is stored. */
  public long charCount() {
    return charCount < 0 ? text().length() : charCount;
  }

  /** The bytes of a value that is not stored; not to be changed. */
  public byte[] unsafeBytes() {
    if (bytes == null) {
      throw new IllegalStateException("the bytes lie in the store");
    }
    return bytes;
  }

  /** The text of a CLOB that is not stored. */
  public String text() {
    return new String(unsafeBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Lob lob
        && text == lob.text
        && id == lob.id
        && byteCount == lob.byteCount
        && Arrays.equals(bytes, lob.bytes);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(id) * 31 + Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return (text ? "CLOB" : "BLOB") + " of " + byteCount + " bytes";
  }
}

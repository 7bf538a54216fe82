package io.quorate.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Characters as UTF-8, counted on their way. Confined. */
final class Utf8Input extends InputStream {
  private static final int CHARS_AT_ONCE = 16 << 10;

  private final Reader reader;
  private long charsLeft;
  private long charCount;
  private byte[] bytes = {};
  private int next;
  private final char[] chars = new char[CHARS_AT_ONCE + 1];

  /** The first half of a pair whose second half is not read yet, or 0. */
  private char pending;

  /**
   * @param charsMax how many are read
   */
  Utf8Input(Reader reader, long charsMax) {
    this.reader = reader;
    this.charsLeft = charsMax;
  }

  /** Characters read so far, in the units of {@link String#length}. */
  long charCount() {
    return charCount;
  }

  private boolean fill() throws IOException {
    while (next == bytes.length) {
      int from = 0;
      if (pending != 0) {
        chars[from++] = pending;
        pending = 0;
      }
      int got =
          charsLeft == 0 ? -1 : reader.read(chars, from, (int) Math.min(CHARS_AT_ONCE, charsLeft));
      int count = from + Math.max(0, got);
      if (count == 0 && got < 0) {
        return false;
      }
      charsLeft -= Math.max(0, got);
      charCount += Math.max(0, got);
      if (got > 0 && Character.isHighSurrogate(chars[count - 1])) {
        pending = chars[--count];
      }
      bytes = new String(chars, 0, count).getBytes(StandardCharsets.UTF_8);
      next = 0;
    }
    return true;
  }

  @Override
  public int read() throws IOException {
    return fill() ? bytes[next++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, bytes.length - next);
    System.arraycopy(bytes, next, target, offset, count);
    next += count;
    return count;
  }
}

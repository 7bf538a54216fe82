package io.quorate.driver;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Characters as UTF-8, counted on their way. Confined. */
final class Utf8Input extends PartwiseInput {
  private static final int CHARS_AT_ONCE = 16 << 10;

  private final Reader reader;
  private long charsLeft;
  private long charCount;
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

  @Override
  byte @Nullable [] nextPart() throws IOException {
    int from = 0;
    if (pending != 0) {
      chars[from++] = pending;
      pending = 0;
    }
    int got =
        charsLeft == 0 ? -1 : reader.read(chars, from, (int) Math.min(CHARS_AT_ONCE, charsLeft));
    int count = from + Math.max(0, got);
    if (count == 0 && got < 0) {
      return null;
    }
    charsLeft -= Math.max(0, got);
    charCount += Math.max(0, got);
    if (got > 0 && Character.isHighSurrogate(chars[count - 1])) {
      pending = chars[--count];
    }
    return new String(chars, 0, count).getBytes(StandardCharsets.UTF_8);
  }
}

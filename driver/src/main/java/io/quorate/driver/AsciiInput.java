package io.quorate.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.util.Objects;

/** Characters as ASCII, with a question mark for each that is none. Confined. */
final class AsciiInput extends InputStream {
  private static final int ASCII_MAX = 0x7f;

  private final Reader reader;
  private final char[] chars = new char[8 << 10];

  AsciiInput(Reader reader) {
    this.reader = reader;
  }

  private static byte ascii(int unit) {
    return (byte) (unit > ASCII_MAX ? '?' : unit);
  }

  @Override
  public int read() throws IOException {
    int unit = reader.read();
    return unit < 0 ? -1 : ascii(unit);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    int count = length == 0 ? 0 : reader.read(chars, 0, Math.min(length, chars.length));
    for (int i = 0; i < count; i++) {
      target[offset + i] = ascii(chars[i]);
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}

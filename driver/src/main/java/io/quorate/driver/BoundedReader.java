package io.quorate.driver;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** A reader that ends after some characters. */
final class BoundedReader extends FilterReader {
  private long left;

  BoundedReader(Reader reader, long count) {
    super(reader);
    this.left = count;
  }

  @Override
  public int read() throws IOException {
    int unit = left == 0 ? -1 : in.read();
    left -= unit < 0 ? 0 : 1;
    return unit;
  }

  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    if (left == 0 && length > 0) {
      return -1;
    }
    int count = in.read(target, offset, (int) Math.min(left, length));
    left -= Math.max(0, count);
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = in.skip(Math.min(left, count));
    left -= skipped;
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}

package io.quorate.driver;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Bytes that come in parts, of which one is at hand. Confined. */
abstract class PartwiseInput extends InputStream {
  private byte[] part = {};
  private int next;

  /** The next part, which may be empty; null at the end. */
  abstract byte @Nullable [] nextPart() throws IOException;

  /** How many bytes of the part at hand have not been read. */
  final int atHand() {
    return part.length - next;
  }

  /** Passes over some of the bytes at hand. */
  final void passOver(int count) {
    next += count;
  }

  private boolean fill() throws IOException {
    while (next == part.length) {
      byte[] more = nextPart();
      if (more == null) {
        return false;
      }
      part = more;
      next = 0;
    }
    return true;
  }

  @Override
  public final int read() throws IOException {
    return fill() ? part[next++] & 0xff : -1;
  }

  @Override
  public final int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, atHand());
    System.arraycopy(part, next, target, offset, count);
    next += count;
    return count;
  }
}

package io.quorate.driver;

import io.quorate.driver.wire.WireLimits;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.Objects;

/** The bytes of a large value one after the other, a part of them at hand. Confined. */
final class LobInput extends InputStream {
  private final LobSource source;
  private final long end;
  private long position;
  private byte[] part = {};
  private int next;

  LobInput(LobSource source, long from, long end) {
    this.source = source;
    this.position = from;
    this.end = Math.min(end, source.byteCount());
  }

  private boolean fill() throws IOException {
    if (next < part.length) {
      return true;
    }
    if (position >= end) {
      return false;
    }
    try {
      part = source.read(position, (int) Math.min(WireLimits.VALUE_PART_BYTES, end - position));
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    }
    next = 0;
    if (part.length == 0) {
      throw new IOException("the value ends at " + position + ", not at " + end);
    }
    position += part.length;
    return true;
  }

  @Override
  public int read() throws IOException {
    return fill() ? part[next++] & 0xff : -1;
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
    int count = Math.min(length, part.length - next);
    System.arraycopy(part, next, target, offset, count);
    next += count;
    return count;
  }

  @Override
  public int available() {
    return part.length - next;
  }

  /** Without reading what is passed over. */
  @Override
  public long skip(long count) {
    long left = (long) part.length - next;
    if (count <= left) {
      next += (int) Math.max(0, count);
      return Math.max(0, count);
    }
    long further = Math.min(count - left, end - position);
    part = new byte[0];
    next = 0;
    position += further;
    return left + further;
  }
}

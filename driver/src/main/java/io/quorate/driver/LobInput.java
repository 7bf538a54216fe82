package io.quorate.driver;

import io.quorate.driver.wire.WireLimits;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The bytes of a large value one after the other. Confined. */
final class LobInput extends PartwiseInput {
  private final LobSource source;
  private final long end;
  private long position;

  LobInput(LobSource source, long from, long end) {
    this.source = source;
    this.position = from;
    this.end = Math.min(end, source.byteCount());
  }

  @Override
  byte @Nullable [] nextPart() throws IOException {
    if (position >= end) {
      return null;
    }
    byte[] part;
    try {
      part = source.read(position, (int) Math.min(WireLimits.VALUE_PART_BYTES, end - position));
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    }
    if (part.length == 0) {
      throw new IOException("the value ends at " + position + ", not at " + end);
    }
    position += part.length;
    return part;
  }

  @Override
  public int available() {
    return atHand();
  }

  /** Without reading what is passed over. */
  @Override
  public long skip(long count) {
    long wanted = Math.max(0, count);
    int here = (int) Math.min(wanted, atHand());
    passOver(here);
    long further = Math.max(0, Math.min(wanted - here, end - position));
    position += further;
    return here + further;
  }
}

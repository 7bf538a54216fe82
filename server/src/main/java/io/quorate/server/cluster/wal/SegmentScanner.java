package io.quorate.server.cluster.wal;

import io.quorate.server.cluster.wal.SegmentFormat.Header;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Looks for records in one segment, through a window that moves over it. Confined. */
final class SegmentScanner {
  private static final int WINDOW_BYTES = 1 << 20;

  private final Segment segment;
  private final SegmentFormat.Checksum checksum = new SegmentFormat.Checksum();
  private ByteBuffer window = ByteBuffer.allocate(0);
  private int windowStart;

  private int payloadBytes;
  private byte kind;
  private long index;
  private long term;
  private int batchStart;

  SegmentScanner(Segment segment) {
    this.segment = segment;
  }

  @Nullable Header header() throws IOException {
    if (segment.bytes() < SegmentFormat.HEADER_BYTES) {
      return null;
    }
    int at = at(0, SegmentFormat.HEADER_BYTES);
    return SegmentFormat.header(window, at);
  }

  /** Whether a whole record begins at {@code offset}; if so, the getters tell of it. */
  boolean record(int offset) throws IOException {
    if (segment.bytes() - offset < SegmentFormat.RECORD_HEADER_BYTES) {
      return false;
    }
    int at = at(offset, SegmentFormat.RECORD_HEADER_BYTES);
    payloadBytes = window.getInt(at);
    index = window.getLong(at + 8);
    term = window.getLong(at + 16);
    kind = window.get(at + 24);
    int zeros = window.getInt(at + 24) & 0xFFFFFF;
    batchStart = window.getInt(at + 28);
    if (kind < SegmentFormat.ENTRY || kind > SegmentFormat.CLEAN || zeros != 0) {
      return false;
    }
    int room = segment.bytes() - offset - SegmentFormat.RECORD_HEADER_BYTES;
    if (payloadBytes < 0 || payloadBytes > room || batchStart < 0 || batchStart > offset) {
      return false;
    }
    at = at(offset, SegmentFormat.RECORD_HEADER_BYTES + payloadBytes);
    ByteBuffer payload = window.slice(at + SegmentFormat.RECORD_HEADER_BYTES, payloadBytes);
    return window.getInt(at + 4) == checksum.of(segment.sequence(), offset, window, at, payload);
  }

  /**
   * The offset of a whole record at or behind {@code from} whose batch began behind {@code
   * position}, or -1. Such a record was written after everything up to {@code position} was synced.
   */
  int findSyncedBehind(int position, int from, int end) throws IOException {
    for (int offset = from; offset < end; offset += SegmentFormat.ALIGNMENT) {
      if (record(offset) && batchStart > position) {
        return offset;
      }
    }
    return -1;
  }

  /** The offset behind the last byte that is not zero; {@code from} if there is none behind it. */
  int nonZeroEnd(int from) throws IOException {
    int end = from;
    for (int offset = from; offset < segment.bytes(); ) {
      int length = Math.min(WINDOW_BYTES, segment.bytes() - offset);
      int at = at(offset, length);
      for (int i = length - 1; i >= 0; i--) {
        if (window.get(at + i) != 0) {
          end = offset + i + 1;
          break;
        }
      }
      offset += length;
    }
    return end;
  }

  /** Loads the window if need be and returns where in it {@code offset} is. */
  private int at(int offset, int length) throws IOException {
    boolean inside = offset >= windowStart && offset - windowStart + length <= window.limit();
    if (!inside) {
      int wanted = Math.min(Math.max(length, WINDOW_BYTES), segment.bytes() - offset);
      window = window.capacity() >= wanted ? window.clear() : ByteBuffer.allocate(wanted);
      window.limit(wanted);
      int read = segment.file().read(window, offset);
      windowStart = offset;
      window.flip();
      if (read < length) {
        throw new IOException(segment.name() + " ends at " + (offset + read));
      }
    }
    return offset - windowStart;
  }

  /** Bytes up to the next record. */
  int recordBytes() {
    return SegmentFormat.recordBytes(payloadBytes);
  }

  int payloadBytes() {
    return payloadBytes;
  }

  byte kind() {
    return kind;
  }

  long index() {
    return index;
  }

  long term() {
    return term;
  }
}

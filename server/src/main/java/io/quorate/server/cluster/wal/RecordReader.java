package io.quorate.server.cluster.wal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One entry's place, and how to read it. Immutable.
 *
 * @param segment the file
 * @param offset where its record begins
 * @param length bytes of its payload
 */
record RecordReader(Segment segment, int offset, int length, long index, long term) {

  /** The payload, checked against the place, the checksum, the index and the term. */
  ByteBuffer read() throws IOException {
    ByteBuffer whole = ByteBuffer.allocate(SegmentFormat.RECORD_HEADER_BYTES + length);
    segment.file().read(whole, offset);
    whole.flip();
    if (whole.limit() < whole.capacity()) {
      throw damaged("the file ends");
    }
    ByteBuffer payload = whole.slice(SegmentFormat.RECORD_HEADER_BYTES, length);
    int crc =
        new SegmentFormat.Checksum().of(segment.sequence(), offset, whole, 0, payload.duplicate());
    boolean same =
        whole.getInt(0) == length && whole.getLong(8) == index && whole.getLong(16) == term;
    if (whole.getInt(4) != crc || !same) {
      throw damaged("entry " + index + " is not what was written");
    }
    return payload;
  }

  private LogDamagedException damaged(String detail) {
    return new LogDamagedException(segment.name(), offset, index - 1, detail);
  }
}

package io.quorate.server.cluster.wal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Appends records to the active segment through one reused buffer. Confined to the log's writer.
 *
 * <p>A batch is what was put since the last sync; each of its records says where in the segment the
 * batch began, which is the proof that everything before was durable when it was written.
 */
final class SegmentWriter {
  /** JRaft hands over at most 256 KiB of entries at a time, so that a batch is one write. */
  private static final int BUFFER_BYTES = 1 << 20;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final ByteBuffer buffer;
  private final ByteBuffer fields = ByteBuffer.allocate(SegmentFormat.RECORD_HEADER_BYTES);
  private final SegmentFormat.Checksum checksum = new SegmentFormat.Checksum();
  private Segment segment;
  private int written;
  private int batchStart;
  private volatile long lastSyncNanos;

  /** Goes on in {@code segment} at {@code position}, behind which the file is zero. */
  SegmentWriter(Segment segment, int position) {
    this.segment = segment;
    this.written = position;
    this.batchStart = position;
    this.buffer = ByteBuffer.allocateDirect(Math.min(BUFFER_BYTES, segment.bytes()));
  }

  /** Begins another segment; its header becomes durable with the first batch. */
  void begin(Segment next, long nextIndex) {
    segment = next;
    written = 0;
    batchStart = 0;
    SegmentFormat.putHeader(buffer, next.sequence(), nextIndex);
  }

  Segment segment() {
    return segment;
  }

  /** Where the next record goes. */
  int position() {
    return written + buffer.position();
  }

  /** Whether nothing of this segment, not even its header, is known to be durable. */
  boolean isUnsynced() {
    return batchStart == 0;
  }

  /** Whether a record of such a payload leaves room for the one that ends the segment. */
  boolean fits(int payloadBytes) {
    long needed = SegmentFormat.recordBytes(payloadBytes) + (long) SegmentFormat.recordBytes(0);
    return position() + needed <= segment.bytes();
  }

  void put(byte kind, long index) throws IOException {
    put(kind, index, 0, NOTHING.duplicate());
  }

  /** Puts a record into the batch. Consumes {@code payload}. */
  void put(byte kind, long index, long term, ByteBuffer payload) throws IOException {
    int offset = position();
    int padding = SegmentFormat.padded(payload.remaining()) - payload.remaining();
    fields.clear();
    fields.putInt(payload.remaining()).putInt(0).putLong(index).putLong(term);
    fields.put(kind).put((byte) 0).putShort((short) 0).putInt(batchStart).flip();
    int crc = checksum.of(segment.sequence(), offset, fields, 0, payload.duplicate());
    fields.putInt(4, crc);
    putBytes(fields);
    putBytes(payload);
    for (int i = 0; i < padding; i++) {
      if (!buffer.hasRemaining()) {
        flush();
      }
      buffer.put((byte) 0);
    }
  }

  private void putBytes(ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      if (!buffer.hasRemaining()) {
        flush();
      }
      int length = Math.min(source.remaining(), buffer.remaining());
      buffer.put(buffer.position(), source, source.position(), length);
      buffer.position(buffer.position() + length);
      source.position(source.position() + length);
    }
  }

  private void flush() throws IOException {
    int length = buffer.flip().remaining();
    segment.file().write(buffer, written);
    written += length;
    buffer.clear();
  }

  /** Makes the batch durable: one write, unless it outgrew the buffer, and one sync. */
  void sync() throws IOException {
    if (buffer.position() > 0) {
      flush();
    }
    long begin = System.nanoTime();
    segment.file().sync();
    lastSyncNanos = System.nanoTime() - begin;
    batchStart = written;
  }

  /** How long the last sync took. From any thread. */
  long lastSyncNanos() {
    return lastSyncNanos;
  }
}

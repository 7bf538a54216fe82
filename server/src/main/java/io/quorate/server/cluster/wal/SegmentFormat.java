package io.quorate.server.cluster.wal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a log segment, version 1, as {@code docs/formats.md} draws them. Pure functions; all
 * numbers are big-endian.
 *
 * <p>A record's checksum covers its place as well: the same bytes in another segment or at another
 * offset are no record, be they stale or the payload of someone who knows this format.
 */
final class SegmentFormat {
  /** "QUORWAL" and a zero. */
  static final long MAGIC = 0x51554F5257414C00L;

  static final int VERSION = 1;
  static final int HEADER_BYTES = 32;
  static final int RECORD_HEADER_BYTES = 32;

  /** Records begin at multiples of this. */
  static final int ALIGNMENT = 8;

  static final byte ENTRY = 1;

  /** An entry that says who votes. */
  static final byte MEMBERSHIP = 2;

  /** Entries above the record's index are gone. */
  static final byte CUT = 3;

  /** The log is empty and goes on at the record's index. */
  static final byte RESET = 4;

  /** The log goes on in the next segment. */
  static final byte END = 5;

  /** The log was closed in order. */
  static final byte CLEAN = 6;

  private static final int SEED_BYTES = 40;

  private SegmentFormat() {}

  /** Bytes that a record with such a payload takes up. */
  static int recordBytes(int payloadBytes) {
    return RECORD_HEADER_BYTES + padded(payloadBytes);
  }

  static int padded(int payloadBytes) {
    return (payloadBytes + ALIGNMENT - 1) & -ALIGNMENT;
  }

  static void putHeader(ByteBuffer target, long sequence, long nextIndex) {
    target.putLong(MAGIC);
    target.putInt(VERSION);
    target.putInt(headerChecksum(VERSION, sequence, nextIndex));
    target.putLong(sequence);
    target.putLong(nextIndex);
  }

  /** The header at {@code offset}, or null if there is none that is whole. */
  static @Nullable Header header(ByteBuffer source, int offset) {
    if (source.limit() - offset < HEADER_BYTES || source.getLong(offset) != MAGIC) {
      return null;
    }
    int version = source.getInt(offset + 8);
    long sequence = source.getLong(offset + 16);
    long nextIndex = source.getLong(offset + 24);
    boolean whole = source.getInt(offset + 12) == headerChecksum(version, sequence, nextIndex);
    return whole ? new Header(version, sequence, nextIndex) : null;
  }

  private static int headerChecksum(int version, long sequence, long nextIndex) {
    ByteBuffer seed = ByteBuffer.allocate(28);
    seed.putLong(MAGIC).putInt(version).putLong(sequence).putLong(nextIndex).flip();
    CRC32C crc = new CRC32C();
    crc.update(seed);
    return (int) crc.getValue();
  }

  /**
   * What opens a segment.
   *
   * @param nextIndex the index that the next entry would have had when the segment was begun
   */
  record Header(int version, long sequence, long nextIndex) {}

  /** Checksums of records. Confined to one thread, and kept for its buffers. */
  static final class Checksum {
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer seed = ByteBuffer.allocate(SEED_BYTES);

    /**
     * The checksum of the record at {@code offset} of the segment {@code sequence}. The fields are
     * read from {@code fields}, a record header at {@code at}; its checksum field is ignored.
     */
    int of(long sequence, int offset, ByteBuffer fields, int at, ByteBuffer payload) {
      seed.clear();
      seed.putLong(sequence).putInt(offset).putInt(fields.getInt(at));
      seed.putLong(fields.getLong(at + 8)).putLong(fields.getLong(at + 16));
      seed.putLong(fields.getLong(at + 24));
      crc.reset();
      crc.update(seed.flip());
      crc.update(payload);
      return (int) crc.getValue();
    }
  }
}

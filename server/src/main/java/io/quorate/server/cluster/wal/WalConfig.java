package io.quorate.server.cluster.wal;

import io.quorate.server.lang.Invariant;

/**
 * Sizes of the write-ahead log.
 *
 * @param segmentBytes length of a segment file; at 64 MiB a segment takes about 300 000 entries of
 *     200 B, and filling it with zeros in advance takes a disk of 500 MB/s an eighth of a second
 * @param entryBytesMax the largest payload; one that outgrows a segment gets a file of its own
 */
public record WalConfig(int segmentBytes, int entryBytesMax) {
  /** Room for the header and a few records of a page each. */
  public static final int SEGMENT_BYTES_MIN = 64 << 10;

  /** Offsets are ints, and an oversized file needs some room beyond its entry. */
  public static final int SEGMENT_BYTES_MAX = 1 << 30;

  private static final int PAGE_BYTES = 4096;

  public WalConfig {
    Invariant.check(
        segmentBytes % PAGE_BYTES == 0,
        "a log segment is a multiple of %s bytes, not %s",
        PAGE_BYTES,
        segmentBytes);
    Invariant.check(
        segmentBytes >= SEGMENT_BYTES_MIN && segmentBytes <= SEGMENT_BYTES_MAX,
        "a log segment is %s to %s bytes, not %s",
        SEGMENT_BYTES_MIN,
        SEGMENT_BYTES_MAX,
        segmentBytes);
    Invariant.check(
        entryBytesMax > 0 && entryBytesMax <= SEGMENT_BYTES_MAX,
        "a log entry is 1 to %s bytes, not %s",
        SEGMENT_BYTES_MAX,
        entryBytesMax);
  }

  /** Segments of 64 MiB, entries of at most 16 MiB. */
  public static WalConfig defaults() {
    return new WalConfig(64 << 20, 16 << 20);
  }
}

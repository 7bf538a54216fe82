package io.quorate.server.config;

/**
 * The replicated log on this node's disk. Keys {@code log.…}.
 *
 * @param segmentBytes size of one log file
 * @param inFlightBytes proposals that may wait for a majority at once
 * @param entryBytesMax the largest entry
 * @param snapshotLogBytes log written since the last snapshot that calls for a new one
 */
public record LogConfig(
    @Setting("64MiB") long segmentBytes,
    @Setting("64MiB") long inFlightBytes,
    @Setting("8MiB") long entryBytesMax,
    @Setting("256MiB") long snapshotLogBytes) {
  private static final long SEGMENT_BYTES_MIN = 64L << 10;
  private static final long SEGMENT_BYTES_MAX = 1L << 30;
  private static final long ENTRY_BYTES_MIN = 4L << 10;

  /**
   * An append message carries one such entry and at most 512 KiB of others, in a frame of 16 MiB.
   */
  private static final long ENTRY_BYTES_MAX = 8L << 20;

  public LogConfig {
    ConfigException.require(
        segmentBytes >= SEGMENT_BYTES_MIN && segmentBytes <= SEGMENT_BYTES_MAX,
        "log.segment_bytes is between 64KiB and 1GiB, not %s",
        Quantity.format(segmentBytes));
    ConfigException.require(
        entryBytesMax >= ENTRY_BYTES_MIN && entryBytesMax <= ENTRY_BYTES_MAX,
        "log.entry_bytes_max is between 4KiB and 8MiB, not %s",
        Quantity.format(entryBytesMax));
    ConfigException.require(
        inFlightBytes >= entryBytesMax,
        "log.in_flight_bytes %s is less than log.entry_bytes_max %s",
        Quantity.format(inFlightBytes),
        Quantity.format(entryBytesMax));
    ConfigException.require(
        snapshotLogBytes >= segmentBytes,
        "log.snapshot_log_bytes %s is less than log.segment_bytes %s",
        Quantity.format(snapshotLogBytes),
        Quantity.format(segmentBytes));
  }
}

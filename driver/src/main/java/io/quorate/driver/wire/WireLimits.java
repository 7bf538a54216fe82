package io.quorate.driver.wire;

/** The bounds of the protocol; both sides keep them. */
public final class WireLimits {
  /** All of a frame behind its length: room for the largest value and for a batch of a loader. */
  public static final int FRAME_BYTES_MAX = 16 << 20;

  /**
   * Encoded rows of one answer, unless a single row is larger: about a round trip's worth at 1
   * GB/s.
   */
  public static final int ROW_BLOCK_BYTES = 1 << 20;

  /** Of a large value in one frame: some of the chunks that nodes keep, and a multiple of them. */
  public static final int VALUE_PART_BYTES = 512 << 10;

  /** Columns of a result, parameters of a statement. */
  public static final int COLUMNS_MAX = 16_384;

  /** Elements of an array; a row of the log has no more bytes than eight times that. */
  public static final int ARRAY_ITEMS_MAX = 1 << 20;

  /** Arrays of arrays. */
  public static final int ARRAY_DEPTH_MAX = 6;

  /** Digits before or behind the point that a DECIMAL may ask a reader to write out. */
  public static final int DECIMAL_SCALE_MAX = 32_767;

  /** About 39,000 digits. */
  public static final int DECIMAL_BYTES_MAX = 16_384;

  /** Settings in one message; there are a few dozen names. */
  public static final int SETTINGS_MAX = 256;

  /** Members of a topology. */
  public static final int MEMBERS_MAX = 1_024;

  /** Of one message of an authentication: what {@code ScramLimits} allows, in UTF-8. */
  public static final int AUTHENTICATION_BYTES_MAX = 16 << 10;

  /** A frame of somebody who has not been let in: HELLO with all settings there are. */
  public static final int GREETING_BYTES_MAX = 64 << 10;

  private WireLimits() {}
}

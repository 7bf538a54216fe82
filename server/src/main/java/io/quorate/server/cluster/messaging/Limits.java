package io.quorate.server.cluster.messaging;

import java.time.Duration;

/** The bounds of this room, each with the sum that chose it. */
public final class Limits {
  /**
   * The largest frame. A log entry stays below 8 MiB; one append adds at most 512 KiB of others
   * before it; a snapshot travels in pieces of 128 KiB. Twice the entry leaves room for headers.
   */
  public static final int FRAME_BYTES_MAX = 16 << 20;

  /**
   * Calls to one member that wait for an answer; a power of two. Consensus keeps at most 256
   * appends in flight; the rest is for forwarded questions, of which a node has as many as it has
   * statement threads. The table costs 32 KiB a member, and a scan of it some microseconds.
   */
  static final int PENDING_CALLS_PER_MEMBER = 4096;

  /** How often time-outs are looked for: a tenth of the shortest one in use. */
  static final Duration TIMEOUT_SCAN_INTERVAL = Duration.ofMillis(50);

  /**
   * A call that may take longer than this is asked after this often: its answer may be lost, and
   * its deadline, that of a snapshot's way, is minutes off.
   */
  static final Duration REMINDER_INTERVAL = Duration.ofSeconds(2);

  /** Former addresses remembered per member; a late frame of an older process is a rarity. */
  static final int RETIRED_ADDRESSES_PER_MEMBER = 16;

  /** The length of an error's text on the wire; it is a line for a log. */
  static final int ERROR_TEXT_CHARS_MAX = 1000;

  private Limits() {}
}

package io.quorate.server.frontend;

import java.time.Duration;

/** The bounds of the client port. */
final class Limits {
  static final int BACKLOG = 1024;

  /** Statements that run at once; most of their time they wait for the log. */
  static final int STATEMENTS_RUNNING = 128;

  /** Statements that wait for a thread: a second's worth of small ones. */
  static final int STATEMENTS_WAITING = 1024;

  /** Requests of one connection that were read and did not run yet; then it is not read from. */
  static final int REQUESTS_READ = 16;

  /** A request that is larger runs on a worker, whatever it asks for. */
  static final int RUN_AT_ONCE_BYTES = 8 << 10;

  /** Short requests of one connection that run on the event loop before others get their turn. */
  static final int RUN_AT_ONCE = 64;

  /** What the largest frame of the native protocol may have as well. */
  static final int HTTP_BODY_BYTES = 16 << 20;

  /** Bytes of a body beyond its bound that are read for the sake of a readable answer. */
  static final long HTTP_DISCARDED_BYTES = 64L << 20;

  static final int HTTP_LINE_BYTES = 8 << 10;
  static final int HTTP_HEADER_BYTES = 32 << 10;
  static final int HTTP_CHUNK_BYTES = 64 << 10;

  /**
   * Of bodies and frames that are being read, of all connections together: sixteen of the largest,
   * or thousands of usual ones; in a small heap at most an eighth of it.
   */
  static final long REQUEST_BYTES = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8);

  /**
   * Bytes of answers a slow client may have before it; above, its next request waits. Ten thousand
   * clients that take nothing at all keep 640 MB so; what is above is counted, see {@link
   * #ANSWER_BYTES}.
   */
  static final int ANSWER_BYTES_HIGH = 64 << 10;

  static final int ANSWER_BYTES_LOW = 32 << 10;

  /**
   * Of answers that slow clients have not taken, of all of them that are above the mark: two
   * hundred blocks of rows; in a small heap at most an eighth of it, but a few of the largest
   * frames.
   */
  static final long ANSWER_BYTES =
      Math.max(64L << 20, Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8));

  /** Handshakes of TLS that wait for a thread: what the backlog holds. */
  static final int HANDSHAKES_WAITING = 1024;

  static final int HANDSHAKES_RUNNING = 2;

  /** For the first bytes, which say the protocol, and for the handshakes of TLS and ours. */
  static final Duration GREETING = Duration.ofSeconds(10);

  /**
   * Frames of a client that has not been let in: HELLO, AUTHENTICATE, and pings of a patient one.
   */
  static final int FRAMES_OUTSIDE = 16;

  /** Between two bytes of a request. */
  static final Duration REQUEST_STALL = Duration.ofSeconds(30);

  /** For an answer to be taken by the client. */
  static final Duration ANSWER_STALL = Duration.ofSeconds(60);

  /**
   * Longer than clients keep a connection in their pools, so that they do not meet a closed one.
   */
  static final Duration HTTP_IDLE = Duration.ofMinutes(15);

  /** A pool of an application may rest over night. */
  static final Duration NATIVE_IDLE = Duration.ofHours(24);

  /** Frames up to this size are not counted: it is their number that is bounded. */
  static final int SMALL_REQUEST_BYTES = 64 << 10;

  /** When the port closes: for what runs, and then for what was cancelled. */
  static final Duration DRAIN = Duration.ofSeconds(3);

  private Limits() {}
}

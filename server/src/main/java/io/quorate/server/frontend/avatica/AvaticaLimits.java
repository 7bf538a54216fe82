package io.quorate.server.frontend.avatica;

import java.time.Duration;

/** The bounds of what Avatica's clients leave on a node. */
final class AvaticaLimits {
  /** Half of the sessions of a node, so that forgotten ones never keep drivers out. */
  static final int CONNECTIONS = 1000;

  /** Of one connection; a client that opens more has forgotten to close them. */
  static final int STATEMENTS = 4096;

  /** Rows of one frame when the client names no bound. */
  static final int FRAME_ROWS = 10_000;

  /** Estimated bytes of values after which a frame ends: Avatica writes each of them twice. */
  static final int FRAME_BYTES = 4 << 20;

  /** Rows asked for at a time while a frame is filled, so that its bytes are counted in between. */
  static final int ROWS_AT_ONCE = 128;

  /** Statements of one batch of texts. */
  static final int BATCH = 100_000;

  /** The client sends no timeout, whatever it was told. */
  static final Duration STATEMENT_TIMEOUT = Duration.ofMinutes(10);

  /** How long a request waits for the one before on the same connection. */
  static final Duration BUSY_TIMEOUT = Duration.ofSeconds(30);

  /** How long a cancelled statement has to end when the port closes. */
  static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(1);

  /**
   * A client tells nobody when it goes, so what is not used at all ends by itself; a pool of an
   * application may rest over night.
   */
  static final Duration CONNECTION_IDLE = Duration.ofHours(24);

  /** What was not used for so long makes room when there is none. */
  static final Duration MAKES_ROOM = Duration.ofMinutes(5);

  private AvaticaLimits() {}
}

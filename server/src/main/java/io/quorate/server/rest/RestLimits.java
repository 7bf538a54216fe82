package io.quorate.server.rest;

import io.quorate.sql.catalog.KeyValueTable;
import java.time.Duration;

/** The bounds of what one request may cost. */
final class RestLimits {
  /** The largest value in its longest characters, and room for the key and the braces. */
  static final int BODY_BYTES = 4 * KeyValueTable.VALUE_CHARACTERS_MAX + (64 << 10);

  /** Rows of one answer: more are for a driver, which takes them as it reads them. */
  static final int ROWS = 10_000;

  /** Bytes of one answer's JSON; as many again while it grows. */
  static final int ANSWER_BYTES = 8 << 20;

  /** Asked for at a time, so that bytes are counted in between. */
  static final int ROWS_AT_ONCE = 128;

  /** Of a statement whose request names none. */
  static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** That a request may name. */
  static final Duration TIMEOUT_MAX = Duration.ofMinutes(1);

  /** For one key: an election, and some. */
  static final Duration KEY_TIMEOUT = Duration.ofSeconds(10);

  private RestLimits() {}
}

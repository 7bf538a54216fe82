package io.quorate.server.session;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Names of sessions: who knows one may use it, so they are not to be guessed. */
final class SessionIds {
  private static final int BYTES = 16;

  /** Characters of an id that may be shown to others: too few to use it. */
  static final int SHOWN = 8;

  private SessionIds() {}

  static String next(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}

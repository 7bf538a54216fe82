package io.quorate.driver.auth;

/** The bounds of the exchange; both sides keep them. */
public final class ScramLimits {
  /** Fewer make guessing cheap; RFC 7677 §4 asks for at least so many. */
  public static final int ITERATIONS_MIN = 4096;

  /** About 0.3 s of computing, which nobody must be made to do for a longer time. */
  public static final int ITERATIONS_MAX = 600_000;

  public static final int SALT_BYTES_MIN = 8;
  public static final int SALT_BYTES_MAX = 64;

  /** Of SHA-256: each key, proof and signature. */
  public static final int KEY_BYTES = 32;

  /** A name of 128 characters, escaped and in UTF-8, with nonces, fits several times. */
  public static final int MESSAGE_CHARS_MAX = 4096;

  /** Two nonces of each side's choice. */
  static final int NONCE_CHARS_MAX = 512;

  /** 144 bits, as text. */
  static final int NONCE_BYTES = 18;

  private ScramLimits() {}
}

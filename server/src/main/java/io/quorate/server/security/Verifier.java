package io.quorate.server.security;

import io.quorate.driver.auth.SaslPrep;
import io.quorate.driver.auth.ScramException;
import io.quorate.driver.auth.ScramKeys;
import io.quorate.driver.auth.ScramLimits;
import io.quorate.driver.auth.ScramMessage;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * What is kept of a password: enough to check it, not enough to play the user. As text {@code
 * SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey}, bytes in Base64 (RFC 5803's content in
 * PostgreSQL's form). Immutable.
 */
final class Verifier {
  /** How each begins, and no password may. */
  static final String PREFIX = "SCRAM-SHA-256$";

  private static final int SALT_BYTES = 16;

  private final int iterations;
  private final byte[] salt;
  private final byte[] storedKey;
  private final byte[] serverKey;

  private Verifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
    this.iterations = iterations;
    this.salt = salt;
    this.storedKey = storedKey;
    this.serverKey = serverKey;
  }

  /**
   * The verifier of a password, with a salt of its own.
   *
   * @throws ScramException when no password looks so
   */
  static Verifier of(String password, int iterations, RandomGenerator random)
      throws ScramException {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    ScramKeys keys = ScramKeys.of(SaslPrep.prepare(password), salt, iterations);
    return new Verifier(iterations, salt, keys.storedKey(), keys.serverKey());
  }

  /**
   * Reads the text.
   *
   * @throws ScramException when it is none, or its numbers are out of bounds
   */
  static Verifier parse(String text) throws ScramException {
    String[] parts =
        text.startsWith(PREFIX) ? text.substring(PREFIX.length()).split("[$:]", -1) : new String[0];
    if (parts.length != 4) {
      throw new ScramException("a verifier is SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey");
    }
    return new Verifier(
        ScramMessage.iterations(parts[0]),
        ScramMessage.bytes(parts[1], ScramLimits.SALT_BYTES_MIN, ScramLimits.SALT_BYTES_MAX),
        ScramMessage.bytes(parts[2], ScramLimits.KEY_BYTES, ScramLimits.KEY_BYTES),
        ScramMessage.bytes(parts[3], ScramLimits.KEY_BYTES, ScramLimits.KEY_BYTES));
  }

  /**
   * One that no password fits, always the same for a name, so that a user who does not exist looks
   * like one who does.
   */
  static Verifier madeUp(String user, byte[] secret, int iterations) {
    String name = user.toUpperCase(Locale.ROOT);
    return new Verifier(
        iterations,
        Arrays.copyOf(ScramKeys.hmac(secret, "salt " + name), SALT_BYTES),
        ScramKeys.hmac(secret, "stored " + name),
        ScramKeys.hmac(secret, "server " + name));
  }

  int iterations() {
    return iterations;
  }

  String salt() {
    return Base64.getEncoder().encodeToString(salt);
  }

  /** Whether the proof can only come from who knows the password. Takes the same time always. */
  boolean isProof(byte[] proof, String authMessage) {
    byte[] clientKey = ScramKeys.xor(proof, ScramKeys.hmac(storedKey, authMessage));
    return MessageDigest.isEqual(ScramKeys.sha256(clientKey), storedKey);
  }

  /** That this side knows the user. */
  byte[] signature(String authMessage) {
    return ScramKeys.hmac(serverKey, authMessage);
  }

  /** Whether it is the password. Computes for milliseconds. */
  boolean isPassword(String password) {
    try {
      ScramKeys keys = ScramKeys.of(SaslPrep.prepare(password), salt, iterations);
      return MessageDigest.isEqual(keys.storedKey(), storedKey);
    } catch (ScramException e) {
      return false;
    }
  }

  /** The text that is stored. */
  String text() {
    Base64.Encoder base64 = Base64.getEncoder();
    return PREFIX
        + iterations
        + ':'
        + salt()
        + '$'
        + base64.encodeToString(storedKey)
        + ':'
        + base64.encodeToString(serverKey);
  }

  @Override
  public String toString() {
    return "Verifier";
  }
}

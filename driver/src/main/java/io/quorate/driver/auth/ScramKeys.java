package io.quorate.driver.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What follows from a password and a salt (RFC 5802 §3, with SHA-256 as RFC 7677 has it).
 * Immutable.
 */
public final class ScramKeys {
  private static final String HMAC = "HmacSHA256";

  private final byte[] clientKey;
  private final byte[] storedKey;
  private final byte[] serverKey;

  private ScramKeys(byte[] saltedPassword) {
    this.clientKey = hmac(saltedPassword, "Client Key");
    this.storedKey = sha256(clientKey);
    this.serverKey = hmac(saltedPassword, "Server Key");
  }

  /**
   * The keys of a password. Takes milliseconds of computing, as it is meant to.
   *
   * @param prepared by {@link SaslPrep}
   * @param iterations within {@link ScramLimits}
   */
  public static ScramKeys of(String prepared, byte[] salt, int iterations) {
    PBEKeySpec spec =
        new PBEKeySpec(prepared.toCharArray(), salt, iterations, ScramLimits.KEY_BYTES * Byte.SIZE);
    try {
      SecretKeyFactory factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
      return new ScramKeys(factory.generateSecret(spec).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot compute PBKDF2 with SHA-256", e);
    } finally {
      spec.clearPassword();
    }
  }

  /** What the server keeps to check a proof; no client can be played with it. */
  public byte[] storedKey() {
    return storedKey.clone();
  }

  /** What the server keeps to prove itself. */
  public byte[] serverKey() {
    return serverKey.clone();
  }

  /** That the client knows the password. */
  byte[] proof(String authMessage) {
    return xor(clientKey, hmac(storedKey, authMessage));
  }

  /** Whether the server knows the user. Takes the same time whatever the bytes are. */
  boolean isSignature(byte[] signature, String authMessage) {
    return MessageDigest.isEqual(hmac(serverKey, authMessage), signature);
  }

  public static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }

  public static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Of two arrays of one length. */
  public static byte[] xor(byte[] one, byte[] other) {
    byte[] result = new byte[one.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (byte) (one[i] ^ other[i]);
    }
    return result;
  }

  /** A text that nobody has seen before, without commas. */
  public static String nonce(Random random) {
    byte[] bytes = new byte[ScramLimits.NONCE_BYTES];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "ScramKeys";
  }
}

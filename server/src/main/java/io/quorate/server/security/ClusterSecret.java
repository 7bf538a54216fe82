package io.quorate.server.security;

import io.quorate.server.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What all members of a cluster know and nobody else does. Immutable; the secret itself leaves it
 * by no method, only keys for one purpose each.
 */
public final class ClusterSecret {
  private static final String HMAC = "HmacSHA256";

  /** Who sees a token can try secrets at leisure: 32 bytes that were drawn are out of reach. */
  private static final int BYTES_MIN = 32;

  private static final int BYTES_MAX = 4096;

  private final byte[] secret;

  ClusterSecret(byte[] secret) {
    this.secret = secret.clone();
  }

  /**
   * Reads the file; a line end behind the secret does not count.
   *
   * @throws ConfigException in one line, which does not show what the file holds
   */
  public static ClusterSecret read(Path file) {
    try {
      ConfigException.require(
          Files.size(file) <= BYTES_MAX, "cluster.secret_file %s is too large for a secret", file);
      byte[] bytes = withoutLineEnd(Files.readAllBytes(file));
      ConfigException.require(
          bytes.length >= BYTES_MIN,
          "cluster.secret_file %s holds less than %s bytes, which can be guessed; make it by: openssl rand -base64 32",
          file,
          BYTES_MIN);
      return new ClusterSecret(bytes);
    } catch (NoSuchFileException e) {
      throw new ConfigException("cluster.secret_file " + file + " does not exist", e);
    } catch (IOException e) {
      throw new ConfigException("cluster.secret_file " + file + " cannot be read: " + e, e);
    }
  }

  private static byte[] withoutLineEnd(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.replaceFirst("\\R\\z", "").getBytes(StandardCharsets.ISO_8859_1);
  }

  /** What proves the secret for one purpose and tells nothing about it for any other. */
  byte[] proof(String purpose, String message) {
    return hmac(hmac(secret, purpose), message);
  }

  private static byte[] hmac(byte[] key, String message) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException(HMAC + " is part of every JDK", e);
    }
  }
}

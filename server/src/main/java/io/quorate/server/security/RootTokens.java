package io.quorate.server.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens that make an administrator of whoever shows one, for as long as they last. Made of the
 * cluster's secret, so that every member takes them and nothing has to be kept. Immutable.
 *
 * <p>The form is {@code qrt1.<seconds since 1970>.<drawn>.<proof>}; all of it may stand in a header
 * as it is (RFC 6750).
 */
public final class RootTokens {
  /** A token cannot be taken back but by another secret. */
  public static final Duration LIFETIME_MAX = Duration.ofDays(7);

  private static final String PURPOSE = "quorate root token 1";
  private static final Pattern FORM =
      Pattern.compile("(qrt1\\.([0-9]{1,12})\\.[A-Za-z0-9_-]{16})\\.([A-Za-z0-9_-]{43})");

  /** That no two tokens of a second are the same. */
  private static final int DRAWN_BYTES = 12;

  private final ClusterSecret secret;

  public RootTokens(ClusterSecret secret) {
    this.secret = secret;
  }

  /**
   * A new token.
   *
   * @param lifetime more than nothing, {@link #LIFETIME_MAX} at most; seconds count
   */
  public String issue(Duration lifetime, Instant now, SecureRandom random) {
    if (lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(LIFETIME_MAX) > 0) {
      throw new IllegalArgumentException("a token lasts 1 second to 7 days, not " + lifetime);
    }
    byte[] drawn = new byte[DRAWN_BYTES];
    random.nextBytes(drawn);
    String said = "qrt1." + now.plus(lifetime).getEpochSecond() + "." + base64(drawn);
    return said + "." + proof(said);
  }

  /** Whether the token was made of the same secret and its time is not over. */
  boolean isValid(String token, Instant now) {
    Matcher form = FORM.matcher(token);
    if (!form.matches()) {
      return false;
    }
    // In constant time: how much of a guess is right must not be told.
    boolean ours = MessageDigest.isEqual(ascii(proof(form.group(1))), ascii(form.group(3)));
    return ours && now.getEpochSecond() < Long.parseLong(form.group(2));
  }

  private String proof(String said) {
    return base64(secret.proof(PURPOSE, said));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

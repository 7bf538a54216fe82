package io.quorate.server.security;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Tokens of secrets that are made for a test. */
public final class Tokens {
  public static final String SECRET = "a secret of thirty-two bytes, at least";

  private Tokens() {}

  static RootTokens of(String secret) {
    return new RootTokens(new ClusterSecret(secret.getBytes(StandardCharsets.UTF_8)));
  }

  /** One of {@link #SECRET} that is good for an hour from {@code now}. */
  public static String issue(Instant now) {
    return of(SECRET).issue(Duration.ofHours(1), now, new SecureRandom());
  }

  /** What takes tokens of {@link #SECRET}. */
  public static TokenEntrance entrance(boolean encrypted, Instant now) {
    return new TokenEntrance(Optional.of(of(SECRET)), encrypted, InstantSource.fixed(now));
  }
}

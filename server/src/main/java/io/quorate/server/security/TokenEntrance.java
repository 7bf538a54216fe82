package io.quorate.server.security;

import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets in who shows a token of the cluster's secret, where nobody can read it on its way. */
public final class TokenEntrance {
  /** What a server asks with, beside what it asks for a password with. */
  public static final String CHALLENGE = "Bearer realm=\"quorate\"";

  private static final String SCHEME = "bearer ";

  /** Stands for the user in what is remembered and logged of failures. */
  private static final String TOKEN = "(token)";

  private final Optional<RootTokens> tokens;
  private final boolean encrypted;
  private final InstantSource clock;

  /**
   * @param tokens empty for a node that knows no secret
   * @param encrypted whether nobody on the way reads what clients send
   */
  public TokenEntrance(Optional<RootTokens> tokens, boolean encrypted, InstantSource clock) {
    this.tokens = tokens;
    this.encrypted = encrypted;
    this.clock = clock;
  }

  /** One that lets nobody in. */
  public static TokenEntrance closed() {
    return new TokenEntrance(Optional.empty(), false, InstantSource.system());
  }

  /** Whether some token could be taken. */
  public boolean isOpen() {
    return encrypted && tokens.isPresent();
  }

  /** Whether a header Authorization shows a token, be it a right one or not. */
  public static boolean isShown(@Nullable String header) {
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  /**
   * Returns where the header shows a token that is taken.
   *
   * @param failures where what fails is remembered and logged
   * @throws EntryRefused when it is not, or the header shows none
   */
  public void enter(@Nullable String header, Entrance failures, String address)
      throws EntryRefused {
    if (tokens.isEmpty()) {
      throw failures.refused(
          "this node takes no tokens: it was started without cluster.secret_file", TOKEN, address);
    } else if (!encrypted) {
      throw failures.refused(
          "tokens are taken by TLS only, and this port has none (tls.cert, tls.key)",
          TOKEN,
          address);
    } else if (header == null || !isShown(header)) {
      throw failures.refused(
          "a token is needed, in the header Authorization: Bearer; quorate token makes one",
          TOKEN,
          address);
    } else if (!tokens.get().isValid(header.substring(SCHEME.length()).strip(), clock.instant())) {
      throw failures.refused("the token is of another secret, or its time is over", TOKEN, address);
    }
  }
}

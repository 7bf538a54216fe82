package io.quorate.server.security;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A user and a password from a header of HTTP (RFC 7617, in UTF-8). Immutable. */
public record BasicCredentials(String user, String password) {
  /** What a server asks with. */
  public static final String CHALLENGE = "Basic realm=\"quorate\", charset=\"UTF-8\"";

  private static final String SCHEME = "basic ";
  private static final int HEADER_CHARS_MAX = 8 << 10;

  /** What the header holds; empty where it is missing, of another scheme, or none. */
  public static Optional<BasicCredentials> parse(@Nullable String header) {
    if (header == null
        || header.length() > HEADER_CHARS_MAX
        || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    String pair;
    try {
      byte[] utf8 = Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
      pair = new String(utf8, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    int colon = pair.indexOf(':');
    return colon < 0
        ? Optional.empty()
        : Optional.of(new BasicCredentials(pair.substring(0, colon), pair.substring(colon + 1)));
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "BasicCredentials[" + user + "]";
  }
}

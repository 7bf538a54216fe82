package io.quorate.server.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who may enter first. Keys {@code security.…}.
 *
 * @param user is created as soon as nobody has a password; empty for none. A name as SQL has it
 *     without quotes: upper and lower case are one
 * @param passwordFile holds the user's password, or a ready verifier, and at most a line end behind
 * @param iterations of SCRAM-SHA-256 for new passwords
 */
public record SecurityConfig(
    @Setting("") String user,
    @Setting("") @Nullable Path passwordFile,
    @Setting("4096") String iterations) {
  private static final int ITERATIONS_MIN = 4096;
  private static final int ITERATIONS_MAX = 600_000;

  public SecurityConfig {
    ConfigException.require(
        user.isEmpty() == (passwordFile == null),
        "security.user and security.password_file belong together, but only one is set");
    ConfigException.require(
        user.matches("[A-Za-z0-9_.@-]{0,128}"),
        "security.user is at most 128 of A-Z a-z 0-9 _ . @ -, not \"%s\"",
        user);
    boolean number = iterations.matches("[0-9]{1,7}");
    int count = number ? Integer.parseInt(iterations) : 0;
    ConfigException.require(
        count >= ITERATIONS_MIN && count <= ITERATIONS_MAX,
        "security.iterations is between %s and %s, not \"%s\"",
        ITERATIONS_MIN,
        ITERATIONS_MAX,
        iterations);
  }

  /** Whether a first user is named, so that nobody enters without a password. */
  public boolean demandsPassword() {
    return !user.isEmpty();
  }

  /** The number that {@link #iterations} says. */
  public int iterationCount() {
    return Integer.parseInt(iterations);
  }
}

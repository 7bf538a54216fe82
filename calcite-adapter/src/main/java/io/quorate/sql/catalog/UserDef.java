package io.quorate.sql.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A user. Immutable.
 *
 * @param name as it is stored: what was not quoted is in upper case
 * @param verifier what a password is held against, as text; null for a user without a password, who
 *     cannot enter where passwords are asked for
 * @param createdMillis since 1970-01-01T00:00Z
 */
public record UserDef(String name, @Nullable String verifier, long createdMillis) {

  /** Without the verifier, which is nobody's business. */
  @Override
  public String toString() {
    return "UserDef[" + name + (verifier == null ? "]" : ", with a password]");
  }
}

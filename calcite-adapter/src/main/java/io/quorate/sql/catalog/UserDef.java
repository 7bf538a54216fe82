package io.quorate.sql.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A user. Immutable.
 *
 * @param name as it is stored: what was not quoted is in upper case
 * @param verifier what a password is held against, as text; null for a user without a password, who
 *     cannot enter where passwords are asked for
 * @param createdMillis since 1970-01-01T00:00Z
 * @param admin whether it may do everything
 */
public record UserDef(String name, @Nullable String verifier, long createdMillis, boolean admin) {

  /** An administrator, which every user was before there were privileges. */
  public UserDef(String name, @Nullable String verifier, long createdMillis) {
    this(name, verifier, createdMillis, true);
  }

  UserDef withVerifier(@Nullable String other) {
    return new UserDef(name, other, createdMillis, admin);
  }

  UserDef withAdmin(boolean other) {
    return new UserDef(name, verifier, createdMillis, other);
  }

  /** Whether it can enter, and do everything then. */
  boolean canAdminister() {
    return admin && verifier != null;
  }

  /** Without the verifier, which is nobody's business. */
  @Override
  public String toString() {
    return "UserDef[" + name + (verifier == null ? "]" : ", with a password]");
  }
}

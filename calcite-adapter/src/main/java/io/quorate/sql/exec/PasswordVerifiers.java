package io.quorate.sql.exec;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.random.RandomGenerator;

/**
 * Makes of a password what is stored in its place. Implemented by the server; thread-safe; takes
 * some milliseconds of computing.
 */
public interface PasswordVerifiers {

  /**
   * The verifier of a password; a text that is a verifier already stays as it is.
   *
   * @param random for the salt, so not to be guessed
   * @throws SqlFailure {@link State#INVALID_PARAMETER} when it cannot be a password; the message
   *     does not repeat it
   */
  String verifierOf(String password, RandomGenerator random);

  /** Takes none. */
  PasswordVerifiers NONE =
      (password, random) -> {
        throw new SqlFailure(State.NOT_SUPPORTED, "passwords are not supported here");
      };
}

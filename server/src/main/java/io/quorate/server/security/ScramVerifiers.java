package io.quorate.server.security;

import io.quorate.driver.auth.ScramException;
import io.quorate.driver.auth.ScramLimits;
import io.quorate.sql.exec.PasswordVerifiers;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.random.RandomGenerator;

/** Makes verifiers of SCRAM-SHA-256 for the passwords of CREATE and ALTER USER. Immutable. */
public final class ScramVerifiers implements PasswordVerifiers {
  private final int iterations;

  /**
   * @param iterations of new verifiers, within {@link ScramLimits}
   */
  public ScramVerifiers(int iterations) {
    this.iterations = iterations;
  }

  @Override
  public String verifierOf(String password, RandomGenerator random) {
    try {
      return password.startsWith(Verifier.PREFIX)
          ? Verifier.parse(password).text()
          : Verifier.of(password, iterations, random).text();
    } catch (ScramException e) {
      throw new SqlFailure(State.INVALID_PARAMETER, String.valueOf(e.getMessage()));
    }
  }
}

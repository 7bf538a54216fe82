package io.quorate.driver.auth;

/** The other side did not say what SCRAM wants, or proved nothing. Holds no secret. */
public final class ScramException extends Exception {
  private static final long serialVersionUID = 1L;

  public ScramException(String message) {
    super(message);
  }
}

package io.quorate.server.lang;

/** A bug or corrupted data was found. The node that throws it stops; nothing recovers from it. */
public final class InvariantViolation extends RuntimeException {
  InvariantViolation(String message) {
    super(message);
  }

  InvariantViolation(String message, Throwable cause) {
    super(message, cause);
  }
}

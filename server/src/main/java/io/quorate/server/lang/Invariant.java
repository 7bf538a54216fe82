package io.quorate.server.lang;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Checks of what the program itself must guarantee. They are always on: a wrong replica cannot be
 * mended.
 */
public final class Invariant {
  private Invariant() {}

  /**
   * Throws when {@code condition} does not hold. The message is formatted only then.
   *
   * @throws InvariantViolation which nobody catches but the boundary that stops the node
   */
  @FormatMethod
  public static void check(
      boolean condition, @FormatString String message, @Nullable Object... arguments) {
    if (!condition) {
      throw new InvariantViolation(String.format(Locale.ROOT, message, arguments));
    }
  }

  /** What is thrown where no condition is to be checked: the place itself must never be reached. */
  public static InvariantViolation violation(String message) {
    return new InvariantViolation(message);
  }

  /** As {@link #violation(String)}, when something else has shown it. */
  public static InvariantViolation violation(String message, Throwable cause) {
    return new InvariantViolation(message, cause);
  }
}

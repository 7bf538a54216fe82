package io.quorate.server.frontend.avatica;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What HTTP knows of a request that may be the repetition of another one, or be repeated.
 *
 * @param key that the client has given it, and gives its repetitions
 * @param gone whether the client has closed the connection that the answer would go to
 */
public record Repetition(Optional<String> key, BooleanSupplier gone) {
  /** Of the header field, by draft-ietf-httpapi-idempotency-key-header. */
  public static final String HEADER = "Idempotency-Key";

  static final Repetition NONE = new Repetition(Optional.empty(), () -> false);

  private static final int CHARS_MAX = 255;

  /**
   * Reads the header field: a string in quotation marks, which may be missing.
   *
   * @throws QuorateException when it is empty, or longer than anybody needs
   */
  public static Repetition of(@Nullable String field, BooleanSupplier gone) {
    if (field == null) {
      return new Repetition(Optional.empty(), gone);
    }
    String text = field.strip();
    String key =
        text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
            ? text.substring(1, text.length() - 1)
            : text;
    if (key.isEmpty() || key.length() > CHARS_MAX) {
      throw new QuorateException(
          ErrorCode.INVALID_PARAMETER, HEADER + " has 1 to " + CHARS_MAX + " characters");
    }
    return new Repetition(Optional.of(key), gone);
  }
}

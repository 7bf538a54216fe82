package io.quorate.server.config;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The configuration is wrong. The message is one line for the operator and names the key. */
public final class ConfigException extends RuntimeException {
  public ConfigException(String message) {
    super(message);
  }

  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Refuses the configuration when {@code condition} does not hold. */
  @FormatMethod
  public static void require(
      boolean condition, @FormatString String message, @Nullable Object... arguments) {
    if (!condition) {
      throw new ConfigException(String.format(Locale.ROOT, message, arguments));
    }
  }
}

package io.quorate.server.dispatch;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import java.util.Locale;

/** How fresh what a read shows must be. */
public enum ReadLevel {
  /** Whatever is applied here. */
  LOCAL,
  /** At least what this client has seen or written. */
  SESSION,
  /** At least what this client has seen, and whatever was acknowledged to anyone a while ago. */
  BOUNDED,
  /** At least whatever was acknowledged to anyone before. */
  LINEARIZABLE;

  /**
   * The level of that name.
   *
   * @throws QuorateException {@link ErrorCode#INVALID_PARAMETER}
   */
  public static ReadLevel parse(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    for (ReadLevel level : values()) {
      if (level.name().equals(upper)) {
        return level;
      }
    }
    throw new QuorateException(
        ErrorCode.INVALID_PARAMETER,
        "read_level is LOCAL, SESSION, BOUNDED or LINEARIZABLE, not \"" + name + "\"");
  }
}

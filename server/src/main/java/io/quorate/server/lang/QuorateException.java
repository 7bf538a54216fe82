package io.quorate.server.lang;

import io.quorate.driver.ErrorCode;

/** A failure that a client may see and act upon, as its code says. */
public final class QuorateException extends RuntimeException {
  private final ErrorCode code;

  public QuorateException(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  public QuorateException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }
}

package io.quorate.driver.route;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The connection to a node cannot be made, or is lost. */
final class LinkException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean sent;
  private final boolean timedOut;

  private LinkException(String message, @Nullable Throwable cause, boolean sent, boolean timedOut) {
    super(message, cause);
    this.sent = sent;
    this.timedOut = timedOut;
  }

  /** Nothing was sent. */
  static LinkException unreachable(String message, @Nullable Throwable cause) {
    return new LinkException(message, cause, false, false);
  }

  /** The request went out, wholly or in part, and no answer came. */
  static LinkException lost(String message, @Nullable Throwable cause) {
    return new LinkException(message, cause, true, false);
  }

  /** The request went out and the time for the answer is up. */
  static LinkException late(String message, Throwable cause) {
    return new LinkException(message, cause, true, true);
  }

  /** Whether the node may have got the request. */
  boolean sent() {
    return sent;
  }

  boolean timedOut() {
    return timedOut;
  }
}

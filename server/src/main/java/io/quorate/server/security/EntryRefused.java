package io.quorate.server.security;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import java.time.Duration;

/** Somebody may not enter; the message is meant for them and tells nothing about users. */
public final class EntryRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final transient Duration delay;

  EntryRefused(String reason, Duration delay) {
    super(reason, null, false, false);
    this.reason = reason;
    this.delay = delay;
  }

  /** How long the answer should be held back, which need not occupy a thread. */
  public Duration delay() {
    return delay;
  }

  /** What the client is told. */
  public QuorateException toFailure() {
    return new QuorateException(ErrorCode.AUTHENTICATION_FAILED, reason);
  }
}

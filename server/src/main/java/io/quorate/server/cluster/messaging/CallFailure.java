package io.quorate.server.cluster.messaging;

import io.quorate.driver.ErrorCode;

/** Why a call has no answer. What became of the request is known only where it was refused. */
public record CallFailure(Kind kind, ErrorCode code, String message) {

  /** The kinds a caller tells apart. */
  public enum Kind {
    /** The deadline passed. */
    TIMED_OUT,
    /** The process that was asked is gone. */
    MEMBER_LOST,
    /** The other side answered with an error. */
    REFUSED,
    /** This hub is closed or muted. */
    CLOSED
  }
}

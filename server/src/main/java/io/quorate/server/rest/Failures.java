package io.quorate.server.rest;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;

/** The HTTP status that fits a failure. Pure. */
final class Failures {
  private static final int FORBIDDEN = 403;
  private static final int CONFLICT = 409;
  private static final int INTERNAL = 500;
  private static final int TIMED_OUT = 504;

  private Failures() {}

  static RestAnswer answer(QuorateException failure) {
    return RestAnswer.failure(status(failure.code()), failure);
  }

  /** That which tells a client by its first digit whose fault it is, and whether to try again. */
  static int status(ErrorCode code) {
    return switch (code) {
      case AUTHENTICATION_FAILED -> RestAnswer.UNAUTHORIZED;
      case INSUFFICIENT_PRIVILEGE -> FORBIDDEN;
      case NOT_NULL_VIOLATION,
          UNIQUE_VIOLATION,
          CHECK_VIOLATION,
          FOREIGN_KEY_VIOLATION,
          RESTRICT_VIOLATION,
          WRITE_CONFLICT,
          LOCK_TIMEOUT ->
          CONFLICT;
      case NO_LEADER,
          NO_QUORUM,
          CONNECTION_FAILED,
          CONNECTION_CLOSED,
          CONNECTION_LOST,
          OVERLOADED,
          STORAGE_FULL,
          REPLICA_LAGGING,
          ROWS_ELSEWHERE,
          REPLICA_DIVERGED,
          TRANSACTION_LOST,
          MAINTENANCE ->
          RestAnswer.UNAVAILABLE;
      case CANCELLED, OUTCOME_UNKNOWN -> TIMED_OUT;
      case INTERNAL_ERROR, DATA_CORRUPTED, IO_ERROR -> INTERNAL;
      default -> RestAnswer.BAD_REQUEST;
    };
  }
}

package io.quorate.driver.route;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.Failure;
import java.sql.BatchUpdateException;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/** Makes the subclass of {@link SQLException} that JDBC has for a SQLState. */
public final class SqlExceptions {
  private SqlExceptions() {}

  public static SQLException of(ErrorCode code, String message) {
    return of(code.sqlState(), code.number(), message, null);
  }

  public static SQLException of(ErrorCode code, String message, @Nullable Throwable cause) {
    return of(code.sqlState(), code.number(), message, cause);
  }

  /** What a server said. */
  public static SQLException of(Failure failure) {
    SQLException told = of(failure.sqlState(), failure.code(), failure.message(), null);
    return failure.updateCounts().length == 0 ? told : ofBatch(told, failure.updateCounts());
  }

  /**
   * The failure of a batch.
   *
   * @param done rows changed by what was done and stays so
   */
  public static BatchUpdateException ofBatch(SQLException failure, long[] done) {
    BatchUpdateException batch =
        new BatchUpdateException(
            failure.getMessage(), failure.getSQLState(), failure.getErrorCode(), done, failure);
    batch.setNextException(failure);
    return batch;
  }

  private static SQLException of(
      String state, int code, String message, @Nullable Throwable cause) {
    if (state.equals(ErrorCode.CANCELLED.sqlState())) {
      return new SQLTimeoutException(message, state, code, cause);
    }
    // Neither "rolled back" nor "try again": nobody knows yet. Only the class is left to say so.
    if (state.equals(ErrorCode.OUTCOME_UNKNOWN.sqlState()) || state.equals("08007")) {
      return new SQLNonTransientException(message, state, code, cause);
    }
    if (state.equals(ErrorCode.CONNECTION_CLOSED.sqlState())
        || state.equals(ErrorCode.PROTOCOL_VIOLATION.sqlState())) {
      return new SQLNonTransientConnectionException(message, state, code, cause);
    }
    switch (state.length() < 2 ? "" : state.substring(0, 2)) {
      case "08":
        return new SQLTransientConnectionException(message, state, code, cause);
      case "0A":
        return new SQLFeatureNotSupportedException(message, state, code, cause);
      case "22":
        return new SQLDataException(message, state, code, cause);
      case "23":
        return new SQLIntegrityConstraintViolationException(message, state, code, cause);
      case "28":
        return new SQLInvalidAuthorizationSpecException(message, state, code, cause);
      case "40":
        return new SQLTransactionRollbackException(message, state, code, cause);
      case "3F":
      case "42":
        return new SQLSyntaxErrorException(message, state, code, cause);
      case "53":
      case "55":
      case "57":
        return new SQLTransientException(message, state, code, cause);
      case "21":
      case "25":
      case "54":
        return new SQLNonTransientException(message, state, code, cause);
      default:
        return new SQLException(message, state, code, cause);
    }
  }
}

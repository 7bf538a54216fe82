package io.quorate.server.lang;

import io.quorate.driver.ErrorCode;
import io.quorate.sql.lang.SqlFailure;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Turns whatever went wrong into what a client may see: the only place that does. */
public final class ErrorMapper {
  /** Where several codes share a state, the first one is meant. */
  private static final Map<String, ErrorCode> BY_STATE =
      Arrays.stream(ErrorCode.values())
          .collect(
              Collectors.toUnmodifiableMap(
                  ErrorCode::sqlState, Function.identity(), (first, later) -> first));

  private ErrorMapper() {}

  /** A failure with its code; what is nobody's condition becomes an internal error. */
  public static QuorateException map(Throwable cause) {
    if (cause instanceof QuorateException known) {
      return known;
    }
    if (cause instanceof SqlFailure failure) {
      return new QuorateException(
          codeOf(failure.state()), String.valueOf(failure.getMessage()), failure);
    }
    if ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      return map(cause.getCause());
    }
    return new QuorateException(
        ErrorCode.INTERNAL_ERROR,
        "internal error: " + cause.getClass().getSimpleName() + "; the node's log says more",
        cause);
  }

  /** The code of an adapter's condition; a test holds that there is one for each. */
  static ErrorCode codeOf(SqlFailure.State state) {
    ErrorCode code = BY_STATE.get(state.sqlState());
    return code == null ? ErrorCode.INTERNAL_ERROR : code;
  }
}

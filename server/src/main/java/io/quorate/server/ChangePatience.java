package io.quorate.server;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.lang.SqlFailure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** How long somebody waits for a change of the membership. Immutable. */
record ChangePatience(Deadline deadline, CancelFlag cancel) {
  private static final long SLICE_MILLIS = 20;

  /**
   * Waits until something is so; false when it is not by the deadline.
   *
   * @throws SqlFailure when the caller goes before
   */
  boolean poll(BooleanSupplier condition) {
    CompletableFuture<Void> never = new CompletableFuture<>();
    while (!condition.getAsBoolean()) {
      if (deadline.expired()) {
        return false;
      }
      cancel.check();
      slice(never);
    }
    return true;
  }

  /**
   * Waits for the end of what has begun.
   *
   * @throws QuorateException what it failed of, or {@link ErrorCode#OUTCOME_UNKNOWN} when there is
   *     no end by the deadline, or the caller goes before
   */
  void await(CompletableFuture<Void> change) {
    while (!change.isDone()) {
      if (deadline.expired() || isCancelled()) {
        throw new QuorateException(
            ErrorCode.OUTCOME_UNKNOWN,
            "the change has begun and is not in force yet; ADMIN SHOW NODES tells when it is");
      }
      slice(change);
    }
    try {
      change.join();
    } catch (CompletionException e) {
      throw ErrorMapper.map(e);
    }
  }

  boolean isCancelled() {
    try {
      cancel.check();
      return false;
    } catch (SqlFailure e) {
      return true;
    }
  }

  /** Waits a little, or until something has ended. */
  static void slice(CompletableFuture<?> ending) {
    try {
      var unused = ending.get(SLICE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // The caller looks for itself.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuorateException(
          ErrorCode.OUTCOME_UNKNOWN, "interrupted while the membership changed", e);
    }
  }
}

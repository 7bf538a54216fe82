package io.quorate.server.tx;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.ErrorMapper;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gives locks back at the end of a write. */
final class LockEnd {
  private LockEnd() {}

  /** Gives them back when the attempt fails, or else when the log has answered. */
  static CompletableFuture<Written> after(
      Leadership leadership, LockTable.Owner owner, Supplier<CompletableFuture<Written>> attempt) {
    CompletableFuture<Written> proposed;
    try {
      proposed = attempt.get();
    } catch (RuntimeException | Error e) {
      leadership.locks().release(owner);
      throw e;
    }
    return proposed.whenComplete((written, problem) -> of(leadership, owner, problem));
  }

  /**
   * A write of which nobody knows what came of it keeps its locks as long as the leadership lasts:
   * its effect may still appear under what another would read.
   */
  static void of(Leadership leadership, LockTable.Owner owner, @Nullable Throwable problem) {
    if (problem == null || ErrorMapper.map(problem).code() != ErrorCode.OUTCOME_UNKNOWN) {
      leadership.locks().release(owner);
    }
  }
}

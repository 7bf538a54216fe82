package io.quorate.server.tx;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.ErrorMapper;
import org.jspecify.annotations.Nullable;

/** Gives locks back at the end of a write. */
final class LockEnd {
  private LockEnd() {}

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

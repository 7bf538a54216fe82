package io.quorate.server.tx;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.CancelFlag;

/**
 * What ends a statement early.
 *
 * @param cancel also says when the deadline is over
 */
public record Control(Deadline deadline, CancelFlag cancel) {

  /** Fails when the statement must not go on; nothing has been proposed so far. */
  void check() {
    cancel.check();
    if (deadline.expired()) {
      throw new QuorateException(ErrorCode.CANCELLED, "the statement took longer than it may");
    }
  }
}

package io.quorate.server.session;

import io.quorate.server.lang.Deadline;
import io.quorate.server.tx.Control;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.lang.SqlFailure;

/**
 * Ends the call of a session that runs: when it is cancelled, or its time is over. One for all
 * calls of a session, because cursors outlive the call that opened them. Thread-safe.
 */
final class StatementClock implements CancelFlag {
  private volatile Deadline deadline;
  private volatile boolean cancelled;

  StatementClock(Deadline first) {
    this.deadline = first;
  }

  /** A call begins; what was cancelled before does not concern it. */
  Control begin(Deadline due) {
    deadline = due;
    cancelled = false;
    return new Control(due, this);
  }

  /** What ends the call that runs. */
  Control current() {
    return new Control(deadline, this);
  }

  void cancel() {
    cancelled = true;
  }

  @Override
  public void check() {
    if (cancelled) {
      throw new SqlFailure(SqlFailure.State.CANCELLED, "the statement was cancelled");
    }
    if (deadline.expired()) {
      throw new SqlFailure(
          SqlFailure.State.CANCELLED, "the statement took longer than its timeout allows");
    }
  }
}

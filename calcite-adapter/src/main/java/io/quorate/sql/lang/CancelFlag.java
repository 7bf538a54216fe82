package io.quorate.sql.lang;

/** Asked now and then by whatever runs long. Thread-safe: raised by another thread. */
@FunctionalInterface
public interface CancelFlag {
  CancelFlag NEVER = () -> {};

  /**
   * Returns at once while the statement may go on.
   *
   * @throws SqlFailure {@link SqlFailure.State#CANCELLED} when it was cancelled or its time is over
   */
  void check();
}

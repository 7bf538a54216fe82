package io.quorate.sql.store;

import io.quorate.sql.lang.LockWait;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;

/** Locks rows for a statement that reads them, until its transaction ends. One thread's own. */
@FunctionalInterface
public interface RowLocks {
  /** For statements that lock nothing of what they read. */
  RowLocks NONE =
      (row, mode, waiting) -> {
        throw new SqlFailure(State.INTERNAL_ERROR, "no rows can be locked here");
      };

  /** Beside which other locks of the row it may be. */
  enum Mode {
    /** Others may lock it so too, but not change it. */
    SHARED,
    /** Nobody else may lock or change it. */
    EXCLUSIVE
  }

  /**
   * Locks a row. Where it would have to wait it may do so later, before the statement ends.
   *
   * @param row as the statement has read it, which must still hold when it is locked
   * @return false if another transaction has locked it and {@code waiting} says to leave it out
   */
  boolean lock(ReadRow row, Mode mode, LockWait waiting);

  /**
   * A row as it was read.
   *
   * @param table id of the store table
   */
  record ReadRow(int table, RowKey key, Row row) {}
}

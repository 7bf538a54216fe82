package io.quorate.sql.lang;

/** What a statement that locks rows does about one that another transaction has locked. */
public enum LockWait {
  /** Waits for it. */
  WAIT,
  /** Fails at once: NOWAIT. */
  FAIL,
  /** Leaves the row out: SKIP LOCKED. */
  SKIP
}

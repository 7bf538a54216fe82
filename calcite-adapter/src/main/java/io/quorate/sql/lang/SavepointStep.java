package io.quorate.sql.lang;

/** What can be done with a savepoint. */
public enum SavepointStep {
  /** {@code SAVEPOINT name}. */
  SET,
  /** {@code RELEASE SAVEPOINT name}. */
  RELEASE,
  /** {@code ROLLBACK TO SAVEPOINT name}. */
  ROLLBACK_TO
}

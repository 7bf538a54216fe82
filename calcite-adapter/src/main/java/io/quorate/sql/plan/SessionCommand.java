package io.quorate.sql.plan;

import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.parse.AdminStatement;
import java.util.Optional;

/** What a statement may say to its session. */
public sealed interface SessionCommand {

  /**
   * {@code SET name = value}; the session knows the names.
   *
   * @param name in lower case, with its dots
   * @param value without quotes; a bare word as names fold, so in upper case, DEFAULT among them
   */
  record Set(String name, String value) implements SessionCommand {}

  /** {@code START TRANSACTION}, {@code BEGIN}. */
  record Begin(boolean readOnly, Optional<String> isolation) implements SessionCommand {}

  record Commit() implements SessionCommand {}

  record Rollback() implements SessionCommand {}

  /** {@code SAVEPOINT}, {@code RELEASE SAVEPOINT}, {@code ROLLBACK TO SAVEPOINT}. */
  record Savepoint(SavepointStep step, String name) implements SessionCommand {}

  /**
   * {@code SHOW ALL}, or {@code SHOW name} of one setting: the session answers in rows.
   *
   * @param name in lower case, with its dots
   */
  record Show(Optional<String> name) implements SessionCommand {}

  /** {@code ADMIN}: what is shown, the session answers in rows. */
  record Admin(AdminStatement statement) implements SessionCommand {}

  /** {@code EXPLAIN ROUTING}: where it would run and why; the session answers in rows. */
  record ExplainRouting(Plan explained) implements SessionCommand {
    /** Whether a replica may run it. */
    public boolean isOfRead() {
      return explained instanceof Plan.Query query && !query.draws();
    }
  }
}

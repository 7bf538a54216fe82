package io.quorate.sql.plan;

import java.util.Optional;

/** What a statement may say to its session. */
public sealed interface SessionCommand {

  /** {@code SET name = value}; the session knows the names. */
  record Set(String name, String value) implements SessionCommand {}

  /** {@code START TRANSACTION}, {@code BEGIN}. */
  record Begin(boolean readOnly, Optional<String> isolation) implements SessionCommand {}

  record Commit() implements SessionCommand {}

  record Rollback() implements SessionCommand {}

  /** {@code SHOW ALL}, or {@code SHOW name} of one setting: the session answers in rows. */
  record Show(Optional<String> name) implements SessionCommand {}
}

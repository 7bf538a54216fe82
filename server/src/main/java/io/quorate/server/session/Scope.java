package io.quorate.server.session;

import io.quorate.server.tx.Control;
import io.quorate.server.tx.Request;
import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.plan.Plan;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An open transaction as its session sees it, wherever it runs. Guarded by the session. After a
 * failure with {@code WRITE_CONFLICT} it is over.
 */
interface Scope {

  /** The statement's plan in this transaction; empty when only the place where it runs can tell. */
  Optional<Plan> plan(Statement statement, StatementClock clock);

  /** Whether it runs on this node. */
  default boolean isHere() {
    return true;
  }

  /** Runs a query or a change. */
  Executed execute(
      Statement statement, StatementRequest request, StatementClock clock, Control control);

  /** Changes rows once for each list of parameters. */
  Executed executeBatch(
      Statement statement,
      List<List<@Nullable Object>> parameterLists,
      StatementRequest request,
      StatementClock clock,
      Control control);

  /** Does something with a savepoint. */
  void savepoint(SavepointStep step, String name, Control control);

  /** Commits; returns the revision that shows it. The transaction is over in any case. */
  long commit(Request name, Control control);

  /** Idempotent. */
  void rollback();
}

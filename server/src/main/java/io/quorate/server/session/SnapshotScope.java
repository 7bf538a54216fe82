package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.dispatch.FreshnessGauge.Mark;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.Statements.Planned;
import io.quorate.server.tx.Control;
import io.quorate.server.tx.Request;
import io.quorate.server.tx.Savepoints;
import io.quorate.server.tx.SharedView;
import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A transaction that only reads: one view of this replica, whoever leads. */
final class SnapshotScope implements Scope {
  private final Statements statements;
  private final ShortReads plans;
  private final SharedView shared;
  private final ReadView held;
  private final Savepoints savepoints = new Savepoints();
  private final Mark mark;

  /**
   * @param view is this scope's from now on
   * @param mark taken before the view was opened
   */
  SnapshotScope(Statements statements, ShortReads plans, ReadView view, Mark mark) {
    this.statements = statements;
    this.plans = plans;
    this.shared = new SharedView(view);
    this.held = shared.hold();
    this.mark = mark;
  }

  @Override
  public Optional<Plan> plan(Statement statement, StatementClock clock) {
    return Optional.of(plans.plan(statement, held).plan());
  }

  Mark mark() {
    return mark;
  }

  /** The view, to be closed by whom it is given to. */
  ReadView hold() {
    return shared.hold();
  }

  @Override
  public Executed execute(
      Statement statement, StatementRequest request, StatementClock clock, Control control) {
    Planned planned = plans.plan(statement, held);
    if (!(planned.plan() instanceof Plan.Query query) || query.draws()) {
      throw readOnly();
    }
    return statements
        .query(query, planned.catalog(), shared.hold(), statement, request, clock)
        .vouchedFor(mark);
  }

  @Override
  public Executed executeBatch(
      Statement statement,
      List<List<@Nullable Object>> parameterLists,
      StatementRequest request,
      StatementClock clock,
      Control control) {
    throw readOnly();
  }

  static QuorateException readOnly() {
    return new QuorateException(
        ErrorCode.READ_ONLY_TRANSACTION, "a transaction that only reads cannot write");
  }

  @Override
  public void savepoint(SavepointStep step, String name, Control control) {
    savepoints.apply(step, name);
  }

  @Override
  public long commit(Request name, Control control) {
    long revision = held.revision();
    held.close();
    return revision;
  }

  @Override
  public void rollback() {
    held.close();
  }
}

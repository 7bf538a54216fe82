package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.dispatch.FreshnessGauge.Mark;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.Statements.Planned;
import io.quorate.server.tx.Control;
import io.quorate.server.tx.Request;
import io.quorate.server.tx.SequenceDraws;
import io.quorate.server.tx.Transaction;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.exec.SequenceValues;
import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A transaction on this node, which leads. */
final class LocalScope implements Scope {
  private final Statements statements;
  private final WriteRoad road;
  private final Transaction transaction;
  private final Mark mark;

  /**
   * @param mark taken before the transaction began
   */
  LocalScope(Statements statements, WriteRoad road, Transaction transaction, Mark mark) {
    this.statements = statements;
    this.road = road;
    this.transaction = transaction;
    this.mark = mark;
  }

  @Override
  public Optional<Plan> plan(Statement statement, StatementClock clock) {
    try (ReadView view = transaction.planningView()) {
      return Optional.of(statements.plan(statement, view, clock).plan());
    }
  }

  @Override
  public Executed execute(
      Statement statement, StatementRequest request, StatementClock clock, Control control) {
    Planned planned;
    try (ReadView view = transaction.planningView()) {
      planned = statements.plan(statement, view, clock);
    }
    if (planned.plan() instanceof Plan.Query query) {
      Drawing drawing = query.draws() ? drawing(planned.catalog(), clock) : Drawing.NONE;
      return statements
          .query(planned, transaction.view(), statement, request, clock, drawing)
          .vouchedFor(mark);
    }
    Executed executed =
        executeBatch(statement, List.of(request.parameters()), request, clock, control);
    return planned.plan() instanceof Plan.Change change
        ? executed.returning(change, request)
        : executed;
  }

  private Drawing drawing(Catalog catalog, StatementClock clock) {
    SequenceDraws draws = transaction.draws();
    return new Drawing() {
      @Override
      public SequenceValues values() {
        return draws;
      }

      @Override
      public void settle() {
        transaction.settle(draws, catalog, clock.current());
      }
    };
  }

  @Override
  public Executed executeBatch(
      Statement statement,
      List<List<@Nullable Object>> parameterLists,
      StatementRequest request,
      StatementClock clock,
      Control control) {
    KeyCollector keys = new KeyCollector(statement.keys());
    List<Long> counts =
        transaction.write(statements.changes(statement, parameterLists, keys, clock), control);
    return Executed.updated(counts, transaction.revision()).with(keys.keys());
  }

  @Override
  public void savepoint(SavepointStep step, String name, Control control) {
    transaction.savepoint(step, name);
  }

  @Override
  public long commit(Request name, Control control) {
    try {
      return transaction.commit(name, control).revision();
    } catch (QuorateException e) {
      if (e.code() != ErrorCode.OUTCOME_UNKNOWN) {
        throw e;
      }
      return road.resolveCommit(name, control);
    }
  }

  @Override
  public void rollback() {
    transaction.rollback();
  }
}

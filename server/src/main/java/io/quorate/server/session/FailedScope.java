package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.tx.Control;
import io.quorate.server.tx.Request;
import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.plan.Plan;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a transaction that the server has rolled back: until the client has ended it too,
 * nothing may run as if it were still there, or had never been.
 */
final class FailedScope implements Scope {
  private final String why;

  FailedScope(QuorateException failure) {
    this.why = String.valueOf(failure.getMessage());
  }

  /** What a statement is told that does not end the transaction. */
  static QuorateException notEnded() {
    return new QuorateException(
        ErrorCode.TRANSACTION_FAILED,
        "the server has rolled the transaction back; end it with ROLLBACK");
  }

  @Override
  public Optional<Plan> plan(Statement statement, StatementClock clock) {
    return Optional.empty();
  }

  @Override
  public Executed execute(
      Statement statement, StatementRequest request, StatementClock clock, Control control) {
    throw failed();
  }

  @Override
  public Executed executeBatch(
      Statement statement,
      List<List<@Nullable Object>> parameterLists,
      StatementRequest request,
      StatementClock clock,
      Control control) {
    throw failed();
  }

  @Override
  public void savepoint(SavepointStep step, String name, Control control) {
    throw failed();
  }

  private QuorateException failed() {
    return new QuorateException(
        ErrorCode.TRANSACTION_FAILED,
        "the transaction is rolled back already; end it with ROLLBACK (" + why + ")");
  }

  @Override
  public long commit(Request name, Control control) {
    throw new QuorateException(
        ErrorCode.WRITE_CONFLICT, "nothing is committed: the transaction was rolled back: " + why);
  }

  @Override
  public void rollback() {}
}

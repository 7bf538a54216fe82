package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.Statements.Planned;
import io.quorate.server.tx.Control;
import io.quorate.server.tx.Request;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A transaction on another node, which leads: it begins there with its first statement and is lost
 * with that node's leadership.
 */
final class RemoteScope implements Scope {
  private final Rooms rooms;
  private final Statements statements;
  private final RemoteStatements remote;
  private final WriteRoad road;
  private final MemberId leader;
  private final String session;
  private boolean begun;
  private boolean over;

  /**
   * @param session a new name for the session on the leader
   */
  RemoteScope(
      Rooms rooms,
      Statements statements,
      RemoteStatements remote,
      WriteRoad road,
      MemberId leader,
      String session) {
    this.rooms = rooms;
    this.statements = statements;
    this.remote = remote;
    this.road = road;
    this.leader = leader;
    this.session = session;
  }

  /** Planned on what this node knows, only to tell kinds of statements apart. */
  @Override
  public Optional<Plan> plan(Statement statement) {
    try (ReadView view = rooms.replica().readView()) {
      Planned planned = statements.plan(statement, view);
      return Optional.of(planned.plan());
    } catch (SqlFailure e) {
      return Optional.empty();
    }
  }

  @Override
  public Executed execute(
      Statement statement, StatementRequest request, StatementClock clock, Control control) {
    return executeBatch(statement, List.of(request.parameters()), request, clock, control);
  }

  @Override
  public Executed executeBatch(
      Statement statement,
      List<List<@Nullable Object>> parameterLists,
      StatementRequest request,
      StatementClock clock,
      Control control) {
    try {
      Executed executed =
          remote.inTransaction(
              leader, session, !begun, statement, parameterLists, request, clock, control);
      begun = true;
      return executed;
    } catch (QuorateException e) {
      if (isLost(e.code())) {
        rollback();
        throw new QuorateException(
            ErrorCode.WRITE_CONFLICT,
            "the transaction on " + leader.name() + " is lost: " + e.getMessage(),
            e);
      }
      // The leader has opened a session only if the first statement went well.
      throw e;
    }
  }

  /** What a leader that has the transaction does not say. */
  private static boolean isLost(ErrorCode code) {
    return code == ErrorCode.NO_LEADER
        || code == ErrorCode.OUTCOME_UNKNOWN
        || code == ErrorCode.CONNECTION_CLOSED;
  }

  @Override
  public long commit(Request name, Control control) {
    if (!begun) {
      over = true;
      return 0;
    }
    over = true;
    try {
      return remote.commit(leader, session, name, control);
    } catch (QuorateException e) {
      if (!isLost(e.code())) {
        throw e;
      }
      return road.resolveCommit(name, control);
    }
  }

  @Override
  public void rollback() {
    if (!over) {
      over = true;
      // Also when nothing has been answered yet: the first statement may be on its way.
      remote.close(leader, session);
    }
  }
}

package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.format.StatementQuestion;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.Statements.Planned;
import io.quorate.server.tx.Control;
import io.quorate.server.tx.Request;
import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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
  private final Statement beginning;
  private boolean begun;
  private boolean over;

  /**
   * @param session a new name for the session on the leader
   * @param beginning what the transaction begins with: whose it is, and in which schema
   */
  RemoteScope(
      Rooms rooms,
      Statements statements,
      RemoteStatements remote,
      WriteRoad road,
      MemberId leader,
      String session,
      Statement beginning) {
    this.rooms = rooms;
    this.statements = statements;
    this.remote = remote;
    this.road = road;
    this.leader = leader;
    this.session = session;
    this.beginning = beginning;
  }

  /** Planned on what this node knows, only to tell kinds of statements apart. */
  @Override
  public Optional<Plan> plan(Statement statement, StatementClock clock) {
    try (ReadView view = rooms.replica().readView()) {
      Planned planned = statements.plan(statement, view, clock);
      return Optional.of(planned.plan());
    } catch (SqlFailure e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean isHere() {
    return false;
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
    return onLeader(
        begin ->
            remote.inTransaction(
                leader, session, begin, statement, parameterLists, request, clock, control));
  }

  @Override
  public void savepoint(SavepointStep step, String name, Control control) {
    var unused =
        onLeader(
            begin -> {
              StatementQuestion.Builder question =
                  RemoteStatements.question(beginning).setSession(session).setBegin(begin);
              remote.savepoint(leader, question, step, name, control);
              return true;
            });
  }

  /**
   * Asks the leader.
   *
   * @param question is told whether the transaction begins with it
   */
  private <T> T onLeader(Function<Boolean, T> question) {
    try {
      T answer = question.apply(!begun);
      begun = true;
      return answer;
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

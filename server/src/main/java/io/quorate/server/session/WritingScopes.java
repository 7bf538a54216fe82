package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.dispatch.FreshnessGauge.Mark;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.StatementCounters.Kind;
import io.quorate.server.tx.Control;
import java.util.Optional;
import java.util.function.Supplier;

/** Opens transactions where writes are taken, here or elsewhere. Thread-safe; blocks. */
final class WritingScopes {
  private final Rooms rooms;
  private final Statements statements;
  private final WriteRoad road;
  private final Optional<RemoteStatements> remote;

  /**
   * @param remote empty for a session that must not hand anything on
   */
  WritingScopes(
      Rooms rooms, Statements statements, WriteRoad road, Optional<RemoteStatements> remote) {
    this.rooms = rooms;
    this.statements = statements;
    this.road = road;
    this.remote = remote;
  }

  /**
   * Opens one.
   *
   * @param beginning whose it is, and in which schema
   */
  Scope open(Statement beginning, Control control) {
    Deadline giveUp = rooms.within(rooms.config().leaderWait(), control.deadline());
    Optional<MemberId> leader = rooms.road().otherLeader(giveUp, control.cancel());
    if (leader.isEmpty()) {
      Mark mark = rooms.gauge().newest();
      return new LocalScope(statements, road, rooms.transactions().begin(), mark);
    }
    RemoteStatements other =
        remote.orElseThrow(
            () -> new QuorateException(ErrorCode.NO_LEADER, "this node does not lead any more"));
    String session = SessionIds.next(rooms.random());
    return new RemoteScope(rooms, statements, other, road, leader.get(), session, beginning);
  }

  /**
   * Runs a query that takes values of sequences, or locks rows, in a transaction of its own, which
   * ends with its rows. One that was lost is begun again; its values are gone.
   */
  Executed read(
      Statement statement, StatementRequest request, StatementClock clock, Control control) {
    Deadline giveUp = rooms.within(rooms.config().leaderWait(), control.deadline());
    while (true) {
      try {
        return read(open(statement, control), statement, request, clock, control);
      } catch (QuorateException e) {
        boolean lost = e.code() == ErrorCode.WRITE_CONFLICT || e.code() == ErrorCode.NO_LEADER;
        if (!lost || giveUp.expired()) {
          throw e;
        }
      }
      rooms.road().pause();
    }
  }

  /**
   * Runs a query here, or, where it would read rows that a witness does not hold, as {@link #read}
   * does: what only says how the cluster is, a witness answers itself.
   */
  Executed orAtLeader(
      Supplier<Executed> here,
      Statement statement,
      StatementRequest request,
      StatementClock clock,
      Control control) {
    try {
      return here.get();
    } catch (QuorateException e) {
      if (e.code() != ErrorCode.ROWS_ELSEWHERE) {
        throw e;
      }
      return read(statement, request, clock, control);
    }
  }

  private Executed read(
      Scope own,
      Statement statement,
      StatementRequest request,
      StatementClock clock,
      Control control) {
    boolean done = false;
    try {
      Executed executed = own.execute(statement, request, clock, control).endingWith(own::rollback);
      rooms.counters().count(own.isHere() ? Kind.WRITES_LED : Kind.WRITES_FORWARDED);
      done = true;
      return executed;
    } finally {
      if (!done) {
        own.rollback();
      }
    }
  }
}

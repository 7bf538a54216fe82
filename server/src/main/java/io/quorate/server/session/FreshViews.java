package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.dispatch.FreshnessGauge.Mark;
import io.quorate.server.dispatch.ReadGate.Demand;
import io.quorate.server.dispatch.ReadLevel;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.Statements.Planned;
import io.quorate.server.tx.Control;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * Opens views that are fresh enough, with the plan of a statement for each. Confined to the call of
 * the session that runs; blocks until this replica has what is asked for.
 */
final class FreshViews {
  /** Failures that a replica which knows more of the catalog may not have. */
  private static final Set<SqlFailure.State> NOT_KNOWN_YET =
      EnumSet.of(
          SqlFailure.State.TABLE_NOT_FOUND,
          SqlFailure.State.COLUMN_NOT_FOUND,
          SqlFailure.State.SCHEMA_NOT_FOUND,
          SqlFailure.State.OBJECT_NOT_FOUND,
          SqlFailure.State.INSUFFICIENT_PRIVILEGE);

  /** A name that is not here is most often a mistake, and should be told soon. */
  private static final Duration LOOKING_FOR_NAMES = Duration.ofSeconds(1);

  private final Rooms rooms;
  private final ShortReads plans;

  FreshViews(Rooms rooms, ShortReads plans) {
    this.rooms = rooms;
    this.plans = plans;
  }

  /**
   * A view, and a plan for it.
   *
   * @param mark taken before the view was opened, so that it holds for the view
   */
  record Fresh(ReadView view, Mark mark, Planned planned) implements AutoCloseable {
    Plan plan() {
      return planned.plan();
    }

    @Override
    public void close() {
      view.close();
    }
  }

  /**
   * What a statement is planned on before it is known to read: what the client has seen, and no
   * more, for a write must not wait for a bound on reads.
   */
  Fresh open(Statement statement, Demand demand, Control control) {
    if (statement.asksForNode()) {
      return newest(statement);
    }
    rooms.gate().awaitSeen(demand, control.deadline());
    try {
      return newest(statement);
    } catch (SqlFailure e) {
      if (demand.level() == ReadLevel.LOCAL
          || rooms.transactions().isLeading()
          || !NOT_KNOWN_YET.contains(e.state())) {
        throw e;
      }
      // What is not here may be on its way here.
      return afterBarrier(statement, demand.token(), control, e);
    }
  }

  private Fresh afterBarrier(Statement statement, long token, Control control, SqlFailure before) {
    try {
      Deadline briefly = rooms.within(LOOKING_FOR_NAMES, control.deadline());
      rooms.gate().await(new Demand(ReadLevel.LINEARIZABLE, token), briefly);
    } catch (QuorateException e) {
      throw before;
    }
    return newest(statement);
  }

  /** For a read: as {@code before}, which is closed unless it is fresh enough itself. */
  Fresh reopen(Fresh before, Statement statement, Demand demand, Control control) {
    if (rooms.gate().isEnough(demand, before.mark)) {
      return before;
    }
    before.close();
    try {
      rooms.gate().await(demand, control.deadline());
    } catch (QuorateException e) {
      if (e.code() == ErrorCode.NO_LEADER || e.code() == ErrorCode.NO_QUORUM) {
        rooms.counters().count(StatementCounters.Kind.READS_REFUSED_NO_LEADER);
      }
      throw e;
    }
    return newest(statement);
  }

  /** Of what there is, at once. */
  Fresh newest(Statement statement) {
    Mark mark = rooms.gauge().newest();
    ReadView view = rooms.replica().readView();
    try {
      return new Fresh(view, mark, plans.plan(statement, view));
    } catch (RuntimeException | Error e) {
      view.close();
      throw e;
    }
  }
}

package io.quorate.server.session;

import io.quorate.server.dispatch.ReadGate.Demand;
import io.quorate.server.dispatch.ReadLevel;
import io.quorate.server.lang.Deadline;
import io.quorate.server.session.StatementCounters.Kind;
import io.quorate.server.session.Statements.Planned;
import io.quorate.server.tx.Request;
import io.quorate.sql.plan.Plan;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The short writes of a session that commit by themselves: evaluated and proposed on a thread that
 * must not wait, and answered when the log has answered. Their plans are remembered here.
 *
 * <p>A write goes this way when this node leads, its plan {@linkplain Plan.Change#isShort() is
 * short} and known, the catalog is still the one that it was made for, its client has named it and
 * not sent it before, no lock that it needs is taken, and nothing fails. In every other case
 * nothing is done, and the session's usual way is taken, by a thread that may wait.
 *
 * <p>Confined to the call of the session that runs.
 */
final class ShortWrites {
  /** The deadline of what waits for the log is looked at once a second. */
  private static final Duration TIMEOUT_MIN = Duration.ofSeconds(10);

  private final Rooms rooms;
  private final Statements statements;
  private final Settings settings;
  private final StatementClock clock;
  private final KnownPlans<Plan.Change> plans = new KnownPlans<>();

  ShortWrites(Rooms rooms, Statements statements, Settings settings, StatementClock clock) {
    this.rooms = rooms;
    this.statements = statements;
    this.settings = settings;
    this.clock = clock;
  }

  /** Remembers the plan if it is a short write's. */
  void keep(Statement statement, Planned planned) {
    if (planned.plan() instanceof Plan.Change change && change.isShort()) {
      plans.keep(statement, change, planned.catalog());
    }
  }

  /**
   * Proposes the write, if it can be done at once. It must have a name of its client's: under one
   * that this node draws it could not be asked for again.
   *
   * @param atLeast the revision that the client has seen
   * @return what will come of it, told on a thread that must not be held up; null when nothing was
   *     done
   */
  @Nullable CompletableFuture<Executed> propose(
      Statement statement, StatementRequest request, Request name, Deadline due, long atLeast) {
    Plan.Change plan = plans.find(statement);
    if (plan == null
        || request.identity().request().isEmpty()
        || !settings.autocommit()
        || settings.readOnly()
        || settings.commitLevel() == CommitLevel.ALL
        || !rooms.transactions().isLeading()
        || due.remaining().compareTo(TIMEOUT_MIN) < 0
        || !rooms.gate().isOpen(new Demand(ReadLevel.SESSION, atLeast))) {
      return null;
    }
    var unused = clock.begin(due);
    var written =
        rooms
            .transactions()
            .writeNow(
                statements.change(
                    plan, plans.catalogVersion(), statement, request.parameters(), clock),
                name);
    if (written == null) {
      return null;
    }
    rooms.counters().count(Kind.WRITES_LED);
    return written.thenApply(Executed::updated);
  }
}

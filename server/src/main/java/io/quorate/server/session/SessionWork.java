package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.dispatch.FreshnessGauge.Mark;
import io.quorate.server.dispatch.ReadGate.Demand;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.FreshViews.Fresh;
import io.quorate.server.session.StatementCounters.Kind;
import io.quorate.server.tx.Control;
import io.quorate.server.tx.LobPart;
import io.quorate.server.tx.Request;
import io.quorate.server.tx.Savepoints;
import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.plan.SessionCommand;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a session does, and where.
 *
 * <pre>
 *  autocommit query ─▶ ReadGate ─▶ a view of this replica
 *  autocommit write ─▶ WriteRoad ─▶ the leader, here or elsewhere
 *  transaction      ─▶ Scope: LocalScope where this node leads, RemoteScope where another does,
 *                             SnapshotScope where it only reads
 * </pre>
 *
 * <p>Confined to the call of the session that runs, except {@link #inTransaction}. A statement that
 * fails inside a transaction is undone and the transaction goes on; when the server has rolled the
 * transaction back, nothing runs until the client has ended it as well.
 */
final class SessionWork {
  private final Rooms rooms;
  private final Statements statements;
  private final FreshViews views;
  private final WriteRoad road;
  private final WritingScopes scopes;
  private final String user;
  private final StatementClock clock;
  private final Settings settings = new Settings();
  private final DrawnValues drawn = new DrawnValues();
  private final Cursors cursors;
  private final ShortReads shortReads;
  private final ShortWrites shortWrites;
  private final Commits commits;

  /** The open transaction; null outside of one. Others may look whether it is there. */
  private volatile @Nullable Scope scope;

  /** What this node had applied before this session could have sent anything. */
  private final long openedAt;

  /** The highest revision that this session has told. Others may look at it. */
  private volatile long token;

  /**
   * @param remote empty for a session that must not hand anything on
   */
  SessionWork(
      Rooms rooms,
      Statements statements,
      WriteRoad road,
      Optional<RemoteStatements> remote,
      String user,
      StatementClock clock) {
    this.rooms = rooms;
    this.statements = statements;
    this.road = road;
    this.scopes = new WritingScopes(rooms, statements, road, remote);
    this.user = user;
    this.clock = clock;
    this.cursors = new Cursors(rooms.config().cursorsMax());
    this.shortReads = new ShortReads(rooms, statements, clock);
    this.views = new FreshViews(rooms, shortReads);
    this.shortWrites = new ShortWrites(rooms, statements, settings, clock);
    this.commits = new Commits(rooms, settings);
    this.openedAt = rooms.replica().applied().current();
    this.token = openedAt;
  }

  /** From any thread. */
  long revision() {
    return token;
  }

  private Request name(WriteIdentity identity) {
    return road.name(identity, openedAt);
  }

  /** From any thread. */
  boolean inTransaction() {
    return scope != null;
  }

  Settings settings() {
    return settings;
  }

  /** From any thread. */
  DrawnValues drawn() {
    return drawn;
  }

  /** A conflict has ended the transaction that it happened in. */
  void failed(RuntimeException e) {
    Scope open = scope;
    if (open != null
        && e instanceof QuorateException failure
        && failure.code() == ErrorCode.WRITE_CONFLICT) {
      open.rollback();
      scope = new FailedScope(failure);
    }
    if (e instanceof QuorateException failure && failure.code() == ErrorCode.REPLICA_LAGGING) {
      rooms.counters().count(Kind.READS_REFUSED_LAGGING);
    }
  }

  private Statement statement(String sql, long readAfter) {
    String admitted = rooms.admission().admit(sql);
    return new Statement(admitted, settings.schema(), user, Math.max(token, readAfter), drawn);
  }

  /** The shorter of the time of the call and of the session. */
  private Control control(Control call) {
    Duration set = settings.queryTimeout();
    return set.isZero() ? call : clock.begin(rooms.within(set, call.deadline()));
  }

  Description describe(String sql, long readAfter, Control control) {
    Optional<Plan> plan = planned(statement(sql, readAfter), readAfter, control);
    return Description.of(
        plan.orElseThrow(
            () ->
                new QuorateException(
                    ErrorCode.TRANSACTION_FAILED,
                    "nothing can be described in a transaction that is rolled back")));
  }

  /** The plan as this session would run it; empty when only another place can tell. */
  private Optional<Plan> planned(Statement statement, long readAfter, Control control) {
    Scope open = scope;
    if (open != null) {
      Optional<Plan> plan = open.plan(statement, clock);
      if (plan.isPresent() || open instanceof FailedScope) {
        return plan;
      }
    }
    try (Fresh fresh = views.open(statement, demand(readAfter), control)) {
      return Optional.of(fresh.plan());
    }
  }

  /** How fresh the session wants its reads. */
  private Demand demand(long readAfter) {
    return new Demand(settings.readLevel(), Math.max(token, readAfter), settings.maxStaleness());
  }

  StatementResult execute(StatementRequest request, Control call) {
    return answer(run(request, control(call)));
  }

  /** As {@link #execute} where that takes neither waiting nor long; empty elsewhere. */
  Optional<StatementResult> tryExecute(StatementRequest request) {
    Statement statement = statement(request.sql(), request.readAfter());
    Scope open = scope;
    Optional<Executed> done =
        open instanceof SnapshotScope snapshot
            ? shortReads.tryRun(statement, request, snapshot)
            : open == null && settings.autocommit()
                ? shortReads.tryRun(statement, request, demand(request.readAfter()))
                : Optional.empty();
    done.ifPresent(executed -> rooms.counters().count(Kind.of(settings.readLevel())));
    return done.map(this::answer);
  }

  private Executed run(StatementRequest request, Control control) {
    Statement statement = statement(request.sql(), request.readAfter()).asking(request.keys());
    Scope open = scope;
    if (open instanceof FailedScope) {
      return runFailed(statement, request, control);
    }
    if (open != null) {
      Optional<Plan> plan = open.plan(statement, clock);
      if (plan.isEmpty() || isRows(plan.get())) {
        if (open instanceof SnapshotScope) {
          rooms.counters().count(Kind.of(settings.readLevel()));
        }
        return open.execute(statement, request, clock, control);
      }
      return runOther(plan.get(), statement, request, control);
    }
    Fresh fresh = views.open(statement, demand(request.readAfter()), control);
    Plan plan = fresh.plan();
    boolean draws = plan instanceof Plan.Query query && query.draws();
    boolean locks = plan instanceof Plan.Change change && change.onlyLocks();
    if (plan instanceof Plan.Query && !draws && settings.autocommit()) {
      return scopes.orAtLeader(
          () -> query(fresh, statement, request, control), statement, request, clock, control);
    }
    fresh.close();
    if ((draws || locks) && settings.autocommit()) {
      requireWritable(control);
      return scopes.read(statement, request, clock, control);
    }
    if (!isRows(plan)) {
      return runOther(plan, statement, request, control);
    }
    if (settings.autocommit()) {
      requireWritable(control);
      shortWrites.keep(statement, fresh.planned());
      Request name = name(request.identity());
      Executed executed = road.write(statement, List.of(request.parameters()), name, control);
      return commits.settled(executed, control).returning((Plan.Change) plan, request);
    }
    return begin(settings.readOnly(), request.readAfter(), control)
        .execute(statement, request, clock, control);
  }

  /** {@link ShortWrites#propose}, outside of a transaction. */
  @Nullable CompletableFuture<Executed> tryWrite(StatementRequest request, Deadline due) {
    if (scope != null || !request.keys().isNone()) {
      return null;
    }
    Request name = name(request.identity());
    long seen = Math.max(token, request.readAfter());
    return shortWrites.propose(
        statement(request.sql(), request.readAfter()), request, name, due, seen);
  }

  /** What came of a write that {@link #tryWrite} began. */
  StatementResult settle(StatementRequest request, QuorateException failure, Control control) {
    Statement statement = statement(request.sql(), request.readAfter());
    Request name = name(request.identity());
    return answer(road.settle(statement, request.parameters(), name, control, failure));
  }

  private static boolean isRows(Plan plan) {
    return plan instanceof Plan.Query || plan instanceof Plan.Change;
  }

  /** Only what ends the transaction, and SET and SHOW, whose plans need no rows. */
  private Executed runFailed(Statement statement, StatementRequest request, Control control) {
    try (Fresh fresh = views.newest(statement)) {
      if (fresh.plan() instanceof Plan.Session session
          && !(session.command() instanceof SessionCommand.Begin)
          && !(session.command() instanceof SessionCommand.Savepoint)) {
        return command(session.command(), request, control);
      }
    } catch (SqlFailure e) {
      // It would have failed for a better reason.
    }
    throw FailedScope.notEnded();
  }

  /** A query that is a transaction of its own; the view is the result's. */
  private Executed query(
      Fresh planned, Statement statement, StatementRequest request, Control control) {
    Fresh fresh = views.reopen(planned, statement, demand(request.readAfter()), control);
    if (fresh.plan() instanceof Plan.Query query) {
      rooms.counters().count(Kind.of(settings.readLevel()));
      return statements
          .query(query, fresh.planned().catalog(), fresh.view(), statement, request, clock)
          .vouchedFor(fresh.mark());
    }
    fresh.close();
    throw new QuorateException(ErrorCode.INTERNAL_ERROR, "a query is planned as something else");
  }

  /** DDL, or a word to the session. */
  private Executed runOther(
      Plan plan, Statement statement, StatementRequest request, Control control) {
    if (plan instanceof Plan.Session session) {
      return command(session.command(), request, control);
    }
    requireWritable(control);
    if (scope != null) {
      // As many databases do: a definition commits what is open before it.
      raise(commitOpen(WriteIdentity.NONE, control));
    }
    return commits.settled(road.define(statement, name(request.identity()), control), control);
  }

  private void requireWritable(Control control) {
    if (settings.readOnly() || scope instanceof SnapshotScope) {
      throw SnapshotScope.readOnly();
    }
    if (scope == null) {
      settings.writeRouting().requireAllowed(rooms, control);
    }
  }

  /** Opens a transaction, here or at the leader. */
  private Scope begin(boolean readOnly, long readAfter, Control control) {
    Scope opened;
    if (readOnly) {
      rooms.replica().requireAllRows();
      rooms.gate().await(demand(readAfter), control.deadline());
      Mark mark = rooms.gauge().newest();
      opened = new SnapshotScope(statements, shortReads, rooms.replica().readView(), mark);
      rooms.counters().count(Kind.TRANSACTIONS_READ_ONLY);
    } else {
      settings.writeRouting().requireAllowed(rooms, control);
      opened = scopes.open(statement("BEGIN", 0), control);
      rooms.counters().count(opened.isHere() ? Kind.TRANSACTIONS_LED : Kind.TRANSACTIONS_FORWARDED);
    }
    scope = opened;
    return opened;
  }

  BatchResult executeBatch(
      StatementRequest request, List<List<@Nullable Object>> parameters, Control call) {
    Executed executed = runBatch(request, parameters, control(call));
    raise(executed.revision());
    return new BatchResult(
        BatchCounts.of(executed.updateCounts(), parameters.size()),
        executed.revision(),
        executed.keys());
  }

  private Executed runBatch(
      StatementRequest request, List<List<@Nullable Object>> parameters, Control control) {
    if (parameters.isEmpty()) {
      return Executed.updated(List.of(), token);
    }
    Statement statement = statement(request.sql(), request.readAfter()).asking(request.keys());
    requireWritable(control);
    Scope open = scope;
    if (open == null) {
      try (Fresh fresh = views.open(statement, demand(request.readAfter()), control)) {
        if (!(fresh.plan() instanceof Plan.Change change) || change.onlyLocks()) {
          throw new QuorateException(
              ErrorCode.INVALID_PARAMETER, "only statements that change rows run in batches");
        }
      }
      if (settings.autocommit()) {
        return commits.settled(
            road.write(statement, parameters, name(request.identity()), control), control);
      }
      open = begin(false, request.readAfter(), control);
    }
    return open.executeBatch(statement, parameters, request, clock, control);
  }

  /** Keeps the cursor, if rows are left, and remembers what the client has seen. */
  StatementResult answer(Executed executed) {
    raise(executed.revision());
    if (!executed.returnsRows()) {
      return new StatementResult(
          List.of(), RowBatch.NONE, executed.updateCount(), executed.shown(), executed.keys());
    }
    OpenCursor more = executed.more();
    long cursor = more == null ? 0 : cursors.add(more, rooms.nanoClock().getAsLong());
    RowBatch first = executed.firstBatch(cursor);
    return new StatementResult(executed.columns(), first, -1, executed.shown());
  }

  private void raise(long revision) {
    token = Math.max(token, revision);
  }

  RowBatch fetch(long cursor, int rowsMax) {
    return cursors.fetch(cursor, rowsMax, rooms.nanoClock().getAsLong());
  }

  byte[] readValue(long cursor, Cursors.Part part) {
    return cursors.readValue(cursor, part, rooms.nanoClock().getAsLong());
  }

  void writeValue(LobPart part, Control control) {
    requireWritable(control);
    raise(road.stage(part, name(WriteIdentity.NONE), control(control)));
  }

  void closeCursor(long cursor) {
    cursors.close(cursor);
  }

  void expireCursors(long nowNanos) {
    cursors.expire(nowNanos, rooms.config().cursorIdle());
  }

  // Words to the session

  private Executed command(SessionCommand command, StatementRequest request, Control control) {
    if (command instanceof SessionCommand.Set set) {
      set(set.name(), set.value(), control);
      return Executed.updated(List.of(0L), token);
    }
    if (command instanceof SessionCommand.Show show) {
      return SettingRows.answer(show, settings, token);
    }
    if (command instanceof SessionCommand.Admin admin) {
      if (admin.statement().changesMembership() && rooms.admission() == Admission.ALL) {
        requireWritable(control);
      }
      return AdminCommands.run(
          admin.statement(), rooms, user, token, request.identity().repeated(), control);
    }
    if (command instanceof SessionCommand.ExplainRouting routing) {
      boolean reads = routing.isOfRead() && settings.autocommit();
      return scope instanceof SnapshotScope || (scope == null && reads)
          ? RoutingRows.answerOfRead(rooms, demand(request.readAfter()))
          : RoutingRows.answerOfWrite(rooms, token, settings.writeRouting(), scope != null);
    }
    if (command instanceof SessionCommand.Begin begin) {
      if (scope != null) {
        throw new QuorateException(
            ErrorCode.INVALID_TRANSACTION_STATE, "a transaction is open already");
      }
      begin.isolation().ifPresent(Settings::isolation);
      var unused = begin(begin.readOnly() || settings.readOnly(), request.readAfter(), control);
      return Executed.updated(List.of(0L), token);
    }
    if (command instanceof SessionCommand.Commit) {
      return Executed.updated(List.of(0L), commitOpen(request.identity(), control));
    }
    if (command instanceof SessionCommand.Savepoint savepoint) {
      savepoint(savepoint.step(), savepoint.name(), request.readAfter(), control);
      return Executed.updated(List.of(0L), token);
    }
    rollbackOpen();
    return Executed.updated(List.of(0L), token);
  }

  void savepoint(SavepointStep step, String name, long readAfter, Control control) {
    Scope open = scope;
    if (open == null) {
      if (settings.autocommit()) {
        throw new QuorateException(
            ErrorCode.NO_TRANSACTION, "a savepoint is one of an open transaction, and none is");
      }
      if (step != SavepointStep.SET) {
        throw Savepoints.notFound(name);
      }
      open = begin(settings.readOnly(), readAfter, control);
    }
    open.savepoint(step, name, control);
  }

  StatementResult commit(WriteIdentity identity, Control control) {
    return answer(Executed.updated(List.of(0L), commitOpen(identity, control)));
  }

  /** Commits what is open, or finds out what became of a COMMIT that was sent before. */
  private long commitOpen(WriteIdentity identity, Control control) {
    Scope open = scope;
    if (open == null) {
      return identity.repeated() && identity.request().isPresent()
          ? commits.settled(road.resolveCommit(name(identity), control), control)
          : token;
    }
    scope = null;
    return Math.max(token, commits.settled(open.commit(name(identity), control), control));
  }

  void rollbackOpen() {
    Scope open = scope;
    scope = null;
    if (open != null) {
      open.rollback();
    }
  }

  void set(String setting, String value, Control control) {
    if (Settings.canonical(setting).equals(Settings.READ_AFTER) && !value.isEmpty()) {
      raise(CommitToken.revision(value, rooms.cluster().cluster()));
    }
    String before = settings.get(setting);
    settings.set(setting, value);
    if (before.equals(settings.get(setting)) || scope == null) {
      return;
    }
    switch (Settings.canonical(setting)) {
      case Settings.AUTOCOMMIT -> raise(commitOpen(WriteIdentity.NONE, control));
      case Settings.READ_ONLY, Settings.ISOLATION -> {
        settings.set(setting, before);
        throw new QuorateException(
            ErrorCode.INVALID_TRANSACTION_STATE,
            "setting " + setting + " cannot change while a transaction is open");
      }
      default -> {}
    }
  }

  RowBatch metadata(MetadataQuery query, long readAfter, Control control) {
    return rooms.answer(query, Math.max(token, readAfter), control.deadline());
  }

  /** Rolls back and closes the cursors. */
  void close() {
    cursors.closeAll();
    rollbackOpen();
  }
}

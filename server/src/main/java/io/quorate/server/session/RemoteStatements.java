package io.quorate.server.session;

import com.google.protobuf.UnsafeByteOperations;
import io.quorate.driver.wire.KeysAsked;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.dispatch.FreshnessGauge.Mark;
import io.quorate.server.dispatch.LeaderRoad;
import io.quorate.server.dispatch.SqlValues;
import io.quorate.server.format.Execution;
import io.quorate.server.format.FetchAction;
import io.quorate.server.format.KeyQuestion;
import io.quorate.server.format.SavepointAction;
import io.quorate.server.format.SqlRow;
import io.quorate.server.format.StatementAnswer;
import io.quorate.server.format.StatementQuestion;
import io.quorate.server.format.ValueReading;
import io.quorate.server.format.ValueStaging;
import io.quorate.server.format.WriteName;
import io.quorate.server.tx.Control;
import io.quorate.server.tx.LobPart;
import io.quorate.server.tx.Request;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.lang.SavepointStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Asks the leader for what this node's sessions may not do themselves. Thread-safe; blocks. */
final class RemoteStatements {
  private static final Duration TELLING = Duration.ofSeconds(5);

  private final LeaderRoad road;
  private final LongSupplier nanoClock;

  RemoteStatements(LeaderRoad road, LongSupplier nanoClock) {
    this.road = road;
    this.nanoClock = nanoClock;
  }

  /** Runs a statement that commits by itself, once for each list of parameters. */
  Executed autocommit(
      MemberId leader,
      Statement statement,
      List<List<@Nullable Object>> parameterLists,
      Request name,
      Control control) {
    StatementQuestion.Builder question =
        question(statement).setExecute(execution(statement, parameterLists).setName(encode(name)));
    StatementAnswer answer =
        road.ask(leader, question, control.deadline(), control.cancel(), () -> {});
    statement.drawn().learn(answer.getDrawnMap());
    return updated(answer);
  }

  private static Executed updated(StatementAnswer answer) {
    Executed executed = Executed.updated(answer.getUpdateCountsList(), answer.getRevision());
    if (answer.getKeysUnknown()) {
      return executed.with(GeneratedKeys.UNKNOWN);
    }
    return answer.getColumnsCount() == 0
        ? executed
        : executed.with(
            new GeneratedKeys(columns(answer), page(answer).rows(), false, answer.getReturned()));
  }

  private static List<ResultColumn> columns(StatementAnswer answer) {
    return answer.getColumnsList().stream().map(SqlValues::decode).toList();
  }

  /**
   * Runs a statement in a transaction on the leader.
   *
   * @param session chosen here, so that it can be closed even if the answer is lost
   * @param begin whether it is the transaction's first
   */
  Executed inTransaction(
      MemberId leader,
      String session,
      boolean begin,
      Statement statement,
      List<List<@Nullable Object>> parameterLists,
      StatementRequest request,
      StatementClock clock,
      Control control) {
    StatementQuestion.Builder question =
        question(statement)
            .setSession(session)
            .setBegin(begin)
            .setExecute(
                execution(statement, parameterLists)
                    .setFirstRows(request.firstRows())
                    .setRowsMax(request.rowsMax()));
    long asked = nanoClock.getAsLong();
    StatementAnswer answer =
        road.ask(
            leader, question, control.deadline(), control.cancel(), () -> cancel(leader, session));
    statement.drawn().learn(answer.getDrawnMap());
    if (answer.getUpdateCountsCount() > 0) {
      return updated(answer);
    }
    long number = Math.max(answer.getCursor(), answer.getValuesCursor());
    OpenCursor cursor =
        new RemoteCursor(leader, session, number, clock, answer.getValuesCursor() != 0);
    return Executed.rows(columns(answer), page(answer), cursor, answer.getRevision())
        .vouchedFor(mark(answer, asked));
  }

  /** The leader spoke after it was asked; what it knew is older here by the time in between. */
  private static Mark mark(StatementAnswer answer, long asked) {
    return answer.hasStalenessMillis()
        ? Mark.of(asked - TimeUnit.MILLISECONDS.toNanos(answer.getStalenessMillis()))
        : Mark.NONE;
  }

  /**
   * Does something with a savepoint of a transaction on the leader.
   *
   * @param question of whom, in which session, and whether the transaction begins with it
   */
  void savepoint(
      MemberId leader,
      StatementQuestion.Builder question,
      SavepointStep step,
      String name,
      Control control) {
    question.setSavepoint(
        SavepointAction.newBuilder()
            .setStep(SavepointAction.Step.valueOf(step.name()))
            .setName(name));
    var unused = road.ask(leader, question, control.deadline(), control.cancel(), () -> {});
  }

  /** Keeps a part of a large value; the revision that has it. */
  long stage(MemberId leader, LobPart part, Request name, Control control) {
    StatementQuestion.Builder question =
        StatementQuestion.newBuilder()
            .setStage(
                ValueStaging.newBuilder()
                    .setId(part.id())
                    .setOffset(part.offset())
                    .setPart(UnsafeByteOperations.unsafeWrap(part.unsafeBytes()))
                    .setLast(part.last())
                    .setName(encode(name)));
    return road.ask(leader, question, control.deadline(), control.cancel(), () -> {}).getRevision();
  }

  private static OpenCursor.Page page(StatementAnswer answer) {
    List<@Nullable Object[]> rows = new ArrayList<>(answer.getRowsCount());
    for (SqlRow row : answer.getRowsList()) {
      rows.add(SqlValues.decode(row).toArray());
    }
    return new OpenCursor.Page(rows, answer.getCursor() == 0);
  }

  long commit(MemberId leader, String session, Request name, Control control) {
    StatementQuestion.Builder question =
        StatementQuestion.newBuilder().setSession(session).setCommit(encode(name));
    return road.ask(leader, question, control.deadline(), control.cancel(), () -> {}).getRevision();
  }

  long resolveCommit(MemberId leader, Request name, Control control) {
    StatementQuestion.Builder question =
        StatementQuestion.newBuilder().setResolveCommit(encode(name));
    return road.ask(leader, question, control.deadline(), control.cancel(), () -> {}).getRevision();
  }

  /** Rolls back what is open and forgets the session; does not wait. */
  void close(MemberId leader, String session) {
    road.tell(leader, StatementQuestion.newBuilder().setSession(session).setClose(true), TELLING);
  }

  private void cancel(MemberId leader, String session) {
    road.tell(leader, StatementQuestion.newBuilder().setSession(session).setCancel(true), TELLING);
  }

  static StatementQuestion.Builder question(Statement statement) {
    return StatementQuestion.newBuilder().setSchema(statement.schema()).setUser(statement.user());
  }

  private static Execution.Builder execution(
      Statement statement, List<List<@Nullable Object>> parameterLists) {
    Execution.Builder execution =
        Execution.newBuilder().setSql(statement.sql()).putAllDrawn(statement.drawn().all());
    KeysAsked keys = statement.keys();
    if (!keys.isNone()) {
      execution.setKeys(
          KeyQuestion.newBuilder()
              .setKind(KeyQuestion.Kind.valueOf(keys.kind().name()))
              .addAllNames(keys.names())
              .addAllNumbers(keys.numbers()));
    }
    for (List<@Nullable Object> parameters : parameterLists) {
      execution.addParameters(SqlValues.encode(parameters));
    }
    return execution;
  }

  private static WriteName encode(Request name) {
    WriteName.Builder encoded =
        WriteName.newBuilder().setBase(name.base()).setRepeated(name.repeated());
    name.client().ifPresent(id -> encoded.setClient(id.client()).setSequence(id.sequence()));
    return encoded.build();
  }

  /** The rest of a result that the leader keeps. */
  private final class RemoteCursor implements OpenCursor {
    private final MemberId leader;
    private final String session;
    private final long cursor;
    private final StatementClock clock;
    private boolean closed;
    private boolean namesValues;

    RemoteCursor(
        MemberId leader, String session, long cursor, StatementClock clock, boolean namesValues) {
      this.leader = leader;
      this.session = session;
      this.cursor = cursor;
      this.clock = clock;
      this.namesValues = namesValues;
      this.closed = cursor == 0;
    }

    @Override
    public Page next(int rowsMax) {
      Control control = clock.current();
      StatementQuestion.Builder question =
          StatementQuestion.newBuilder()
              .setSession(session)
              .setFetch(FetchAction.newBuilder().setCursor(cursor).setRowsMax(rowsMax));
      StatementAnswer answer = ask(question, control);
      Page page = page(answer);
      namesValues |= answer.getValuesCursor() != 0;
      closed = page.done() && !namesValues;
      return page;
    }

    private StatementAnswer ask(StatementQuestion.Builder question, Control control) {
      return road.ask(
          leader, question, control.deadline(), control.cancel(), () -> cancel(leader, session));
    }

    @Override
    public boolean namesValues() {
      return namesValues;
    }

    @Override
    public byte[] readValue(long id, long offset, int countMax) {
      StatementQuestion.Builder question =
          StatementQuestion.newBuilder()
              .setSession(session)
              .setReadValue(
                  ValueReading.newBuilder()
                      .setCursor(cursor)
                      .setId(id)
                      .setOffset(offset)
                      .setBytesMax(countMax));
      return ask(question, clock.current()).getPart().toByteArray();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        road.tell(
            leader,
            StatementQuestion.newBuilder().setSession(session).setCloseCursor(cursor),
            TELLING);
      }
    }
  }
}

package io.quorate.server.session;

import com.google.protobuf.UnsafeByteOperations;
import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.KeysAsked;
import io.quorate.server.dispatch.SqlValues;
import io.quorate.server.format.Execution;
import io.quorate.server.format.KeyQuestion;
import io.quorate.server.format.SavepointAction;
import io.quorate.server.format.SqlRow;
import io.quorate.server.format.StatementAnswer;
import io.quorate.server.format.StatementQuestion;
import io.quorate.server.format.ValueReading;
import io.quorate.server.format.ValueStaging;
import io.quorate.server.format.WriteName;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.RequestId;
import io.quorate.server.tx.Control;
import io.quorate.server.tx.LobPart;
import io.quorate.server.tx.Request;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs on the leader what another member's client wants. Nothing is handed on from here: a node
 * that does not lead says so. Thread-safe; blocks as statements do.
 */
public final class ForwardedStatements {
  private static final Logger log = LoggerFactory.getLogger(ForwardedStatements.class);

  private final SessionService sessions;
  private final WriteRoad road;
  private final Rooms rooms;
  private final Statements statements;

  ForwardedStatements(SessionService sessions, WriteRoad road, Rooms rooms) {
    this.sessions = sessions;
    this.road = road;
    this.rooms = rooms;
    this.statements = new Statements(rooms);
  }

  /** Whether the question ends a transaction, so that it must not wait behind those that block. */
  public static boolean isEnding(StatementQuestion question) {
    return switch (question.getActionCase()) {
      case COMMIT, CLOSE, CANCEL, CLOSE_CURSOR, RESOLVE_COMMIT -> true;
      case EXECUTE, FETCH, SAVEPOINT, STAGE, READ_VALUE, ACTION_NOT_SET -> false;
    };
  }

  /** The answer; a failure is one too. */
  public StatementAnswer answer(StatementQuestion question) {
    try {
      return run(question).build();
    } catch (RuntimeException e) {
      QuorateException failure = ErrorMapper.map(e);
      if (failure.code() == ErrorCode.INTERNAL_ERROR) {
        log.atWarn().setCause(e).log("forwarded statement failed");
      }
      return StatementAnswer.newBuilder()
          .setErrorNumber(failure.code().number())
          .setError(String.valueOf(failure.getMessage()))
          .build();
    }
  }

  private StatementAnswer.Builder run(StatementQuestion question) {
    Control control = control(question);
    if (question.hasExecute()) {
      rooms.counters().count(StatementCounters.Kind.FORWARDED_SERVED);
    }
    return switch (question.getActionCase()) {
      case EXECUTE ->
          question.getSession().isEmpty()
              ? autocommit(question, control)
              : inTransaction(
                  question,
                  session -> {
                    session.drawn().learn(question.getExecute().getDrawnMap());
                    return execute(session, question.getExecute(), control)
                        .putAllDrawn(session.drawn().all());
                  });
      case SAVEPOINT ->
          inTransaction(question, session -> savepoint(session, question.getSavepoint(), control));
      case FETCH ->
          rows(
              StatementAnswer.newBuilder(),
              require(question)
                  .fetch(question.getFetch().getCursor(), question.getFetch().getRowsMax()));
      case STAGE -> stage(question.getStage(), control);
      case READ_VALUE -> readValue(require(question), question.getReadValue());
      case CLOSE_CURSOR -> {
        require(question).closeCursor(question.getCloseCursor());
        yield StatementAnswer.newBuilder();
      }
      case COMMIT -> commit(question);
      case RESOLVE_COMMIT -> {
        requireLeading();
        long revision =
            rooms
                .transactions()
                .resolveCommit(name(question.getResolveCommit()), control)
                .revision();
        yield StatementAnswer.newBuilder().setRevision(revision);
      }
      case CLOSE -> {
        sessions.find(question.getSession()).ifPresent(Session::close);
        yield StatementAnswer.newBuilder();
      }
      case CANCEL -> {
        sessions.find(question.getSession()).ifPresent(Session::cancel);
        yield StatementAnswer.newBuilder();
      }
      case ACTION_NOT_SET ->
          throw new QuorateException(
              ErrorCode.NOT_SUPPORTED, "this version does not know what is asked of it");
    };
  }

  private StatementAnswer.Builder stage(ValueStaging stage, Control control) {
    requireLeading();
    LobPart part =
        new LobPart(
            stage.getId(), stage.getOffset(), stage.getPart().toByteArray(), stage.getLast());
    return StatementAnswer.newBuilder()
        .setRevision(road.stageHere(part, name(stage.getName()), control));
  }

  private static StatementAnswer.Builder readValue(Session session, ValueReading reading) {
    byte[] part =
        session.readValue(
            reading.getCursor(), reading.getId(), reading.getOffset(), reading.getBytesMax());
    return StatementAnswer.newBuilder().setPart(UnsafeByteOperations.unsafeWrap(part));
  }

  private Control control(StatementQuestion question) {
    StatementClock clock = new StatementClock(rooms.after(timeout(question)));
    return clock.current();
  }

  private static Duration timeout(StatementQuestion question) {
    return Duration.ofMillis(Math.max(1, question.getTimeoutMillis()));
  }

  private NodeSession require(StatementQuestion question) {
    return sessions
        .findForwarded(question.getSession())
        .orElseThrow(
            () ->
                new QuorateException(
                    ErrorCode.CONNECTION_CLOSED, "there is no such session on the leader"));
  }

  private void requireLeading() {
    if (!rooms.transactions().isLeading()) {
      throw new QuorateException(ErrorCode.NO_LEADER, "this node does not take writes");
    }
  }

  private StatementAnswer.Builder autocommit(StatementQuestion question, Control control) {
    requireLeading();
    Execution execution = question.getExecute();
    DrawnValues drawn = new DrawnValues();
    drawn.learn(execution.getDrawnMap());
    Statement statement =
        new Statement(
            execution.getSql(),
            question.getSchema(),
            question.getUser(),
            0,
            drawn,
            keys(execution));
    Request name = name(execution.getName());
    Executed executed =
        isDefinition(statement, control)
            ? road.defineHere(statement, name, control)
            : road.writeHere(statement, parameterLists(execution), name, control);
    return counts(executed.updateCounts(), executed.revision(), executed.keys())
        .putAllDrawn(drawn.all());
  }

  private boolean isDefinition(Statement statement, Control control) {
    try (ReadView view = rooms.replica().readView()) {
      return statements.plan(statement, view, control.cancel()).plan() instanceof Plan.Definition;
    }
  }

  private StatementAnswer.Builder inTransaction(
      StatementQuestion question, Function<NodeSession, StatementAnswer.Builder> action) {
    if (!question.getBegin()) {
      NodeSession session = require(question);
      session.set(Settings.SCHEMA, question.getSchema());
      return action.apply(session);
    }
    requireLeading();
    SessionOptions options =
        new SessionOptions(
            question.getUser(),
            Map.of(Settings.AUTOCOMMIT, "false", Settings.SCHEMA, question.getSchema()));
    NodeSession session = sessions.openForwarded(question.getSession(), options);
    boolean begun = false;
    try {
      StatementAnswer.Builder answer = action.apply(session);
      begun = true;
      return answer.setSession(session.id());
    } finally {
      if (!begun) {
        session.close();
      }
    }
  }

  private static StatementAnswer.Builder savepoint(
      Session session, SavepointAction action, Control control) {
    session.savepoint(
        SavepointStep.valueOf(action.getStep().name()),
        action.getName(),
        0,
        control.deadline().remaining());
    return StatementAnswer.newBuilder();
  }

  private StatementAnswer.Builder execute(Session session, Execution execution, Control control) {
    List<List<@Nullable Object>> lists = parameterLists(execution);
    StatementRequest request =
        new StatementRequest(
            execution.getSql(),
            lists.size() == 1 ? lists.get(0) : List.of(),
            WriteIdentity.NONE,
            0,
            execution.getFirstRows(),
            execution.getRowsMax(),
            control.deadline().remaining(),
            keys(execution));
    if (lists.size() != 1) {
      BatchResult result = session.executeBatch(request, lists);
      return counts(result.updateCounts(), result.revision(), result.keys());
    }
    StatementResult result = session.execute(request);
    if (!result.returnsRows()) {
      return counts(List.of(result.updateCount()), result.revision(), result.keys());
    }
    StatementAnswer.Builder answer = StatementAnswer.newBuilder().setRevision(result.revision());
    long staleness = sessions.staleness(result.shown()).millis();
    if (staleness >= 0) {
      answer.setStalenessMillis(staleness);
    }
    return rows(columns(answer, result.columns()), result.rows());
  }

  private static StatementAnswer.Builder columns(
      StatementAnswer.Builder answer, List<ResultColumn> columns) {
    columns.forEach(column -> answer.addColumns(SqlValues.encode(column)));
    return answer;
  }

  private static KeysAsked keys(Execution execution) {
    KeyQuestion keys = execution.getKeys();
    return switch (keys.getKind()) {
      case NONE, UNRECOGNIZED -> KeysAsked.NONE;
      case PRIMARY_KEY -> KeysAsked.PRIMARY_KEY;
      case BY_NAME -> KeysAsked.byName(keys.getNamesList());
      case BY_NUMBER -> KeysAsked.byNumber(keys.getNumbersList());
    };
  }

  private StatementAnswer.Builder commit(StatementQuestion question) {
    Session session = require(question);
    try {
      Request name = name(question.getCommit());
      StatementResult result =
          session.commit(new WriteIdentity(name.client(), name.base(), name.repeated()));
      return StatementAnswer.newBuilder().setRevision(result.revision());
    } finally {
      session.close();
    }
  }

  private static StatementAnswer.Builder rows(StatementAnswer.Builder answer, RowBatch batch) {
    for (@Nullable Object[] row : batch.rows()) {
      answer.addRows(SqlValues.encode(row));
    }
    return answer.setCursor(batch.cursor()).setValuesCursor(batch.values());
  }

  private static StatementAnswer.Builder counts(
      List<Long> counts, long revision, GeneratedKeys keys) {
    StatementAnswer.Builder answer =
        StatementAnswer.newBuilder()
            .addAllUpdateCounts(counts)
            .setRevision(revision)
            .setKeysUnknown(keys.unknown())
            .setReturned(keys.returned());
    return rows(columns(answer, keys.columns()), new RowBatch(keys.rows(), 0));
  }

  private static List<List<@Nullable Object>> parameterLists(Execution execution) {
    List<List<@Nullable Object>> lists = new ArrayList<>(execution.getParametersCount());
    for (SqlRow row : execution.getParametersList()) {
      lists.add(SqlValues.decode(row));
    }
    return lists;
  }

  private static Request name(WriteName name) {
    Optional<RequestId> id =
        name.getSequence() == 0
            ? Optional.empty()
            : Optional.of(new RequestId(name.getClient(), name.getSequence()));
    return new Request(id, name.getBase(), name.getRepeated());
  }
}

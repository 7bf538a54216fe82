package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.dispatch.LeaderRoad;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.RequestId;
import io.quorate.server.session.StatementCounters.Kind;
import io.quorate.server.tx.Control;
import io.quorate.server.tx.LobPart;
import io.quorate.server.tx.Request;
import io.quorate.server.tx.Transactions;
import io.quorate.server.tx.Written;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Takes writes that commit by themselves to the leader, here or elsewhere, and finds out what
 * became of them: a write that had no effect, or of which nobody knows, is sent again under the
 * same name until the answer is certain or the time is over.
 *
 * <p>Thread-safe; blocks.
 */
final class WriteRoad {
  /** Told before the write is evaluated; they say nothing of an attempt before. */
  private static final Set<ErrorCode> TRANSIENT =
      EnumSet.of(
          ErrorCode.NO_LEADER,
          ErrorCode.NO_QUORUM,
          ErrorCode.OUTCOME_UNKNOWN,
          ErrorCode.OVERLOADED,
          ErrorCode.CANCELLED,
          ErrorCode.LOCK_TIMEOUT,
          ErrorCode.REPLICA_LAGGING);

  private final Rooms rooms;
  private final Statements statements;
  private final RemoteStatements remote;
  private final long client;
  private final AtomicLong sequence = new AtomicLong();

  WriteRoad(Rooms rooms, Statements statements, RemoteStatements remote) {
    this.rooms = rooms;
    this.statements = statements;
    this.remote = remote;
    this.client = rooms.random().nextLong();
  }

  /**
   * The name that the client has given, or one that this node can repeat. One that is sent for the
   * first time was not sent before its session began, whatever its client knew then.
   *
   * @param openedAt what this node had applied before the session could have sent anything
   */
  Request name(WriteIdentity identity, long openedAt) {
    long base = base(identity, openedAt);
    return identity.request().isPresent()
        ? new Request(identity.request(), base, identity.repeated())
        : new Request(
            Optional.of(new RequestId(client, sequence.incrementAndGet())),
            rooms.replica().applied().current(),
            false);
  }

  private long base(WriteIdentity identity, long openedAt) {
    if (identity.base() == WriteIdentity.ANY_BASE) {
      return rooms.replica().applied().current();
    }
    return identity.repeated() ? identity.base() : Math.max(identity.base(), openedAt);
  }

  /** Changes rows, wherever the leader is. */
  Executed write(
      Statement statement,
      List<List<@Nullable Object>> parameterLists,
      Request name,
      Control control) {
    return settle(name, control, writing(statement, parameterLists, control), null);
  }

  /** What comes of a write that was proposed before and has failed so. */
  Executed settle(
      Statement statement,
      List<@Nullable Object> parameters,
      Request name,
      Control control,
      QuorateException failure) {
    return settle(name, control, writing(statement, List.of(parameters), control), failure);
  }

  private Attempt<Executed> writing(
      Statement statement, List<List<@Nullable Object>> parameterLists, Control control) {
    return new Attempt<>() {
      @Override
      public Executed here(Request request) {
        return counted(Kind.WRITES_LED, writeHere(statement, parameterLists, request, control));
      }

      @Override
      public Executed at(MemberId leader, Request request) {
        forgetDrawn(statement, request);
        return counted(
            Kind.WRITES_FORWARDED,
            remote.autocommit(leader, statement, parameterLists, request, control));
      }
    };
  }

  private Executed counted(Kind kind, Executed done) {
    rooms.counters().count(kind);
    return done;
  }

  Executed writeHere(
      Statement statement,
      List<List<@Nullable Object>> parameterLists,
      Request name,
      Control control) {
    forgetDrawn(statement, name);
    KeyCollector keys = new KeyCollector(statement.keys());
    Written written =
        transactions()
            .write(
                statements.changes(statement, parameterLists, keys, control.cancel()),
                name,
                control);
    return Executed.updated(written).with(keys.keys(written));
  }

  /** The answer to a repetition may be that of a time before, whose values nobody knows. */
  private static void forgetDrawn(Statement statement, Request name) {
    if (name.repeated()) {
      statement.drawn().forget();
    }
  }

  /** Runs DDL, wherever the leader is. */
  Executed define(Statement statement, Request name, Control control) {
    return settle(
        name,
        control,
        new Attempt<>() {
          @Override
          public Executed here(Request request) {
            return counted(Kind.WRITES_LED, defineHere(statement, request, control));
          }

          @Override
          public Executed at(MemberId leader, Request request) {
            return counted(
                Kind.WRITES_FORWARDED,
                remote.autocommit(leader, statement, List.of(List.of()), request, control));
          }
        },
        null);
  }

  Executed defineHere(Statement statement, Request name, Control control) {
    return Executed.updated(
        transactions().redefine(statements.redefining(statement, control.cancel()), name, control));
  }

  /** Keeps a part of a large value, wherever the leader is; the revision that has it. */
  long stage(LobPart part, Request name, Control control) {
    return settle(
        name,
        control,
        new Attempt<>() {
          @Override
          public Long here(Request request) {
            return stageHere(part, request, control);
          }

          @Override
          public Long at(MemberId leader, Request request) {
            return remote.stage(leader, part, request, control);
          }
        },
        null);
  }

  long stageHere(LobPart part, Request name, Control control) {
    return transactions().stage(part, name, control).revision();
  }

  /**
   * What became of a COMMIT that was sent before; the revision that shows it.
   *
   * @throws QuorateException {@link ErrorCode#WRITE_CONFLICT} when it was rolled back
   */
  long resolveCommit(Request name, Control control) {
    return settle(
        again(name),
        control,
        new Attempt<>() {
          @Override
          public Long here(Request request) {
            return transactions().resolveCommit(request, control).revision();
          }

          @Override
          public Long at(MemberId leader, Request request) {
            return remote.resolveCommit(leader, request, control);
          }
        },
        null);
  }

  private static Request again(Request name) {
    return new Request(name.client(), name.base(), true);
  }

  private Transactions transactions() {
    return rooms.transactions();
  }

  private interface Attempt<T> {
    T here(Request request);

    T at(MemberId leader, Request request);
  }

  /**
   * Attempts until the answer is certain or the time is over.
   *
   * @param before how an attempt failed that was made already
   */
  private <T> T settle(
      Request name, Control control, Attempt<T> attempt, @Nullable QuorateException before) {
    LeaderRoad road = rooms.road();
    Deadline giveUp = rooms.within(rooms.config().leaderWait(), control.deadline());
    Request request = name;
    QuorateException failure = before;
    while (true) {
      if (failure == null) {
        try {
          Optional<MemberId> leader = road.otherLeader(giveUp, control.cancel());
          return leader.isPresent() ? attempt.at(leader.get(), request) : attempt.here(request);
        } catch (RuntimeException e) {
          failure = ErrorMapper.map(e);
        }
      }
      if (failure.code() == ErrorCode.OUTCOME_UNKNOWN) {
        request = again(request);
      }
      boolean inDoubt = request.repeated() && TRANSIENT.contains(failure.code());
      boolean inVain = failure.code() == ErrorCode.NO_QUORUM || giveUp.expired();
      if (inVain || !(inDoubt || failure.code() == ErrorCode.NO_LEADER)) {
        throw inDoubt ? unknown(failure) : failure;
      }
      failure = null;
      road.pause();
    }
  }

  private static QuorateException unknown(QuorateException failure) {
    return failure.code() == ErrorCode.OUTCOME_UNKNOWN
        ? failure
        : new QuorateException(
            ErrorCode.OUTCOME_UNKNOWN,
            "the write may have committed or still commit: " + failure.getMessage(),
            failure);
  }
}

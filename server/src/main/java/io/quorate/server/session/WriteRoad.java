package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.dispatch.LeaderRoad;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.RequestId;
import io.quorate.server.tx.Control;
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

  /** The name that the client has given, or one that this node can repeat. */
  Request name(WriteIdentity identity) {
    return identity.request().isPresent()
        ? new Request(identity.request(), identity.base(), identity.repeated())
        : new Request(
            Optional.of(new RequestId(client, sequence.incrementAndGet())),
            rooms.replica().applied().current(),
            false);
  }

  /** Changes rows, wherever the leader is. */
  Executed write(
      Statement statement,
      List<List<@Nullable Object>> parameterLists,
      Request name,
      Control control) {
    return settle(
        name,
        control,
        new Attempt<>() {
          @Override
          public Executed here(Request request) {
            return writeHere(statement, parameterLists, request, control);
          }

          @Override
          public Executed at(MemberId leader, Request request) {
            return remote.autocommit(leader, statement, parameterLists, request, control);
          }
        });
  }

  Executed writeHere(
      Statement statement,
      List<List<@Nullable Object>> parameterLists,
      Request name,
      Control control) {
    KeyCollector keys = new KeyCollector(statement.keys());
    Written written =
        transactions()
            .write(
                statements.changes(statement, parameterLists, keys, control.cancel()),
                name,
                control);
    return Executed.updated(written).with(keys.keys(written));
  }

  /** Runs DDL, wherever the leader is. */
  Executed define(Statement statement, Request name, Control control) {
    return settle(
        name,
        control,
        new Attempt<>() {
          @Override
          public Executed here(Request request) {
            return defineHere(statement, request, control);
          }

          @Override
          public Executed at(MemberId leader, Request request) {
            return remote.autocommit(leader, statement, List.of(List.of()), request, control);
          }
        });
  }

  Executed defineHere(Statement statement, Request name, Control control) {
    return Executed.updated(
        transactions().redefine(statements.redefining(statement, control.cancel()), name, control));
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
        });
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

  private <T> T settle(Request name, Control control, Attempt<T> attempt) {
    LeaderRoad road = rooms.road();
    Deadline giveUp = rooms.within(rooms.config().leaderWait(), control.deadline());
    Request request = name;
    while (true) {
      QuorateException failure;
      try {
        Optional<MemberId> leader = road.otherLeader(giveUp, control.cancel());
        return leader.isPresent() ? attempt.at(leader.get(), request) : attempt.here(request);
      } catch (RuntimeException e) {
        failure = ErrorMapper.map(e);
      }
      if (failure.code() == ErrorCode.OUTCOME_UNKNOWN) {
        request = again(request);
      }
      boolean inDoubt = request.repeated();
      boolean goesOn =
          failure.code() == ErrorCode.NO_LEADER || (inDoubt && TRANSIENT.contains(failure.code()));
      if (!goesOn || giveUp.expired()) {
        throw inDoubt && TRANSIENT.contains(failure.code()) ? unknown(failure) : failure;
      }
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

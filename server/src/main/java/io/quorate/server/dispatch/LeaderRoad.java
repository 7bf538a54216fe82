package io.quorate.server.dispatch;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.format.PeerQuestion;
import io.quorate.server.format.StatementAnswer;
import io.quorate.server.format.StatementQuestion;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.CancelFlag;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Finds the node that takes writes, and asks it. Thread-safe; blocks until the deadline at most.
 */
public final class LeaderRoad {
  /** What a question may have, with the frame's room for headers. */
  private static final int QUESTION_BYTES_MAX = 12 << 20;

  /** The leader's own answer that the time is over should arrive, and say more than ours would. */
  private static final Duration GRACE = Duration.ofMillis(500);

  private static final long SLICE_MILLIS = 50;

  /** An answer that was on its way when the leadership ended has arrived by then. */
  private static final int SLICES_DEPOSED = 6;

  /** The same, once another one leads: electing it took longer than an answer takes. */
  private static final int SLICES_SUCCEEDED = 2;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final Map<Integer, ErrorCode> BY_NUMBER =
      Arrays.stream(ErrorCode.values())
          .collect(Collectors.toUnmodifiableMap(ErrorCode::number, Function.identity()));

  private final MemberId self;
  private final Consensus consensus;
  private final Peers peers;
  private final BooleanSupplier leadsHere;
  private final MajorityWatch majority;
  private final LongSupplier nanoClock;

  /**
   * @param leadsHere whether this node takes writes
   */
  public LeaderRoad(
      MemberId self,
      Consensus consensus,
      Peers peers,
      BooleanSupplier leadsHere,
      MajorityWatch majority,
      LongSupplier nanoClock) {
    this.self = self;
    this.consensus = consensus;
    this.peers = peers;
    this.leadsHere = leadsHere;
    this.majority = majority;
    this.nanoClock = nanoClock;
  }

  /**
   * The other node that leads; empty when this one does. Waits for a leader that is not known yet.
   *
   * @throws QuorateException {@link ErrorCode#NO_LEADER} when none is known before the deadline,
   *     {@link ErrorCode#NO_QUORUM} as soon as it is known that none can be
   */
  public Optional<MemberId> otherLeader(Deadline deadline, CancelFlag cancel) {
    while (true) {
      if (leadsHere.getAsBoolean()) {
        return Optional.empty();
      }
      Optional<MemberId> leader = consensus.leader().filter(member -> !member.equals(self));
      if (leader.isPresent()) {
        return leader;
      }
      majority.requireHope();
      if (deadline.expired()) {
        throw new QuorateException(
            ErrorCode.NO_LEADER,
            consensus.electsItself()
                ? "no node is known to take writes"
                : "no node is known to take writes, and none will by itself: elections are manual;"
                    + " ADMIN SET LEADER on the node that is to lead");
      }
      cancel.check();
      pause();
    }
  }

  /** Lets a little time pass, as between two attempts. */
  public void pause() {
    LockSupport.parkNanos(PAUSE_NANOS);
  }

  /**
   * Asks the leader and waits for its answer.
   *
   * @param onCancel called once when the statement is cancelled while the answer is awaited
   * @throws QuorateException what the leader says, or {@link ErrorCode#OUTCOME_UNKNOWN} when no
   *     answer comes
   */
  public StatementAnswer ask(
      MemberId leader,
      StatementQuestion.Builder question,
      Deadline deadline,
      CancelFlag cancel,
      Runnable onCancel) {
    Duration left = deadline.remaining();
    byte[] bytes = encode(question.setTimeoutMillis(left.toMillis()));
    Deadline answerDue = Deadline.after(left.plus(GRACE), nanoClock);
    CompletableFuture<byte[]> answer = peers.ask(leader, bytes, answerDue);
    return decode(await(answer, leader, answerDue, cancel, onCancel));
  }

  /** Tells the leader something whose answer nobody needs, such as that a session is over. */
  public void tell(MemberId leader, StatementQuestion.Builder question, Duration within) {
    byte[] bytes = encode(question.setTimeoutMillis(within.toMillis()));
    var unused = peers.ask(leader, bytes, Deadline.after(within, nanoClock));
  }

  private static byte[] encode(StatementQuestion.Builder question) {
    byte[] bytes = PeerQuestion.newBuilder().setStatement(question).build().toByteArray();
    if (bytes.length > QUESTION_BYTES_MAX) {
      throw new QuorateException(
          ErrorCode.LIMIT_EXCEEDED,
          "the statement with its parameters has "
              + bytes.length
              + " bytes, of which "
              + QUESTION_BYTES_MAX
              + " can be handed to the leader: make the batch smaller");
    }
    return bytes;
  }

  private byte[] await(
      CompletableFuture<byte[]> answer,
      MemberId leader,
      Deadline due,
      CancelFlag cancel,
      Runnable onCancel) {
    boolean cancelled = false;
    int deposed = 0;
    while (true) {
      try {
        return answer.get(SLICE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (due.expired()) {
          throw new QuorateException(
              ErrorCode.OUTCOME_UNKNOWN, "the leader " + leader + " has not answered in time", e);
        }
        // A frame to a node that is gone is lost without a word.
        Optional<MemberId> leads = consensus.leader();
        deposed = leads.filter(leader::equals).isPresent() ? 0 : deposed + 1;
        if (deposed > (leads.isPresent() ? SLICES_SUCCEEDED : SLICES_DEPOSED)) {
          throw new QuorateException(
              ErrorCode.OUTCOME_UNKNOWN,
              leader + " has not answered and does not lead any more",
              e);
        }
        if (!cancelled && isCancelled(cancel)) {
          cancelled = true;
          onCancel.run();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new QuorateException(
            ErrorCode.OUTCOME_UNKNOWN, "interrupted while the leader " + leader + " was asked", e);
      } catch (ExecutionException e) {
        throw ErrorMapper.map(e);
      }
    }
  }

  private static boolean isCancelled(CancelFlag cancel) {
    try {
      cancel.check();
      return false;
    } catch (RuntimeException e) {
      return true;
    }
  }

  private static StatementAnswer decode(byte[] bytes) {
    PeerAnswer answer;
    try {
      answer = PeerAnswer.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new QuorateException(
          ErrorCode.OUTCOME_UNKNOWN, "the leader's answer cannot be read", e);
    }
    if (!answer.hasStatement()) {
      throw new QuorateException(ErrorCode.NOT_SUPPORTED, "the leader says: " + answer.getError());
    }
    StatementAnswer statement = answer.getStatement();
    if (statement.getErrorNumber() != 0) {
      ErrorCode code = BY_NUMBER.getOrDefault(statement.getErrorNumber(), ErrorCode.INTERNAL_ERROR);
      throw new QuorateException(code, statement.getError());
    }
    return statement;
  }
}

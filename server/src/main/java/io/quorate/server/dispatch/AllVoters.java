package io.quorate.server.dispatch;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.replica.AppliedRevision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Waits until every voter that lives shows a revision, for commits at level ALL. What a voter shows
 * is in its log and synced there, for it applies nothing that is not.
 *
 * <p>Thread-safe; blocks. However many wait, one question is under way to each voter.
 */
public final class AllVoters {
  private static final Duration QUESTION_MAX = Duration.ofSeconds(1);
  private static final long SLICE_MILLIS = 50;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final MemberId self;
  private final Consensus consensus;
  private final Peers peers;
  private final AppliedRevision applied;
  private final Predicate<MemberId> answers;
  private final LongSupplier nanoClock;
  private final ConcurrentHashMap<MemberId, Progress> known = new ConcurrentHashMap<>();

  /**
   * @param applied what this node shows
   * @param answers whether a member has answered within the heartbeat timeout
   */
  public AllVoters(
      MemberId self,
      Consensus consensus,
      Peers peers,
      AppliedRevision applied,
      Predicate<MemberId> answers,
      LongSupplier nanoClock) {
    this.self = self;
    this.consensus = consensus;
    this.peers = peers;
    this.applied = applied;
    this.answers = answers;
    this.nanoClock = nanoClock;
  }

  /** What a voter has said that it shows, and the question that may tell more. */
  private static final class Progress {
    private final AtomicLong applied = new AtomicLong();
    private final ReentrantLock turn = new ReentrantLock();

    /** Written under {@link #turn}. */
    private CompletableFuture<?> question = CompletableFuture.completedFuture(null);
  }

  /**
   * Waits.
   *
   * @return the voters that were not waited for, because they do not answer
   * @throws QuorateException {@link ErrorCode#OUTCOME_UNKNOWN} when the time is over first; a
   *     majority has the revision all the same
   */
  public List<MemberId> await(long revision, Deadline deadline) {
    List<MemberId> voters = consensus.membership().voters();
    known.keySet().retainAll(voters);
    List<MemberId> others = voters.stream().filter(voter -> !voter.equals(self)).toList();
    // All of them are asked before one is waited for.
    for (MemberId voter : others) {
      if (of(voter).applied.get() < revision) {
        var unused = ask(voter);
      }
    }
    List<MemberId> leftOut = new ArrayList<>();
    for (MemberId voter : others) {
      if (!await(voter, revision, deadline)) {
        leftOut.add(voter);
      }
    }
    if (others.size() < voters.size()) {
      applied.await(revision, deadline);
    }
    return leftOut;
  }

  private Progress of(MemberId voter) {
    return known.computeIfAbsent(voter, member -> new Progress());
  }

  /** False when the voter does not answer. */
  private boolean await(MemberId voter, long revision, Deadline deadline) {
    Progress progress = of(voter);
    while (progress.applied.get() < revision) {
      pass(ask(voter));
      if (progress.applied.get() >= revision) {
        return true;
      }
      if (!consensus.membership().voters().contains(voter)) {
        return true;
      }
      if (!answers.test(voter)) {
        return false;
      }
      if (deadline.expired()) {
        throw new QuorateException(
            ErrorCode.OUTCOME_UNKNOWN,
            "a majority has committed it, as revision %d, but %s has not shown it within the time of the statement, as commit_level ALL demands"
                .formatted(revision, voter.name()));
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return true;
  }

  /** The question that is under way, or a new one. */
  private CompletableFuture<?> ask(MemberId voter) {
    Progress progress = of(voter);
    CompletableFuture<Void> next = new CompletableFuture<>();
    progress.turn.lock();
    try {
      if (!progress.question.isDone()) {
        return progress.question;
      }
      progress.question = next;
    } finally {
      progress.turn.unlock();
    }
    // A failure tells nothing: the voter is asked again while it lives.
    var unused =
        peers
            .ask(voter, PeerQuestions.status(), Deadline.after(QUESTION_MAX, nanoClock))
            .whenComplete(
                (answer, failure) -> {
                  if (failure == null) {
                    progress.applied.accumulateAndGet(appliedOf(answer), Math::max);
                  }
                  next.complete(null);
                });
    return next;
  }

  /** 0 where it cannot be read, as of a member of another version. */
  private static long appliedOf(byte[] bytes) {
    try {
      return PeerAnswer.parseFrom(bytes).getStatus().getApplied();
    } catch (InvalidProtocolBufferException e) {
      return 0;
    }
  }

  private static void pass(CompletableFuture<?> question) {
    try {
      var unused = question.get(SLICE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Time to see whether the voter still lives.
      return;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuorateException(
          ErrorCode.OUTCOME_UNKNOWN, "interrupted while other voters were waited for", e);
    }
  }
}

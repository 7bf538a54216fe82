package io.quorate.server.tx;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.ReplicatedState.Applied;
import io.quorate.server.format.WriteSet;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.Invariant;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.RequestId;
import io.quorate.server.replica.Replica;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Takes write sets into the log and answers each request once: a repetition of one that is under
 * way joins it, and one of an earlier time gets the first answer.
 *
 * <p>Thread-safe. A statement's thread waits here; many wait at once, which fills the log's
 * batches.
 */
final class CommitPipeline {
  /** Told to a COMMIT whose id was taken by somebody who asked what became of it. */
  private static final long VOID = Long.MAX_VALUE;

  private final Replica replica;
  private final long ownClient;
  private final AtomicLong ownSequence = new AtomicLong();
  private final ConcurrentHashMap<RequestId, CompletableFuture<Written>> underWay =
      new ConcurrentHashMap<>();

  /** Requests of which nobody knows, by the epoch in which they may still run. */
  private final ConcurrentHashMap<RequestId, Long> inDoubt = new ConcurrentHashMap<>();

  /**
   * @param ownClient drawn at random, for requests that no client has named
   */
  CommitPipeline(Replica replica, long ownClient) {
    this.replica = replica;
    this.ownClient = ownClient;
  }

  /** Evaluates, and proposes or fails. */
  interface Attempt {
    CompletableFuture<Written> propose(Proposal proposal);
  }

  /** The right to propose one write under the request's name. */
  final class Proposal {
    private final RequestId id;
    private final long base;

    private Proposal(RequestId id, long base) {
      this.id = id;
      this.base = base;
    }

    /**
     * Proposes; does not wait. The answer comes when readers here see the effect.
     *
     * @param updateCounts the answer, if this write is the first of its name to run
     */
    CompletableFuture<Written> propose(long epoch, WriteSet writes, List<Long> updateCounts) {
      return replica
          .proposer()
          .propose(epoch, id, base, writes)
          .thenApply(applied -> answer(applied, updateCounts));
    }
  }

  /**
   * Proposes a write that was evaluated before, under the request's name, and does not wait.
   *
   * @param request named by its client and not sent before
   * @return what will come of it: as {@link #once} answers or fails, except that it has no
   *     deadline; null if the name is taken, and then nothing was proposed
   */
  @Nullable CompletableFuture<Written> proposeNow(
      Request request, RequestId id, long epoch, WriteSet writes, List<Long> updateCounts) {
    CompletableFuture<Written> mine = new CompletableFuture<>();
    if (isInDoubt(id, epoch) || underWay.putIfAbsent(id, mine) != null) {
      return null;
    }
    try {
      var unused =
          new Proposal(id, request.base())
              .propose(epoch, writes, updateCounts)
              .whenComplete((written, problem) -> end(id, epoch, mine, written, problem));
    } catch (RuntimeException | Error e) {
      end(id, epoch, mine, null, e);
    }
    return mine;
  }

  /**
   * Runs {@code attempt} under the request's name, unless that has run or is running.
   *
   * @throws QuorateException {@link ErrorCode#OUTCOME_UNKNOWN} when the time is over and the write
   *     was proposed
   */
  Written once(Request request, long epoch, Control control, Attempt attempt) {
    Optional<RequestId> client = request.client();
    if (client.isEmpty()) {
      long base = replica.applied().current();
      RequestId own = new RequestId(ownClient, ownSequence.incrementAndGet());
      return await(attempt.propose(new Proposal(own, base)), control);
    }
    RequestId id = client.get();
    CompletableFuture<Written> mine = new CompletableFuture<>();
    CompletableFuture<Written> first = underWay.putIfAbsent(id, mine);
    if (first != null) {
      return await(first, control);
    }
    try {
      requireSettled(id, epoch);
      Optional<Written> before = request.repeated() ? findRun(request, id) : Optional.empty();
      CompletableFuture<Written> proposed =
          before.isPresent()
              ? CompletableFuture.completedFuture(before.get())
              : attempt.propose(new Proposal(id, request.base()));
      var unused =
          proposed.whenComplete((written, problem) -> end(id, epoch, mine, written, problem));
    } catch (RuntimeException | Error e) {
      end(id, epoch, mine, null, e);
    }
    return await(mine, control);
  }

  /** What is in doubt can still come into effect until another leadership has begun. */
  private void requireSettled(RequestId id, long epoch) {
    if (isInDoubt(id, epoch)) {
      throw new QuorateException(
          ErrorCode.OUTCOME_UNKNOWN, "the write may still commit under the leadership that ends");
    }
  }

  private boolean isInDoubt(RequestId id, long epoch) {
    inDoubt.values().removeIf(since -> since < epoch);
    return inDoubt.containsKey(id);
  }

  private void end(
      RequestId id,
      long epoch,
      CompletableFuture<Written> mine,
      @Nullable Written written,
      @Nullable Throwable problem) {
    if (written != null) {
      underWay.remove(id, mine);
      mine.complete(written);
      return;
    }
    Throwable cause = problem == null ? Invariant.violation("a write without an end") : problem;
    if (ErrorMapper.map(cause).code() == ErrorCode.OUTCOME_UNKNOWN) {
      inDoubt.put(id, epoch);
    }
    underWay.remove(id, mine);
    mine.completeExceptionally(cause);
  }

  private Optional<Written> findRun(Request request, RequestId id) {
    return replica
        .findRequest(id, request.base())
        .map(applied -> answer(applied, List.of(applied.outcome().updateCount())));
  }

  /**
   * What became of a COMMIT that was sent before, to whomever. When it has not run, it never will:
   * its name is taken by a write of nothing.
   *
   * @throws QuorateException {@link ErrorCode#WRITE_CONFLICT} when it has not run
   */
  Written resolve(Request request, long epoch, Control control) {
    WriteSet nothing = WriteSet.newBuilder().setUpdateCount(VOID).build();
    return once(
        request, epoch, control, proposal -> proposal.propose(epoch, nothing, List.of(VOID)));
  }

  /** The answer of an outcome; the client must hear of everything that it is not certain of. */
  private static Written answer(Applied applied, List<Long> updateCounts) {
    long count = applied.outcome().updateCount();
    return switch (applied.outcome().code()) {
      case APPLIED -> {
        if (count == VOID) {
          throw new QuorateException(
              ErrorCode.WRITE_CONFLICT, "the transaction was not committed and is rolled back");
        }
        long expected = updateCounts.stream().mapToLong(Long::longValue).sum();
        yield new Written(expected == count ? updateCounts : List.of(count), applied.index());
      }
      case FENCED ->
          throw new QuorateException(
              ErrorCode.NO_LEADER,
              "the leadership changed before the write was in the log; it had no effect");
      case EXPIRED ->
          throw new QuorateException(
              ErrorCode.OUTCOME_UNKNOWN,
              "the request is too old for anyone to tell whether it ran; it will not run now");
    };
  }

  /** Waits for a write that has been proposed, or for one of somebody else that may have been. */
  private static Written await(CompletableFuture<Written> future, Control control) {
    try {
      return future.get(control.deadline().remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new QuorateException(
          ErrorCode.OUTCOME_UNKNOWN,
          "the time is over while the write is in the log's hands; it may still commit",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuorateException(
          ErrorCode.OUTCOME_UNKNOWN,
          "interrupted while the write is in the log's hands; it may still commit",
          e);
    } catch (ExecutionException e) {
      throw ErrorMapper.map(e);
    }
  }
}

package io.quorate.server.dispatch;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.replica.AppliedRevision;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Lets a read pass once this replica is fresh enough for it. Thread-safe; blocks. */
public final class ReadGate {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final AppliedRevision applied;
  private final Consensus consensus;

  public ReadGate(AppliedRevision applied, Consensus consensus) {
    this.applied = applied;
    this.consensus = consensus;
  }

  /**
   * Waits until a view opened afterwards shows enough.
   *
   * @param token the revision that the client has seen
   * @throws QuorateException {@link ErrorCode#REPLICA_LAGGING} when it takes too long, {@link
   *     ErrorCode#NO_LEADER} when only a leader could tell
   */
  public void await(ReadLevel level, long token, Deadline deadline) {
    switch (level) {
      case LOCAL -> {}
      case SESSION -> applied.await(token, deadline);
      case LINEARIZABLE -> {
        barrier(deadline);
        applied.await(token, deadline);
      }
    }
  }

  /** Whether {@link #await} would let it pass without waiting. */
  public boolean isOpen(ReadLevel level, long token) {
    return switch (level) {
      case LOCAL -> true;
      case SESSION -> applied.current() >= token;
      case LINEARIZABLE -> false;
    };
  }

  /** Asks again while no leader is there to ask, as just after a start or in an election. */
  private void barrier(Deadline deadline) {
    while (true) {
      try {
        var unused =
            consensus.readBarrier().get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        return;
      } catch (ExecutionException | TimeoutException e) {
        if (deadline.expired()) {
          throw new QuorateException(
              ErrorCode.NO_LEADER, "no leader has told how far the log reaches", e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new QuorateException(
            ErrorCode.CANCELLED, "interrupted while asking how far the log reaches", e);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}

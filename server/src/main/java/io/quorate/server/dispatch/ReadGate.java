package io.quorate.server.dispatch;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.dispatch.FreshnessGauge.Mark;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.replica.AppliedRevision;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;

/** Lets a read pass once this replica is fresh enough for it. Thread-safe; blocks. */
public final class ReadGate {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** Between two looks whether an answer can still come. */
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final AppliedRevision applied;
  private final Consensus consensus;
  private final FreshnessGauge gauge;
  private final Patience patience;
  private final MajorityWatch majority;

  public ReadGate(
      AppliedRevision applied,
      Consensus consensus,
      FreshnessGauge gauge,
      Patience patience,
      MajorityWatch majority) {
    this.applied = applied;
    this.consensus = consensus;
    this.gauge = gauge;
    this.patience = patience;
    this.majority = majority;
  }

  /**
   * How long a read waits here at most, whatever its own deadline: elsewhere it may be served
   * sooner.
   *
   * @param bounded a read at level BOUNDED
   * @param others any other, as long as a change of the leader takes
   */
  public record Patience(Duration bounded, Duration others) {
    private Duration of(ReadLevel level) {
      return level == ReadLevel.BOUNDED ? bounded : others;
    }
  }

  /**
   * How fresh a read must be.
   *
   * @param token the revision that the client has seen
   * @param stalenessMax for {@link ReadLevel#BOUNDED}: whatever was acknowledged longer than that
   *     before the read is to be shown
   */
  public record Demand(ReadLevel level, long token, Duration stalenessMax) {
    /** Without a bound. */
    public Demand(ReadLevel level, long token) {
      this(level, token, Duration.ZERO);
    }
  }

  /**
   * Whether a read passes at once, so that {@link #await} would not block. Cheap, and does not
   * block.
   */
  public boolean isOpen(Demand demand) {
    return switch (demand.level) {
      case LOCAL -> true;
      case SESSION -> applied.current() >= demand.token;
      case BOUNDED ->
          applied.current() >= demand.token && gauge.coversSince(since(demand.stalenessMax));
      case LINEARIZABLE -> false;
    };
  }

  /** Whether a read that would have to wait for the leader's answer is likely to wait in vain. */
  public boolean isBehind() {
    return gauge.isWaiting(patience.bounded);
  }

  /**
   * Waits until a view opened afterwards shows enough.
   *
   * @throws QuorateException {@link ErrorCode#REPLICA_LAGGING} when it takes too long, {@link
   *     ErrorCode#NO_LEADER} when only a leader could tell, {@link ErrorCode#NO_QUORUM} as soon as
   *     it is known that there can be none
   */
  public void await(Demand demand, Deadline deadline) {
    // The clock is not looked at for a read that passes.
    if (isOpen(demand)) {
      return;
    }
    Deadline here = here(demand.level, deadline);
    switch (demand.level) {
      case LOCAL -> {}
      case SESSION -> applied.await(demand.token, here);
      case BOUNDED -> {
        long since = since(demand.stalenessMax);
        applied.await(demand.token, here);
        if (!gauge.coversSince(since)) {
          ask(() -> gauge.askSince(since), here, e -> tooOld(demand.stalenessMax, e));
        }
      }
      case LINEARIZABLE -> {
        ask(consensus::readBarrier, here, this::noBarrier);
        applied.await(demand.token, here);
      }
    }
  }

  /**
   * Waits until a view opened afterwards shows what the client has seen, whatever else it wants.
   *
   * @throws QuorateException {@link ErrorCode#REPLICA_LAGGING} when it takes too long
   */
  public void awaitSeen(Demand demand, Deadline deadline) {
    if (demand.level != ReadLevel.LOCAL && applied.current() < demand.token) {
      applied.await(demand.token, here(demand.level, deadline));
    }
  }

  private Deadline here(ReadLevel level, Deadline deadline) {
    Duration wait = patience.of(level);
    return deadline.remaining().compareTo(wait) <= 0
        ? deadline
        : Deadline.after(wait, gauge::nanos);
  }

  private long since(Duration stalenessMax) {
    return gauge.nanos() - stalenessMax.toNanos();
  }

  /**
   * Whether a view shows enough that was opened after {@code mark} was taken and {@link #await} had
   * let pass what had no bound.
   */
  public boolean isEnough(Demand demand, Mark mark) {
    return switch (demand.level) {
      case LOCAL, SESSION -> true;
      case BOUNDED -> mark.covers(since(demand.stalenessMax));
      case LINEARIZABLE -> false;
    };
  }

  /** Asks again while no leader is there to ask, as just after a start or in an election. */
  private void ask(
      Supplier<? extends CompletableFuture<?>> question,
      Deadline deadline,
      Function<Exception, QuorateException> failure) {
    CompletableFuture<?> answer = question.get();
    while (true) {
      long wait = Math.min(SLICE_NANOS, deadline.remaining().toNanos());
      try {
        var unused = answer.get(wait, TimeUnit.NANOSECONDS);
        return;
      } catch (ExecutionException | TimeoutException e) {
        majority.requireHope();
        if (deadline.expired()) {
          throw failure.apply(e);
        }
        if (e instanceof TimeoutException) {
          continue;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new QuorateException(
            ErrorCode.CANCELLED, "interrupted while asking how far the log reaches", e);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
      answer = question.get();
    }
  }

  /** Where a majority is known to be there, it is this replica that has not applied the answer. */
  private QuorateException noBarrier(Exception cause) {
    return cause instanceof TimeoutException && gauge.isQuorate()
        ? new QuorateException(
            ErrorCode.REPLICA_LAGGING,
            "this replica, at revision " + applied.current() + ", " + lag(),
            cause)
        : new QuorateException(
            ErrorCode.NO_LEADER, "no leader has told how far the log reaches", cause);
  }

  private QuorateException tooOld(Duration stalenessMax, Exception cause) {
    return new QuorateException(
        ErrorCode.REPLICA_LAGGING,
        "this replica, at revision "
            + applied.current()
            + ", "
            + lag()
            + "; max_staleness is "
            + stalenessMax.toMillis()
            + " ms",
        cause);
  }

  private String lag() {
    long lag = gauge.stalenessMillis();
    return lag < 0
        ? "does not know how far behind it is: no leader has answered since it started"
        : "can vouch only for what was acknowledged more than " + lag + " ms ago";
  }
}

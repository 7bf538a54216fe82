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

  private final AppliedRevision applied;
  private final Consensus consensus;
  private final FreshnessGauge gauge;
  private final Duration boundedWait;

  /**
   * @param boundedWait how long a bounded read may wait here; elsewhere it may be served sooner
   */
  public ReadGate(
      AppliedRevision applied, Consensus consensus, FreshnessGauge gauge, Duration boundedWait) {
    this.applied = applied;
    this.consensus = consensus;
    this.gauge = gauge;
    this.boundedWait = boundedWait;
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
    return gauge.isWaiting(boundedWait);
  }

  /**
   * Waits until a view opened afterwards shows enough.
   *
   * @throws QuorateException {@link ErrorCode#REPLICA_LAGGING} when it takes too long, {@link
   *     ErrorCode#NO_LEADER} when only a leader could tell
   */
  public void await(Demand demand, Deadline deadline) {
    switch (demand.level) {
      case LOCAL -> {}
      case SESSION -> applied.await(demand.token, deadline);
      case BOUNDED -> {
        Deadline here = earlier(deadline);
        long since = since(demand.stalenessMax);
        applied.await(demand.token, here);
        if (!gauge.coversSince(since)) {
          ask(() -> gauge.askSince(since), here, e -> tooOld(demand.stalenessMax, e));
        }
      }
      case LINEARIZABLE -> {
        ask(consensus::readBarrier, deadline, this::noBarrier);
        applied.await(demand.token, deadline);
      }
    }
  }

  private Deadline earlier(Deadline deadline) {
    return deadline.remaining().compareTo(boundedWait) <= 0
        ? deadline
        : Deadline.after(boundedWait, gauge::nanos);
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
  private static void ask(
      Supplier<? extends CompletableFuture<?>> question,
      Deadline deadline,
      Function<Exception, QuorateException> failure) {
    while (true) {
      try {
        var unused = question.get().get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        return;
      } catch (ExecutionException | TimeoutException e) {
        if (deadline.expired()) {
          throw failure.apply(e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new QuorateException(
            ErrorCode.CANCELLED, "interrupted while asking how far the log reaches", e);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
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

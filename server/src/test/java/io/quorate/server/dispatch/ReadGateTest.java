package io.quorate.server.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.driver.ErrorCode;
import io.quorate.server.dispatch.FreshnessGauge.Mark;
import io.quorate.server.dispatch.FreshnessGauge.Timing;
import io.quorate.server.dispatch.ReadGate.Demand;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.replica.AppliedRevision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

@Timeout(30)
final class ReadGateTest {
  private final FakeBarriers barriers = new FakeBarriers();

  /** Real time, and what the test lets pass on top of it. */
  private final AtomicLong skipped = new AtomicLong();

  private volatile Optional<String> cutOff = Optional.empty();
  private final AppliedRevision applied = new AppliedRevision();
  private final FreshnessGauge gauge =
      new FreshnessGauge(barriers, applied::current, this::nanos, Timing.DEFAULT);
  private final ReadGate gate =
      new ReadGate(
          applied,
          barriers,
          gauge,
          new ReadGate.Patience(Duration.ofMillis(50), Duration.ofMillis(200)),
          () -> cutOff);

  private long nanos() {
    return System.nanoTime() + skipped.get();
  }

  private static Demand bounded(Duration bound) {
    return new Demand(ReadLevel.BOUNDED, 0, bound);
  }

  private Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20), this::nanos);
  }

  @Test
  void a_bound_that_holds_lets_a_read_pass_at_once() {
    gauge.tick();
    barriers.answer(0, 0);

    assertThat(gate.isOpen(bounded(Duration.ofMinutes(1)))).isTrue();
    assertThat(gate.isEnough(bounded(Duration.ofMinutes(1)), gauge.newest())).isTrue();
    gate.await(bounded(Duration.ofMinutes(1)), soon());
    assertThat(barriers.asked).hasSize(1);
  }

  @Test
  void a_token_that_is_not_applied_holds_up_a_bounded_read_too() {
    gauge.tick();
    barriers.answer(0, 0);
    Demand demand = new Demand(ReadLevel.BOUNDED, 5, Duration.ofMinutes(1));

    assertThat(gate.isOpen(demand)).isFalse();
    assertThatThrownBy(() -> gate.await(demand, soon())).hasMessageContaining("5 behind 5");
  }

  @Test
  void a_bound_that_does_not_hold_asks_the_leader() {
    gauge.tick();
    barriers.answer(0, 0);
    skipped.set(TimeUnit.SECONDS.toNanos(120));
    Demand demand = bounded(Duration.ofMinutes(1));
    assertThat(gate.isOpen(demand)).isFalse();
    assertThat(gate.isEnough(demand, gauge.newest())).isFalse();
    assertThat(gate.isEnough(demand, Mark.NONE)).isFalse();

    CompletableFuture<Mark> shared = gauge.askSince(nanos());
    barriers.answer(1, 0);
    assertThat(shared).isCompleted();
    gate.await(demand, soon());
  }

  @Test
  void without_an_answer_a_bounded_read_is_sent_elsewhere_with_the_lag() {
    Demand demand = bounded(Duration.ofMillis(500));
    QuorateException unknown =
        catchThrowableOfType(QuorateException.class, () -> gate.await(demand, soon()));
    assertThat(unknown.code()).isEqualTo(ErrorCode.REPLICA_LAGGING);
    assertThat(unknown).hasMessageContaining("no leader has answered since it started");
    assertThat(unknown.code().retryAdvice()).isEqualTo(ErrorCode.RetryAdvice.OTHER_NODE);

    barriers.answer(0, 0);
    skipped.set(TimeUnit.SECONDS.toNanos(9));
    assertThatThrownBy(() -> gate.await(demand, soon()))
        .hasMessageMatching(".*more than \\d{4,} ms ago; max_staleness is 500 ms");
  }

  @Test
  void a_linearizable_read_tells_a_replica_that_lags_from_a_leader_that_is_missing() {
    Demand demand = new Demand(ReadLevel.LINEARIZABLE, 0);
    Deadline briefly = Deadline.after(Duration.ofMillis(30), this::nanos);
    assertThatThrownBy(() -> gate.await(demand, briefly)).hasMessageContaining("no leader");

    gauge.quorumSeen(nanos());
    Deadline again = Deadline.after(Duration.ofMillis(30), this::nanos);
    QuorateException lagging =
        catchThrowableOfType(QuorateException.class, () -> gate.await(demand, again));
    assertThat(lagging.code()).isEqualTo(ErrorCode.REPLICA_LAGGING);
  }

  @Test
  void a_read_that_needs_a_leader_is_refused_at_once_where_there_can_be_none() {
    cutOff = Optional.of("1 of 3 voters");
    for (Demand demand :
        List.of(new Demand(ReadLevel.LINEARIZABLE, 0), bounded(Duration.ofMillis(1)))) {
      QuorateException refused =
          catchThrowableOfType(QuorateException.class, () -> gate.await(demand, soon()));
      assertThat(refused.code()).isEqualTo(ErrorCode.NO_QUORUM);
    }
    gate.await(new Demand(ReadLevel.SESSION, 0), soon());
    gate.await(new Demand(ReadLevel.LOCAL, 7), soon());
  }

  @Test
  void no_read_waits_for_a_stalled_replica_as_long_as_its_own_deadline() {
    Deadline hours = Deadline.after(Duration.ofHours(1), this::nanos);
    for (ReadLevel level : List.of(ReadLevel.SESSION, ReadLevel.BOUNDED)) {
      Demand demand = new Demand(level, 5, Duration.ofMinutes(1));
      for (Executable wait :
          List.<Executable>of(
              () -> gate.await(demand, hours), () -> gate.awaitSeen(demand, hours))) {
        QuorateException lagging = catchThrowableOfType(QuorateException.class, wait::execute);
        assertThat(lagging.code()).isEqualTo(ErrorCode.REPLICA_LAGGING);
        assertThat(lagging).hasMessageContaining("5 behind 5");
      }
    }
    gate.awaitSeen(new Demand(ReadLevel.LOCAL, 5), hours);
  }

  @Test
  void a_bound_of_nothing_asks_as_a_linearizable_read_does() {
    gauge.tick();
    barriers.answer(0, 0);

    assertThat(gate.isOpen(bounded(Duration.ZERO))).isFalse();
    assertThat(gate.isOpen(new Demand(ReadLevel.LINEARIZABLE, 0))).isFalse();
    assertThat(gate.isOpen(new Demand(ReadLevel.SESSION, 0))).isTrue();
    assertThat(gate.isOpen(new Demand(ReadLevel.SESSION, 1))).isFalse();
    assertThat(gate.isOpen(new Demand(ReadLevel.LOCAL, 1))).isTrue();
  }
}

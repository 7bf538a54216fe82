package io.quorate.server.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.dispatch.FreshnessGauge.Mark;
import io.quorate.server.dispatch.FreshnessGauge.Timing;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class FreshnessGaugeTest {
  private final FakeBarriers barriers = new FakeBarriers();

  /** Begins just before the counter of nanoseconds wraps around, as it may. */
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_000_000);

  private final AtomicLong applied = new AtomicLong(7);
  private final FreshnessGauge gauge =
      new FreshnessGauge(
          barriers,
          applied::get,
          clock::get,
          new Timing(Duration.ofSeconds(1), Duration.ofSeconds(2)));

  private void pass(long millis) {
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void nothing_is_known_before_the_first_answer() {
    gauge.tick();

    assertThat(gauge.stalenessMillis()).isEqualTo(-1);
    assertThat(gauge.isQuorate()).isFalse();
    assertThat(gauge.coversSince(clock.get() - 1)).isFalse();
  }

  @Test
  void a_bound_counts_from_the_question_not_from_the_answer() {
    gauge.tick();
    pass(30);
    barriers.answer(0, 7);
    pass(5);

    assertThat(gauge.stalenessMillis()).isEqualTo(35);
    clock.addAndGet(1);
    assertThat(gauge.stalenessMillis()).as("rounded up").isEqualTo(36);
    assertThat(gauge.isQuorate()).isTrue();
  }

  @Test
  void a_view_from_before_an_answer_is_as_old_as_what_was_known_then() {
    gauge.tick();
    barriers.answer(0, 7);
    pass(100);
    Mark atOpening = gauge.newest();
    gauge.tick();
    applied.set(9);
    pass(10);
    barriers.answer(1, 9);
    pass(1);

    assertThat(gauge.stalenessMillis(7, atOpening)).isEqualTo(111);
    assertThat(gauge.stalenessMillis(9, atOpening)).isEqualTo(11);
  }

  @Test
  void a_later_answer_proves_an_old_view_to_be_the_newest_still() {
    gauge.tick();
    barriers.answer(0, 7);
    Mark atOpening = gauge.newest();
    pass(60_000);
    gauge.tick();
    barriers.answer(1, 7);
    pass(3);

    assertThat(gauge.stalenessMillis(7, atOpening)).isEqualTo(3);
  }

  @Test
  void an_entry_of_the_logs_own_at_the_end_does_not_make_a_view_look_old() {
    gauge.tick();
    barriers.answer(0, 8);
    pass(2);

    assertThat(gauge.stalenessMillis(7, Mark.NONE)).isEqualTo(2);
  }

  @Test
  void an_answer_that_was_overtaken_changes_nothing() {
    gauge.tick();
    pass(1001);
    gauge.tick();
    barriers.answer(1, 7);
    pass(5);
    barriers.answer(0, 6);

    assertThat(gauge.stalenessMillis()).isEqualTo(5);
  }

  @Test
  void one_question_is_under_way_at_a_time_until_patience_ends() {
    gauge.tick();
    pass(1000);
    gauge.tick();
    assertThat(barriers.asked).hasSize(1);

    pass(1);
    gauge.tick();
    assertThat(barriers.asked).hasSize(2);

    barriers.fail(1);
    gauge.tick();
    assertThat(barriers.asked).as("a failure lets the next go at once").hasSize(3);
  }

  @Test
  void reads_share_a_question_that_was_asked_late_enough_for_them() {
    gauge.tick();
    pass(50);
    CompletableFuture<Mark> loose = gauge.askSince(clock.get() - TimeUnit.MILLISECONDS.toNanos(60));
    assertThat(barriers.asked).hasSize(1);

    CompletableFuture<Mark> tight = gauge.askSince(clock.get() - TimeUnit.MILLISECONDS.toNanos(40));
    CompletableFuture<Mark> same = gauge.askSince(clock.get());
    assertThat(barriers.asked).hasSize(2);

    barriers.answer(0, 7);
    assertThat(loose).isCompleted();
    assertThat(tight).isNotCompleted();
    barriers.answer(1, 7);
    assertThat(tight).isCompleted();
    assertThat(same).isCompleted();
  }

  @Test
  void questions_that_stay_unanswered_are_noticed_until_one_is_answered() {
    assertThat(gauge.isWaiting(Duration.ZERO)).isFalse();
    gauge.tick();
    pass(1001);
    gauge.tick();
    pass(300);
    assertThat(gauge.isWaiting(Duration.ofMillis(1300))).isTrue();
    assertThat(gauge.isWaiting(Duration.ofMillis(1301))).isFalse();

    barriers.fail(1);
    assertThat(gauge.isWaiting(Duration.ofMillis(1300))).isTrue();
    barriers.answer(0, 7);
    assertThat(gauge.isWaiting(Duration.ZERO)).isFalse();
  }

  @Test
  void a_majority_is_forgotten_after_its_window_and_a_leader_can_tell_of_one() {
    gauge.tick();
    barriers.answer(0, 7);
    pass(2000);
    assertThat(gauge.isQuorate()).isTrue();
    pass(1);
    assertThat(gauge.isQuorate()).isFalse();

    gauge.quorumSeen(clock.get() - TimeUnit.MILLISECONDS.toNanos(500));
    assertThat(gauge.isQuorate()).isTrue();
    assertThat(gauge.stalenessMillis()).as("which says nothing of the rows here").isEqualTo(2001);
  }
}

package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.admin.NodeRecord.Status;
import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.format.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeartbeatsTest {
  private static final MemberId OTHER = new MemberId("n2", 2);
  private static final Duration TIMEOUT = Duration.ofSeconds(4);

  private long nanos = Long.MAX_VALUE - 1_000; // wraps in each test
  private final Heartbeats heartbeats =
      new Heartbeats(TIMEOUT, InstantSource.fixed(Instant.EPOCH), () -> nanos);

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  private void hear(long applied, long leaderApplied) {
    heartbeats.hear(
        OTHER, NodeStatus.newBuilder().setApplied(applied).build(), 1, nanos, leaderApplied);
  }

  private boolean isSilent() {
    return heartbeats.isSilent(heartbeats.of(OTHER));
  }

  private boolean isReachable() {
    return heartbeats.isReachable(OTHER, heartbeats.of(OTHER));
  }

  @Test
  void a_member_that_was_never_heard_is_silent_and_not_late_when_it_is() {
    assertThat(isSilent()).isTrue();
    hear(1, 1_000);
    assertThat(isSilent()).isFalse();
    assertThat(heartbeats.isLate(OTHER)).isFalse();
  }

  @Test
  void a_member_is_silent_once_the_timeout_has_passed() {
    hear(1, 1);
    pass(TIMEOUT);
    assertThat(isSilent()).isFalse();
    pass(Duration.ofNanos(1));
    assertThat(isSilent()).isTrue();
    assertThat(isReachable()).isFalse();
  }

  @Test
  void one_that_is_back_is_late_until_it_has_what_the_leader_had_then() {
    hear(10, 10);
    pass(TIMEOUT.plusSeconds(1));

    hear(10, 500);
    assertThat(isSilent()).isFalse();
    assertThat(heartbeats.isLate(OTHER)).isTrue();

    pass(Duration.ofSeconds(1));
    hear(499, 900);
    assertThat(heartbeats.isLate(OTHER)).isTrue();

    pass(Duration.ofSeconds(1));
    hear(500, 1_300);
    assertThat(heartbeats.isLate(OTHER)).isFalse();
  }

  @Test
  void one_that_missed_nothing_is_not_late() {
    hear(10, 10);
    pass(TIMEOUT.plusSeconds(1));
    hear(10, 10);
    assertThat(heartbeats.isLate(OTHER)).isFalse();
  }

  @Test
  void one_that_falls_silent_again_owes_what_the_leader_has_by_then() {
    hear(10, 10);
    pass(TIMEOUT.plusSeconds(1));
    hear(10, 500);
    pass(TIMEOUT.plusSeconds(1));
    hear(500, 900);
    assertThat(heartbeats.isLate(OTHER)).isTrue();
    hear(900, 1_000);
    assertThat(heartbeats.isLate(OTHER)).isFalse();
  }

  @Test
  void questions_without_an_answer_make_a_member_unreachable_until_it_answers() {
    hear(1, 1);
    for (int i = 0; i < 3; i++) {
      heartbeats.asked(OTHER);
      assertThat(isReachable()).isTrue();
    }
    heartbeats.asked(OTHER);
    assertThat(isReachable()).isFalse();
    hear(1, 1);
    assertThat(isReachable()).isTrue();
  }

  private Status status() {
    return heartbeats.statusOf(OTHER, heartbeats.of(OTHER));
  }

  /** As a member does that reaches this node, for so long. */
  private void askedFor(Duration time) {
    heartbeats.askedBy(OTHER);
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; ) {
      pass(TIMEOUT.dividedBy(4));
      passed = passed.plus(TIMEOUT.dividedBy(4));
      heartbeats.askedBy(OTHER);
    }
  }

  @Test
  void a_member_is_invalid_until_it_was_heard_or_could_have_been() {
    assertThat(status()).isEqualTo(Status.INVALID);
    pass(TIMEOUT);
    assertThat(status()).isEqualTo(Status.INVALID);
    pass(Duration.ofNanos(1));
    assertThat(status()).isEqualTo(Status.TIMEOUT);
    hear(1, 1_000);
    assertThat(status()).isEqualTo(Status.ALIVE);
  }

  @Test
  void a_member_is_shown_as_timeout_from_silence_until_it_has_what_it_missed() {
    hear(10, 10);
    assertThat(status()).isEqualTo(Status.ALIVE);
    pass(TIMEOUT.plusNanos(1));
    assertThat(status()).isEqualTo(Status.TIMEOUT);
    hear(10, 500);
    assertThat(status()).isEqualTo(Status.TIMEOUT);
    hear(500, 500);
    assertThat(status()).isEqualTo(Status.ALIVE);
  }

  @Test
  void one_that_asks_and_does_not_answer_has_lost_connection_until_it_asks_no_more() {
    hear(1, 1);
    askedFor(TIMEOUT);
    assertThat(status()).isEqualTo(Status.ALIVE);
    askedFor(TIMEOUT.dividedBy(4));
    assertThat(status()).isEqualTo(Status.LOST_CONNECTION);
    pass(TIMEOUT);
    assertThat(status()).isEqualTo(Status.LOST_CONNECTION);
    pass(Duration.ofNanos(1));
    assertThat(status()).isEqualTo(Status.TIMEOUT);
    hear(1, 1);
    assertThat(status()).isEqualTo(Status.ALIVE);
  }

  @Test
  void one_that_comes_back_asks_before_it_is_asked_and_has_not_lost_connection() {
    hear(1, 1);
    askedFor(TIMEOUT.multipliedBy(2));
    hear(1, 1);
    pass(TIMEOUT.plusSeconds(1));
    heartbeats.askedBy(OTHER);
    assertThat(status()).isEqualTo(Status.TIMEOUT);
    askedFor(TIMEOUT);
    assertThat(status()).isEqualTo(Status.TIMEOUT);
    askedFor(TIMEOUT.dividedBy(4));
    assertThat(status()).isEqualTo(Status.LOST_CONNECTION);
  }

  @Test
  void one_that_was_never_heard_and_asks_all_the_time_has_lost_connection() {
    askedFor(TIMEOUT.dividedBy(4));
    assertThat(status()).isEqualTo(Status.INVALID);
    askedFor(TIMEOUT);
    assertThat(status()).isEqualTo(Status.LOST_CONNECTION);
  }

  @Test
  void a_member_that_has_left_and_comes_again_is_unknown_at_first() {
    assertThat(status()).isEqualTo(Status.INVALID);
    askedFor(TIMEOUT.multipliedBy(2));
    heartbeats.retain(new Membership(List.of(), List.of()));
    assertThat(status()).isEqualTo(Status.INVALID);
  }

  @Test
  void who_is_no_member_any_more_is_forgotten() {
    hear(1, 1);
    pass(TIMEOUT.plusSeconds(1));
    hear(1, 5);
    heartbeats.retain(new Membership(List.of(), List.of()));
    assertThat(isSilent()).isTrue();
    assertThat(heartbeats.isLate(OTHER)).isFalse();
  }

  @Test
  void answers_that_overtake_each_other_are_counted_and_the_newest_one_counts() {
    long first = nanos;
    pass(Duration.ofMillis(10));
    heartbeats.hear(OTHER, NodeStatus.newBuilder().setApplied(7).build(), 1, nanos, 7);
    heartbeats.hear(OTHER, NodeStatus.newBuilder().setApplied(5).build(), 1, first, 7);
    assertThat(heartbeats.of(OTHER).status().getApplied()).isEqualTo(7);
    assertThat(heartbeats.of(OTHER).beats()).isEqualTo(2);
  }
}

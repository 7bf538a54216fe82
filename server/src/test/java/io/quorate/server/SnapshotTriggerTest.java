package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.cluster.UnusedConsensus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When a snapshot is asked for. */
final class SnapshotTriggerTest {
  private static final long EVERY = 1_000;

  private final AtomicLong appended = new AtomicLong();
  private final AtomicLong applied = new AtomicLong();
  private final AtomicLong slowest = new AtomicLong();
  private int asked;

  private final UnusedConsensus consensus =
      new UnusedConsensus() {
        @Override
        public CompletableFuture<Void> snapshot() {
          asked++;
          return CompletableFuture.completedFuture(null);
        }
      };

  private SnapshotTrigger trigger(long pending) {
    return new SnapshotTrigger(
        consensus, appended::get, pending, EVERY, SnapshotTrigger.Needs.NONE);
  }

  private int askedAt(SnapshotTrigger trigger, long bytes) {
    appended.set(bytes);
    asked = 0;
    trigger.run();
    return asked;
  }

  @Test
  void each_stretch_of_the_log_asks_once() {
    SnapshotTrigger trigger = trigger(0);
    assertThat(askedAt(trigger, 999)).isZero();
    assertThat(askedAt(trigger, 1_000)).isEqualTo(1);
    assertThat(askedAt(trigger, 1_999)).isZero();
    assertThat(askedAt(trigger, 2_000)).isEqualTo(1);
  }

  @Test
  void what_earlier_processes_have_left_in_the_log_counts() {
    SnapshotTrigger trigger = trigger(900);
    assertThat(askedAt(trigger, 99)).isZero();
    assertThat(askedAt(trigger, 100)).isEqualTo(1);
    assertThat(askedAt(trigger, 1_099)).isZero();
  }

  /** Entries may come in while the node opens; they are pending as well, and count once. */
  @Test
  void what_was_appended_before_the_trigger_was_made_counts_once() {
    appended.set(300);
    SnapshotTrigger trigger = trigger(900);
    assertThat(askedAt(trigger, 399)).isZero();
    assertThat(askedAt(trigger, 400)).isEqualTo(1);
  }

  @Test
  void a_witness_waits_for_the_slowest_voter_with_rows() {
    SnapshotTrigger trigger = witness(0);
    applied.set(70);
    slowest.set(69);
    assertThat(askedAt(trigger, 1_000)).isZero();
    applied.set(90);
    assertThat(askedAt(trigger, 2_500)).isZero();
    slowest.set(70);
    assertThat(askedAt(trigger, 2_500)).isEqualTo(1);
    // The next stretch begins, and asks for what is applied at its end.
    slowest.set(89);
    assertThat(askedAt(trigger, 3_499)).isZero();
    assertThat(askedAt(trigger, 3_500)).isZero();
    slowest.set(90);
    assertThat(askedAt(trigger, 3_500)).isEqualTo(1);
  }

  @Test
  void a_witness_waits_for_eight_stretches_of_the_log_at_most() {
    SnapshotTrigger trigger = witness(500);
    applied.set(70);
    assertThat(askedAt(trigger, 7_499)).isZero();
    assertThat(askedAt(trigger, 7_500)).isEqualTo(1);
    assertThat(askedAt(trigger, 15_499)).isZero();
    assertThat(askedAt(trigger, 15_500)).isEqualTo(1);
  }

  private SnapshotTrigger witness(long pending) {
    return new SnapshotTrigger(
        consensus,
        appended::get,
        pending,
        EVERY,
        new SnapshotTrigger.Needs(applied::get, slowest::get));
  }

  @Test
  void a_log_that_is_too_long_at_the_start_asks_at_once() {
    assertThat(askedAt(trigger(1_000), 0)).isEqualTo(1);
  }
}

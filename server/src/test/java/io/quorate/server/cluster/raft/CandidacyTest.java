package io.quorate.server.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class CandidacyTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

  private boolean asksAfter(Candidacy candidacy, long millis) {
    nanos.addAndGet(Duration.ofMillis(millis).toNanos());
    return candidacy.mayAsk();
  }

  @Test
  void the_others_ask_at_once() {
    assertThat(Candidacy.atOnce().mayAsk()).isTrue();
  }

  @Test
  void a_delay_counts_from_the_first_time_and_anew_after_a_leader() {
    Candidacy candidacy = Candidacy.delayed(Duration.ofMillis(100), nanos::get);
    assertThat(asksAfter(candidacy, 500)).isFalse();
    assertThat(asksAfter(candidacy, 99)).isFalse();
    assertThat(asksAfter(candidacy, 1)).isTrue();
    assertThat(asksAfter(candidacy, 1000)).isTrue();
    candidacy.led();
    assertThat(asksAfter(candidacy, 1000)).isFalse();
    assertThat(asksAfter(candidacy, 100)).isTrue();
  }

  @Test
  void a_call_holds_for_a_while_or_until_somebody_leads() {
    Candidacy candidacy = Candidacy.onCall(Duration.ofMillis(100), false, nanos::get);
    assertThat(asksAfter(candidacy, 500)).isFalse();
    candidacy.othersAsk();
    assertThat(asksAfter(candidacy, 0)).isFalse();
    assertThat(candidacy.heldBack()).isEqualTo(2);
    candidacy.call();
    assertThat(asksAfter(candidacy, 99)).isTrue();
    assertThat(asksAfter(candidacy, 1)).isFalse();
    candidacy.call();
    candidacy.led();
    assertThat(candidacy.mayAsk()).isFalse();
  }

  @Test
  void a_witness_is_called_by_the_call_of_another() {
    Candidacy candidacy = Candidacy.onCall(Duration.ofMillis(100), true, nanos::get);
    assertThat(candidacy.mayAsk()).isFalse();
    candidacy.othersAsk();
    assertThat(asksAfter(candidacy, 99)).isTrue();
    assertThat(asksAfter(candidacy, 1)).isFalse();
  }

  @Test
  void another_one_is_told_to_take_over_only_in_a_handing_over() {
    Candidacy candidacy = Candidacy.onCall(Duration.ofMillis(100), false, nanos::get);
    assertThat(candidacy.mayHandOver()).isFalse();
    candidacy.handOver();
    assertThat(candidacy.mayHandOver()).isTrue();
    nanos.addAndGet(Duration.ofMillis(100).toNanos());
    assertThat(candidacy.mayHandOver()).isFalse();
    assertThat(Candidacy.atOnce().mayHandOver()).isTrue();
  }
}

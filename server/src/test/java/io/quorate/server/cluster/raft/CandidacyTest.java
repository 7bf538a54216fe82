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
}

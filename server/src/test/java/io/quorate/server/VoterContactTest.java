package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.UnusedConsensus;
import io.quorate.server.dispatch.FreshnessGauge;
import io.quorate.server.dispatch.FreshnessGauge.Timing;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VoterContactTest {
  private static final Duration FIRST_HOPE = Duration.ofSeconds(10);

  private long nanos;
  private final Set<MemberId> answering = new HashSet<>();
  private List<MemberId> voters = List.of();

  private final Consensus consensus =
      new UnusedConsensus() {
        @Override
        public Membership membership() {
          return new Membership(voters, List.of());
        }
      };

  private final FreshnessGauge gauge =
      new FreshnessGauge(consensus, () -> 0, () -> nanos, Timing.DEFAULT);
  private final VoterContact contact =
      new VoterContact(consensus, gauge, answering::contains, FIRST_HOPE, () -> nanos);

  private void voters(int count, int answer) {
    voters = IntStream.rangeClosed(1, count).mapToObj(i -> new MemberId("n" + i, i)).toList();
    answering.clear();
    answering.addAll(voters.subList(0, answer));
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  @ParameterizedTest
  @CsvSource({
    "3, 1, true",
    "3, 2, false",
    "5, 2, true",
    "5, 3, false",
    "4, 2, true",
    "2, 1, true",
    "1, 1, false",
    "1, 0, true",
  })
  void fewer_voters_than_a_majority_are_cut_off(int count, int answer, boolean cutOff) {
    voters(count, answer);
    gauge.quorumSeen(nanos);
    assertThat(contact.whyCutOff()).isEmpty();

    pass(Timing.DEFAULT.quorate().plusMillis(1));

    assertThat(contact.whyCutOff().isPresent()).isEqualTo(cutOff);
  }

  @Test
  void it_says_who_is_missing() {
    voters(3, 1);
    gauge.quorumSeen(nanos);
    pass(Duration.ofSeconds(3));
    assertThat(contact.whyCutOff().orElseThrow())
        .contains("1 of 3 voters", "2 are needed", "n2, n3 silent");
  }

  @Test
  void a_majority_that_shows_itself_counts_more_than_heartbeats() {
    voters(3, 1);
    pass(Duration.ofHours(1));
    gauge.quorumSeen(nanos);
    assertThat(contact.whyCutOff()).isEmpty();
  }

  @Test
  void after_a_start_the_first_majority_is_hoped_for() {
    voters(3, 1);
    pass(FIRST_HOPE.minusMillis(1));
    assertThat(contact.whyCutOff()).isEmpty();
    pass(Duration.ofMillis(1));
    assertThat(contact.whyCutOff()).isPresent();
  }

  @Test
  void a_node_without_a_membership_is_not_cut_off_from_it() {
    pass(Duration.ofHours(1));
    assertThat(contact.whyCutOff()).isEmpty();
  }
}

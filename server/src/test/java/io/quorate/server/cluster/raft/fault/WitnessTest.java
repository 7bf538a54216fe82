package io.quorate.server.cluster.raft.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.WitnessDuty;
import io.quorate.server.cluster.messaging.InProcessNetwork.Cut;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two members with data and a witness, of which one is lost or cut off. */
@Timeout(120)
final class WitnessTest {
  private static final int LOOK_MILLIS = 20;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  @TempDir Path directory;

  @SuppressWarnings("NullAway.Init")
  private Scenario scenario;

  @SuppressWarnings("NullAway.Init")
  private MemberId witness;

  @BeforeAll
  static void quiet() {
    FaultRuns.quiet();
  }

  @BeforeEach
  void start() {
    scenario = new Scenario(2, directory);
    scenario.commit(scenario.awaitLeader(), 20);
    witness = scenario.another(3);
    scenario.cluster().joinWitness(witness);
    scenario.change(leader -> leader.addWitness(witness), now -> now.witnesses().contains(witness));
    WitnessDuty duty = new WitnessDuty(witness, scenario.node(witness).consensus(), this::progress);
    var unused = timer.scheduleAtFixedRate(duty, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** As a node hears it of the others, which one that is cut off does not tell. */
  private OptionalLong progress(MemberId member) {
    return scenario
        .cluster()
        .node(member)
        .map(node -> OptionalLong.of(node.state().last()))
        .orElse(OptionalLong.empty());
  }

  @AfterEach
  void end() throws InterruptedException {
    timer.shutdown();
    assertThat(timer.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    scenario.close();
    scenario.assertNothingViolated();
  }

  private FaultNode leaderWithData() {
    return scenario.awaitLeaderAmong(scenario.others(scenario.node(witness)));
  }

  private FaultNode otherWithData(FaultNode leader) {
    return scenario.others(leader, scenario.node(witness)).get(0);
  }

  @Test
  void a_witness_is_one_for_all_and_counts_as_a_voter() {
    FaultNode leader = leaderWithData();

    assertThat(leader.consensus().membership().voters()).hasSize(3).contains(witness);
    assertThat(leader.consensus().membership().dataVoters()).hasSize(2).doesNotContain(witness);
    scenario.awaitRunningAgree();
    for (FaultNode node : scenario.cluster().nodes()) {
      scenario.awaitThat(
          "the membership at " + node.member(),
          () -> node.consensus().membership().witnesses().contains(witness));
    }
    scenario.network().isolate(otherWithData(leader).member(), Cut.DROP);
    scenario.commit(leader, 20);
    scenario.awaitAgreement();
  }

  /** The one case in which it has to lead: nobody else has what was acknowledged. */
  @Test
  void what_only_the_witness_has_is_shipped_before_the_other_leads() {
    FaultNode first = leaderWithData();
    FaultNode second = otherWithData(first);
    scenario.network().isolate(second.member(), Cut.DROP);
    scenario.commit(first, 300);
    assertThat(second.state().last()).isLessThan(first.state().last());

    scenario.cluster().crash(first.member());
    scenario.network().healAll();
    FaultNode next = leaderWithData();

    assertThat(next.member()).isEqualTo(second.member());
    assertThat(scenario.history().hasLed(witness)).isTrue();
    scenario
        .history()
        .acknowledged()
        .forEach((request, index) -> assertThat(second.state().indexOf(request)).isEqualTo(index));
    scenario.commit(next, 20);
    scenario.awaitAgreement();
  }

  /** A witness that has all that the others have leaves the election to them. */
  @Test
  void a_witness_does_not_lead_where_another_could() {
    for (int round = 0; round < 3; round++) {
      FaultNode leader = leaderWithData();
      scenario.commit(leader, 10);
      scenario.awaitRunningAgree();
      scenario.cluster().crash(leader.member());
      scenario.commit(leaderWithData(), 10);
      scenario.awaitAgreement();
    }
    assertThat(scenario.history().hasLed(witness)).isFalse();
  }

  @Test
  void a_witness_that_is_told_to_lead_gives_it_back() {
    FaultNode leader = leaderWithData();
    scenario.awaitRunningAgree();

    scenario.awaitThat(
        "a handing over to the witness",
        () -> {
          var unused =
              leaderWithData()
                  .consensus()
                  .transferLeadership(witness)
                  .handle((done, refused) -> true)
                  .get(5, TimeUnit.SECONDS);
          return scenario.history().hasLed(witness);
        });

    scenario.commit(leaderWithData(), 20);
    assertThat(leader.consensus().membership().voters()).hasSize(3);
    scenario.awaitAgreement();
  }

  /** Its log is cut, against its duty: it has no rows to give, and nothing is made up. */
  @Test
  void a_witness_sends_no_snapshot_to_who_holds_rows() throws Exception {
    FaultNode first = leaderWithData();
    FaultNode second = otherWithData(first);
    scenario.network().isolate(second.member(), Cut.DROP);
    scenario.commit(first, 200);
    for (int i = 0; i < 2; i++) {
      scenario.commit(first, 50);
      scenario.node(witness).consensus().snapshot().get(10, TimeUnit.SECONDS);
    }
    scenario.commit(first, 10);
    int loaded = scenario.history().snapshotsLoaded.get();

    scenario.cluster().crash(first.member());
    scenario.network().healAll();
    scenario.awaitThat(
        "the witness to try",
        () -> second.consensus().leader().filter(witness::equals).isPresent());
    assertThat(second.state().last()).isLessThan(scenario.history().latestAck().index());
    assertThat(scenario.history().snapshotsLoaded.get()).isEqualTo(loaded);

    // Who has the rows comes back.
    scenario.cluster().start(first.member());
    scenario.awaitAgreement();
    assertThat(leaderWithData().member()).isNotEqualTo(witness);
  }
}

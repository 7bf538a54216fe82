package io.quorate.server.cluster.raft.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.cluster.Consensus.Role;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.WitnessDuty;
import io.quorate.server.cluster.messaging.InProcessNetwork.Cut;
import io.quorate.server.cluster.raft.fault.Scenario.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members that stand for election only when they are told to. */
@Timeout(120)
final class ManualElectionTest {
  /** Rounds in which a member would have stood. */
  private static final int ROUNDS = 6;

  @TempDir Path directory;

  @SuppressWarnings("NullAway.Init") // Each test begins with start().
  private Scenario scenario;

  @BeforeAll
  static void quiet() {
    FaultRuns.quiet();
  }

  @AfterEach
  void end() {
    scenario.close();
    scenario.assertNothingViolated();
  }

  /** The first election is that of an automatic cluster, whose members are then started again. */
  private void start(int size) {
    scenario = new Scenario(size, directory);
    scenario.commit(scenario.awaitLeader(), 20);
    scenario.awaitRunningAgree();
    scenario.cluster().electManually();
    List<MemberId> members = scenario.cluster().members();
    // Else those that stop last could elect once more, and the first would lack that entry for
    // ever.
    members.forEach(member -> scenario.network().isolate(member, Cut.DROP));
    members.forEach(scenario.cluster()::stop);
    scenario.network().healAll();
    members.forEach(scenario.cluster()::start);
  }

  private FaultNode elect(MemberId member) {
    scenario.awaitThat(
        "the leadership of " + member,
        () -> {
          scenario.node(member).consensus().stand();
          return scenario.node(member).consensus().role() == Role.LEADER;
        });
    return scenario.node(member);
  }

  /** Each of them would have stood so many times. */
  private void awaitRoundsWithoutLeader(List<FaultNode> nodes) {
    int elections = scenario.history().elections();
    for (FaultNode node : nodes) {
      long before = node.electionsHeldBack();
      scenario.awaitThat(
          "rounds of " + node.member(), () -> node.electionsHeldBack() >= before + ROUNDS);
    }
    assertThat(scenario.history().elections()).isEqualTo(elections);
    for (FaultNode node : nodes) {
      assertThat(node.consensus().leader()).isEmpty();
      assertThat(node.consensus().role()).isEqualTo(Role.FOLLOWER);
    }
  }

  @Test
  void nobody_leads_before_somebody_is_told_to() {
    start(3);
    awaitRoundsWithoutLeader(scenario.cluster().nodes());
    FaultNode leader = elect(scenario.cluster().members().get(1));
    scenario.commit(leader, 20);
    scenario.awaitRunningAgree();
  }

  /** FEATURES I-20 and I-22. */
  @Test
  void after_the_leader_is_lost_nothing_is_written_until_another_one_is_told_to_lead() {
    start(3);
    FaultNode first = elect(scenario.cluster().members().get(0));
    scenario.commit(first, 20);
    scenario.awaitRunningAgree();
    scenario.cluster().crash(first.member());
    List<FaultNode> rest = scenario.others();
    awaitRoundsWithoutLeader(rest);
    assertThat(scenario.propose(rest.get(0), 1).get(0).join().kind())
        .isEqualTo(Answer.Kind.REFUSED);

    FaultNode second = elect(rest.get(1).member());
    scenario.commit(second, 20);

    scenario.awaitThat(
        "the other to follow",
        () -> rest.get(0).consensus().leader().filter(second.member()::equals).isPresent());
    scenario.cluster().start(first.member());
    scenario.awaitRunningAgree();
    assertThat(scenario.node(first.member()).consensus().role()).isEqualTo(Role.FOLLOWER);
  }

  /** JRaft would tell another one to take over when a leader goes. */
  @Test
  void a_leader_that_stops_in_order_leaves_nobody_in_its_place() {
    start(3);
    FaultNode leader = elect(scenario.cluster().members().get(2));
    scenario.commit(leader, 20);
    scenario.awaitRunningAgree();
    scenario.cluster().stop(leader.member());
    awaitRoundsWithoutLeader(scenario.cluster().nodes());
  }

  @Test
  void a_leadership_is_handed_over_when_that_is_asked_for() {
    start(3);
    FaultNode leader = elect(scenario.cluster().members().get(0));
    scenario.commit(leader, 20);
    MemberId next = scenario.cluster().members().get(1);
    scenario.awaitThat(
        "the handing over",
        () -> {
          if (leader.consensus().role() == Role.LEADER) {
            leader
                .consensus()
                .transferLeadership(next)
                .exceptionally(refused -> null)
                .get(5, TimeUnit.SECONDS);
          }
          return scenario.node(next).consensus().role() == Role.LEADER;
        });
    scenario.commit(scenario.node(next), 20);
  }

  /** Who lacks what a majority has is not elected; a witness that has it gives it to the member. */
  @Test
  void what_only_a_witness_has_is_not_lost() throws InterruptedException {
    start(2);
    FaultNode first = elect(scenario.cluster().members().get(0));
    MemberId witness = scenario.another(3);
    scenario.cluster().joinWitness(witness);
    scenario.change(leader -> leader.addWitness(witness), now -> now.witnesses().contains(witness));
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    WitnessDuty duty =
        new WitnessDuty(
            witness,
            scenario.node(witness).consensus(),
            member ->
                scenario
                    .cluster()
                    .node(member)
                    .map(node -> OptionalLong.of(node.state().last()))
                    .orElse(OptionalLong.empty()));
    var unused = timer.scheduleAtFixedRate(duty, 20, 20, TimeUnit.MILLISECONDS);
    FaultNode second = scenario.node(scenario.cluster().members().get(1));
    scenario.network().isolate(second.member(), Cut.DROP);
    scenario.commit(first, 100);
    scenario.cluster().crash(first.member());
    scenario.network().healAll();

    elect(second.member());

    assertThat(scenario.history().hasLed(witness)).isTrue();
    assertThat(second.state().last())
        .isGreaterThanOrEqualTo(scenario.history().latestAck().index());
    scenario.commit(second, 10);
    timer.shutdown();
    assertThat(timer.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }
}

package io.quorate.server.cluster.raft.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.cluster.Consensus.Refusal;
import io.quorate.server.cluster.Consensus.Role;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.InProcessNetwork.Cut;
import io.quorate.server.cluster.raft.fault.Scenario.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Changes of the membership and of the leader, and what a proposer is told meanwhile. */
@Timeout(120)
final class RaftMembershipTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir Path directory;

  @SuppressWarnings("NullAway.Init")
  private Scenario scenario;

  @SuppressWarnings("NullAway.Init")
  private FaultNode leader;

  @BeforeAll
  static void quiet() {
    FaultRuns.quiet();
  }

  @BeforeEach
  void start() {
    scenario = new Scenario(3, directory);
    scenario.commit(scenario.awaitLeader(), 20);
    leader = scenario.awaitLeader();
  }

  @AfterEach
  void end() {
    scenario.close();
    scenario.assertNothingViolated();
  }

  private MemberId join() {
    MemberId member = scenario.another(4);
    scenario.cluster().join(member);
    return member;
  }

  /** The answer of the new member must not be handled before somebody waits for it. */
  @Test
  void a_voter_that_has_all_of_the_log_is_added_on_an_idle_cluster() {
    MemberId added = join();
    for (int i = 0; i < 40; i++) {
      // It may be refused on a busy machine, but it has to end.
      assertThat(scenario.awaitLeader().consensus().addVoter(added).handle((done, e) -> true))
          .succeedsWithin(PATIENCE);
      assertThat(scenario.awaitLeader().consensus().remove(added).handle((done, e) -> true))
          .succeedsWithin(PATIENCE);
    }
  }

  @Test
  void an_added_voter_gets_the_log_and_counts() {
    MemberId added = join();

    leader = scenario.addVoter(added);

    scenario.awaitAgreement();
    assertThat(leader.consensus().membership().voters()).hasSize(4).contains(added);
  }

  @Test
  void a_learner_gets_the_log_and_does_not_count() {
    MemberId learner = join();
    leader = scenario.addLearner(learner);
    scenario.awaitAgreement();

    scenario.network().isolate(learner, Cut.DROP);
    scenario.commit(leader, 20);

    scenario.awaitAgreement();
    assertThat(scenario.node(learner).consensus().role()).isEqualTo(Role.LEARNER);
  }

  @Test
  void a_removed_leader_gives_way() {
    scenario.remove(leader.member());

    FaultNode next = scenario.awaitLeaderAmong(scenario.others(leader));
    scenario.commit(next, 20);
    assertThat(next.consensus().membership().voters()).doesNotContain(leader.member());
    scenario.cluster().stop(leader.member());
    scenario.awaitRunningAgree();
  }

  @Test
  void a_voter_that_cannot_be_reached_is_not_added() {
    MemberId added = join();
    scenario.network().isolate(added, Cut.DROP);

    assertThat(leader.consensus().addVoter(added)).failsWithin(PATIENCE);

    scenario.commit(leader, 20);
    assertThat(leader.consensus().membership().voters()).doesNotContain(added);
    scenario.network().healAll();
    scenario.addVoter(added);
    scenario.awaitAgreement();
  }

  @Test
  void an_addition_by_a_leader_that_is_cut_off_forks_nothing() {
    MemberId added = join();
    scenario.others(leader).stream()
        .filter(other -> !other.member().equals(added))
        .forEach(other -> scenario.network().cutBoth(leader.member(), other.member(), Cut.HOLD));

    CompletableFuture<Void> addition = leader.consensus().addVoter(added);
    List<CompletableFuture<Answer>> pending = scenario.propose(leader, 5);
    FaultNode next = scenario.awaitLeaderAmong(scenario.others(leader, scenario.node(added)));
    scenario.commit(next, 20);

    assertThat(pending).noneMatch(answer -> answer.isDone() && isApplied(answer.join()));
    scenario.awaitThat("the addition to end", addition::isDone);
    scenario.network().healAll();
    scenario.commitSomewhere(5);
    assertThat(addition).isCompletedExceptionally();
    scenario.cluster().stop(added);
    scenario.awaitRunningAgree();
  }

  private static boolean isApplied(Answer answer) {
    return answer.kind() == Answer.Kind.APPLIED;
  }

  @Test
  void a_change_that_makes_no_sense_fails_its_future() {
    assertThat(leader.consensus().remove(scenario.another(9))).failsWithin(PATIENCE);
    assertThat(leader.consensus().addVoter(leader.member())).failsWithin(PATIENCE);
    scenario.commit(leader, 1);
  }

  @Test
  void leadership_is_handed_over_and_back() {
    int handedOver = 0;
    for (int i = 0; i < 8; i++) {
      FaultNode from = scenario.awaitLeader();
      FaultNode to = scenario.others(from).get(0);
      assertThat(from.consensus().transferLeadership(to.member()).handle((done, e) -> true))
          .succeedsWithin(PATIENCE);
      scenario.commit(scenario.awaitLeader(), 5);
      handedOver += scenario.awaitLeader().equals(to) ? 1 : 0;
    }
    scenario.awaitAgreement();
    assertThat(handedOver).isPositive();
  }

  @Test
  void a_transfer_to_a_member_that_is_cut_off_ends_and_the_leader_leads_on() {
    MemberId to = scenario.others(leader).get(0).member();
    scenario.network().cut(leader.member(), to, Cut.DROP);
    assertThat(leader.consensus().transferLeadership(to)).succeedsWithin(PATIENCE);

    assertThat(scenario.propose(leader, 1).get(0))
        .succeedsWithin(PATIENCE)
        .isEqualTo(new Answer(Answer.Kind.REFUSED, Refusal.TRANSFERRING.name()));

    scenario.awaitAgreement();
  }

  /** The texts by which {@code ProposalClosure} tells a refusal from doubt are JRaft's. */
  @Test
  void a_follower_and_an_old_term_are_refused_for_certain() {
    Answer notLeader = new Answer(Answer.Kind.REFUSED, Refusal.NOT_LEADER.name());
    FaultNode follower = scenario.others(leader).get(0);

    assertThat(scenario.propose(follower, follower.consensus().term()))
        .succeedsWithin(PATIENCE)
        .isEqualTo(notLeader);
    assertThat(scenario.propose(leader, leader.consensus().term() - 1))
        .succeedsWithin(PATIENCE)
        .isEqualTo(notLeader);
  }

  @Test
  void a_closed_member_refuses_for_certain() {
    scenario.cluster().stop(leader.member());

    assertThat(scenario.propose(leader, 1).get(0))
        .succeedsWithin(PATIENCE)
        .isEqualTo(new Answer(Answer.Kind.REFUSED, Refusal.CLOSED.name()));
  }

  @Test
  void what_a_deposed_leader_had_appended_is_in_doubt() {
    scenario.network().isolate(leader.member(), Cut.DROP);
    List<CompletableFuture<Answer>> pending = scenario.propose(leader, 5);

    for (CompletableFuture<Answer> answer : pending) {
      assertThat(answer.orTimeout(10, TimeUnit.SECONDS).join().kind())
          .isEqualTo(Answer.Kind.IN_DOUBT);
    }
    scenario.awaitAgreement();
  }
}

package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.driver.ErrorCode;
import io.quorate.server.admin.FakeView;
import io.quorate.server.admin.MembershipChange;
import io.quorate.server.admin.NodeRecord;
import io.quorate.server.admin.NodeRecord.Status;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.cluster.UnusedConsensus;
import io.quorate.server.config.IdentityConfig;
import io.quorate.server.format.ChangeQuestion;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.format.PeerQuestion;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.lang.SqlFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ClusterChangesTest {
  private static final MemberId N1 = new MemberId("n1", 42);
  private static final MemberId N2 = new MemberId("n2", 42);
  private static final MemberId N3 = new MemberId("n3", 42);
  private static final MemberId N4 = new MemberId("n4", 42);
  private static final CancelFlag CANCELLED =
      () -> {
        throw new SqlFailure(SqlFailure.State.CANCELLED, "enough");
      };

  private static final Asked NOBODY =
      (member, question) -> {
        throw new AssertionError("a leader asks nobody");
      };

  /** Three voters, of which the first leads, and a learner. */
  private final Model consensus = new Model();

  private final List<NodeRecord> nodes =
      new ArrayList<>(
          List.of(
              FakeView.node("n1", NodeRecord.Role.LEADER, Status.ALIVE),
              FakeView.node("n2", NodeRecord.Role.FOLLOWER, Status.ALIVE),
              FakeView.node("n3", NodeRecord.Role.FOLLOWER, Status.ALIVE),
              FakeView.node("n4", NodeRecord.Role.LEARNER, Status.ALIVE)));
  private final AtomicInteger clock = new AtomicInteger();
  private final ClusterChanges leader = changesOf(N1, consensus, NOBODY);
  private final List<MembershipChange.Add> invitations = new ArrayList<>();

  /** What an invited node does; by default it enters. */
  private Consumer<MembershipChange.Add> invited =
      add -> {
        MemberId guest = new MemberId(add.node(), 7);
        var unused =
            switch (add.role()) {
              case VOTER -> consensus.addVoter(guest);
              case LEARNER -> consensus.addLearner(guest);
              case WITNESS -> consensus.addWitness(guest);
            };
      };

  /** A membership that changes at once, or as the test says. */
  private static class Model extends UnusedConsensus {
    final List<String> log = new ArrayList<>();
    List<MemberId> voters = new ArrayList<>(List.of(N1, N2, N3));
    List<MemberId> learners = new ArrayList<>(List.of(N4));
    List<MemberId> witnesses = new ArrayList<>();
    Role role = Role.LEADER;
    Optional<MemberId> leader = Optional.of(N1);

    /** What becomes of a step; done by default. */
    Function<String, CompletableFuture<Void>> fate = step -> done();

    static CompletableFuture<Void> done() {
      return CompletableFuture.completedFuture(null);
    }

    static CompletableFuture<Void> failing(ErrorCode code) {
      return CompletableFuture.failedFuture(new QuorateException(code, "as the test wants"));
    }

    private CompletableFuture<Void> step(String step, Runnable effect) {
      log.add(step);
      return fate.apply(step).thenRun(effect);
    }

    @Override
    public Role role() {
      return role;
    }

    @Override
    public Optional<MemberId> leader() {
      return leader;
    }

    @Override
    public Membership membership() {
      return new Membership(voters, learners, witnesses);
    }

    @Override
    public CompletableFuture<Void> addVoter(MemberId member) {
      return step("+voter " + member.name(), () -> voters.add(member));
    }

    @Override
    public CompletableFuture<Void> addWitness(MemberId member) {
      return step(
          "+witness " + member.name(),
          () -> {
            voters.add(member);
            witnesses.add(member);
          });
    }

    @Override
    public CompletableFuture<Void> addLearner(MemberId member) {
      return step("+learner " + member.name(), () -> learners.add(member));
    }

    @Override
    public CompletableFuture<Void> remove(MemberId member) {
      return step(
          "-" + member.name(),
          () -> {
            voters.remove(member);
            learners.remove(member);
          });
    }

    @Override
    public CompletableFuture<Void> transferLeadership(MemberId member) {
      return step(
          ">" + member.name(),
          () -> {
            role = Role.FOLLOWER;
            leader = Optional.of(member);
          });
    }
  }

  /** Asks nobody but whom the test plays. */
  private interface Asked extends Peers {
    @Override
    default void answerWith(Responder responder) {
      throw new AssertionError("nobody answers here");
    }

    CompletableFuture<byte[]> ask(MemberId member, byte[] question);

    @Override
    default CompletableFuture<byte[]> ask(MemberId member, byte[] question, Deadline deadline) {
      return ask(member, question);
    }
  }

  private ClusterChanges changesOf(MemberId self, Model view, Asked peers) {
    // Each look at the clock is a tenth of a second later, so that whoever waits gets there.
    return new ClusterChanges(
        self,
        view,
        peers,
        () -> List.copyOf(nodes),
        Runnable::run,
        (add, patience) -> {
          invitations.add(add);
          invited.accept(add);
        },
        new FakeFollowerLimit(),
        () -> clock.addAndGet(100) * 1_000_000L);
  }

  private void make(ClusterChanges changes, MembershipChange change) {
    changes.make(change, soon(), CancelFlag.NEVER);
  }

  private Deadline soon() {
    return Deadline.after(Duration.ofSeconds(1), () -> clock.addAndGet(100) * 1_000_000L);
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            QuorateException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .hasMessageContaining(message);
  }

  private void setStatus(int number, Status status) {
    NodeRecord node = nodes.get(number - 1);
    nodes.set(number - 1, FakeView.node(node.name(), node.role(), status));
  }

  private void setLag(int number, long lag) {
    NodeRecord node = nodes.get(number - 1);
    nodes.set(
        number - 1,
        new NodeRecord(
            node.name(),
            node.role(),
            node.status(),
            node.address(),
            node.lastUpdate(),
            node.heartbeat(),
            node.term(),
            node.appliedRevision(),
            node.durableRevision(),
            lag,
            node.leader(),
            node.memberId(),
            node.zone()));
  }

  @Test
  void who_is_not_there_is_7019_whatever_is_asked() {
    for (MembershipChange change :
        List.of(
            new MembershipChange.Remove("n22"),
            new MembershipChange.Promote("", true),
            new MembershipChange.Transfer("n9"))) {
      assertRefused(
          () -> make(leader, change),
          ErrorCode.NODE_NOT_FOUND,
          "Node doesn't exist: " + change.node());
    }
    assertThat(consensus.log).isEmpty();
  }

  @Test
  void a_follower_and_a_learner_are_removed() {
    make(leader, new MembershipChange.Remove("N2")); // whose name differs from none but in case
    make(leader, new MembershipChange.Remove("n4"));

    assertThat(consensus.log).containsExactly("-n2", "-n4");
  }

  @Test
  void the_leader_is_not_removed() {
    assertRefused(
        () -> make(leader, new MembershipChange.Remove("n1")),
        ErrorCode.INVALID_ROLE_CHANGE,
        "Can't remove current node: n1");
  }

  @Test
  void nobody_is_removed_whom_the_majority_of_the_others_needs() {
    setStatus(3, Status.TIMEOUT);

    assertRefused(
        () -> make(leader, new MembershipChange.Remove("n2")),
        ErrorCode.INVALID_ROLE_CHANGE,
        "Can't remove n2: of the voters left, n1, n3, no majority would answer, for n3 does not");
    make(leader, new MembershipChange.Remove("n4"));
    make(leader, new MembershipChange.Remove("n3"));
    assertThat(consensus.log).containsExactly("-n4", "-n3");
  }

  @Test
  void a_node_is_told_to_enter_and_waited_for() {
    make(leader, new MembershipChange.Add("n5", "h:5", IdentityConfig.Role.VOTER));
    make(leader, new MembershipChange.Add("n6", "h:6", IdentityConfig.Role.LEARNER));

    assertThat(consensus.log).containsExactly("+voter n5", "+learner n6");
    invited = add -> {};
    assertRefused(
        () -> make(leader, new MembershipChange.Add("n7", "h:7", IdentityConfig.Role.LEARNER)),
        ErrorCode.OUTCOME_UNKNOWN,
        "n7 was told to enter, and is no member yet");
    invited =
        add -> {
          throw new QuorateException(ErrorCode.NODE_UNREACHABLE, "nobody at " + add.address());
        };
    assertRefused(
        () -> make(leader, new MembershipChange.Add("n7", "h:7", IdentityConfig.Role.LEARNER)),
        ErrorCode.NODE_UNREACHABLE,
        "nobody at h:7");
  }

  @Test
  void who_is_a_member_is_not_added_again_and_no_other_in_its_place() {
    String address = nodes.get(1).address();
    make(leader, new MembershipChange.Add("n2", address, IdentityConfig.Role.VOTER));
    for (MembershipChange.Add add :
        List.of(
            new MembershipChange.Add("N2", "h:2", IdentityConfig.Role.VOTER),
            new MembershipChange.Add("n2", address, IdentityConfig.Role.LEARNER))) {
      assertRefused(
          () -> make(leader, add),
          ErrorCode.DUPLICATE_NODE,
          "Duplicate node: n2 is a member already, a voter at " + address);
    }
    consensus.voters.add(new MemberId("n5", 1));
    consensus.voters.add(new MemberId("n6", 1));
    assertRefused(
        () -> make(leader, new MembershipChange.Add("n7", "h:7", IdentityConfig.Role.VOTER)),
        ErrorCode.TOO_MANY_FOLLOWERS,
        "Too many followers, limit: 4");
    assertThat(invitations).isEmpty();
  }

  @Test
  void a_learner_leaves_and_comes_back_with_a_vote() {
    make(leader, new MembershipChange.Promote("n4", false));

    assertThat(consensus.log).containsExactly("-n4", "+voter n4");
    assertThat(consensus.voters).contains(N4);
    make(leader, new MembershipChange.Promote("n4", false));
    assertThat(consensus.log).hasSize(2);
  }

  @Test
  void there_are_five_voters_at_most() {
    consensus.voters.add(new MemberId("n5", 1));
    consensus.voters.add(new MemberId("n6", 1));

    assertRefused(
        () -> make(leader, new MembershipChange.Promote("n4", false)),
        ErrorCode.TOO_MANY_FOLLOWERS,
        "Too many followers, limit: 4");
    assertRefused(
        () -> leader.admit(new MemberId("n7", 1), IdentityConfig.Role.VOTER),
        ErrorCode.TOO_MANY_FOLLOWERS,
        "Too many followers, limit: 4");
    assertThat(consensus.log).isEmpty();
    assertThat(leader.admit(new MemberId("n7", 1), IdentityConfig.Role.LEARNER)).isCompleted();
  }

  @Test
  void a_witness_is_added_as_one_and_takes_a_voters_place() {
    make(leader, new MembershipChange.Add("w", "h:5", IdentityConfig.Role.WITNESS));
    assertThat(leader.admit(new MemberId("w2", 1), IdentityConfig.Role.WITNESS)).isCompleted();
    assertThat(consensus.log).containsExactly("+witness w", "+witness w2");
    assertRefused(
        () -> leader.requireAdmissible(new MemberId("w3", 1), IdentityConfig.Role.WITNESS),
        ErrorCode.TOO_MANY_FOLLOWERS,
        "Too many followers, limit: 4");
    assertRefused(
        () -> leader.requireAdmissible(new MemberId("w2", 1), IdentityConfig.Role.VOTER),
        ErrorCode.INVALID_ROLE_CHANGE,
        "w2 is a member still, in another role; remove it first");
  }

  @Test
  void a_witness_neither_leads_nor_is_promoted() {
    consensus.witnesses.add(N2);
    assertRefused(
        () -> make(leader, new MembershipChange.Transfer("n2")),
        ErrorCode.CANNOT_LEAD,
        "n2 is a witness, holds no rows and cannot lead");
    assertRefused(
        () -> make(leader, new MembershipChange.Promote("n2", false)),
        ErrorCode.CANNOT_LEAD,
        "n2 is a witness, holds no rows and cannot be promoted");
    assertThat(consensus.log).isEmpty();
  }

  @Test
  void the_last_voter_with_rows_stays() {
    consensus.witnesses.addAll(List.of(N1, N3));
    assertRefused(
        () -> make(leader, new MembershipChange.Remove("n2")),
        ErrorCode.INVALID_ROLE_CHANGE,
        "Can't remove n2: the voters left would all be witnesses, which hold no rows");
    make(leader, new MembershipChange.Remove("n3"));
    assertThat(consensus.log).containsExactly("-n3");
  }

  @Test
  void there_are_255_learners_at_most() {
    consensus.learners =
        new ArrayList<>(
            IntStream.range(0, Places.LEARNERS_MAX - 1)
                .mapToObj(i -> new MemberId("l" + i, 1))
                .toList());

    assertThat(leader.admit(new MemberId("l254", 1), IdentityConfig.Role.LEARNER)).isCompleted();
    assertRefused(
        () -> leader.admit(new MemberId("l255", 1), IdentityConfig.Role.LEARNER),
        ErrorCode.TOO_MANY_LEARNERS,
        "Too many learner, limit: 255");
    assertThat(leader.admit(new MemberId("v4", 1), IdentityConfig.Role.VOTER)).isCompleted();
  }

  @Test
  void a_name_is_one_members_in_upper_and_lower_case() {
    assertRefused(
        () -> leader.admit(new MemberId("N2", 7), IdentityConfig.Role.LEARNER),
        ErrorCode.DUPLICATE_NODE,
        "Duplicate node: N2 is a member already");
    assertThat(leader.admit(N2, IdentityConfig.Role.VOTER)).isCompleted();
    assertThat(consensus.log).isEmpty();
  }

  @Test
  void who_lags_is_not_promoted_until_it_is_ready() {
    setLag(4, ClusterChanges.LAG_MAX + 1);

    assertRefused(
        () -> make(leader, new MembershipChange.Promote("n4", false)),
        ErrorCode.CANNOT_LEAD,
        "n4 is 1001 revisions behind the leader; WHEN READY waits for it");
    assertRefused(
        () -> make(leader, new MembershipChange.Promote("n4", true)),
        ErrorCode.CANNOT_LEAD,
        "n4 is 1001 revisions behind the leader; nothing was changed");
    setLag(4, ClusterChanges.LAG_MAX);
    make(leader, new MembershipChange.Promote("n4", false));
    assertThat(consensus.log).containsExactly("-n4", "+voter n4");
  }

  @Test
  void a_promotion_when_ready_waits_for_the_learner_and_ends_when_it_is_cancelled() {
    setStatus(4, Status.TIMEOUT);
    AtomicInteger looks = new AtomicInteger();

    leader.make(
        new MembershipChange.Promote("n4", true),
        soon(),
        () -> {
          if (looks.incrementAndGet() == 3) {
            setStatus(4, Status.ALIVE);
          }
        });
    assertThat(looks).hasValueGreaterThanOrEqualTo(3);
    assertThat(consensus.voters).contains(N4);

    consensus.voters.remove(N4);
    consensus.learners.add(N4);
    setStatus(4, Status.TIMEOUT);
    assertThatThrownBy(
            () -> leader.make(new MembershipChange.Promote("n4", true), soon(), CANCELLED))
        .isInstanceOf(SqlFailure.class);
    assertThat(consensus.learners).contains(N4);
  }

  @Test
  void who_does_not_answer_is_neither_promoted_nor_made_the_leader() {
    setStatus(4, Status.TIMEOUT);
    setStatus(2, Status.TIMEOUT);

    assertRefused(
        () -> make(leader, new MembershipChange.Promote("n4", false)),
        ErrorCode.NODE_UNREACHABLE,
        "Can't connect server: 127.0.0.1:8965, n4 is in status timeout");
    assertRefused(
        () -> make(leader, new MembershipChange.Transfer("n2")),
        ErrorCode.NODE_UNREACHABLE,
        "Can't connect server: 127.0.0.1:8965, n2 is in status timeout");
    assertThat(consensus.log).isEmpty();
  }

  @Test
  void a_promotion_that_fails_half_way_leaves_the_learner_a_learner() {
    consensus.fate =
        step -> step.startsWith("+voter") ? Model.failing(ErrorCode.INTERNAL_ERROR) : Model.done();

    assertRefused(
        () -> make(leader, new MembershipChange.Promote("n4", false)),
        ErrorCode.INTERNAL_ERROR,
        "as the test wants");
    assertThat(consensus.log).containsExactly("-n4", "+voter n4", "+learner n4");
    assertThat(consensus.learners).containsExactly(N4);
    assertThat(consensus.voters).containsExactly(N1, N2, N3);
  }

  @Test
  void a_promotion_that_loses_the_leadership_half_way_says_what_to_look_for() {
    consensus.fate =
        step -> step.startsWith("+") ? Model.failing(ErrorCode.NO_LEADER) : Model.done();

    assertRefused(
        () -> make(leader, new MembershipChange.Promote("n4", false)),
        ErrorCode.OUTCOME_UNKNOWN,
        "the leadership ended while n4 was promoted");
  }

  @Test
  void no_change_comes_between_the_steps_of_another_however_long_its_caller_waits() {
    CompletableFuture<Void> vote = new CompletableFuture<>();
    consensus.fate = step -> step.startsWith("+voter") ? vote : Model.done();

    assertRefused(
        () -> make(leader, new MembershipChange.Promote("n4", false)),
        ErrorCode.OUTCOME_UNKNOWN,
        "the change has begun and is not in force yet");
    String busy = "another change of the membership is under way; try again after it";
    assertRefused(
        () -> make(leader, new MembershipChange.Remove("n2")), ErrorCode.OVERLOADED, busy);
    assertRefused(
        () -> make(leader, new MembershipChange.Transfer("n2")), ErrorCode.OVERLOADED, busy);
    assertRefused(
        () -> leader.admit(new MemberId("n5", 1), IdentityConfig.Role.LEARNER),
        ErrorCode.OVERLOADED,
        busy);

    vote.complete(null);
    assertThat(consensus.voters).contains(N4);
    make(leader, new MembershipChange.Remove("n2"));
    assertThat(consensus.log).containsExactly("-n4", "+voter n4", "-n2");
  }

  @Test
  void a_refusal_does_not_keep_the_next_change_out() {
    consensus.fate = step -> Model.failing(ErrorCode.OVERLOADED);
    assertRefused(
        () -> make(leader, new MembershipChange.Remove("n2")),
        ErrorCode.OVERLOADED,
        "as the test wants");
    consensus.fate = step -> Model.done();
    make(leader, new MembershipChange.Remove("n2"));
    assertThat(consensus.voters).containsExactly(N1, N3);
  }

  @Test
  void the_leadership_goes_to_the_voter_that_is_named() {
    make(leader, new MembershipChange.Transfer("n1"));
    assertThat(consensus.log).isEmpty();
    assertRefused(
        () -> make(leader, new MembershipChange.Transfer("n4")),
        ErrorCode.CANNOT_LEAD,
        "n4 has no vote");
    make(leader, new MembershipChange.Transfer("n3"));
    assertThat(consensus.leader).hasValue(N3);
  }

  @Test
  void a_transfer_that_comes_to_nothing_or_to_another_one_is_7026() {
    Model same =
        new Model() {
          @Override
          public CompletableFuture<Void> transferLeadership(MemberId member) {
            return done();
          }
        };
    assertRefused(
        () -> make(changesOf(N1, same, NOBODY), new MembershipChange.Transfer("n2")),
        ErrorCode.CANNOT_LEAD,
        "n2 did not take the leadership over in time; n1 leads");
    Model other =
        new Model() {
          @Override
          public CompletableFuture<Void> transferLeadership(MemberId member) {
            role = Role.FOLLOWER;
            leader = Optional.of(N3);
            return done();
          }
        };
    assertRefused(
        () -> make(changesOf(N1, other, NOBODY), new MembershipChange.Transfer("n2")),
        ErrorCode.CANNOT_LEAD,
        "n2 did not take the leadership over in time; n3 leads");
  }

  @Test
  void a_transfer_without_an_end_in_time_is_unknown() {
    Model nobody =
        new Model() {
          @Override
          public CompletableFuture<Void> transferLeadership(MemberId member) {
            role = Role.CANDIDATE;
            leader = Optional.empty();
            return done();
          }
        };
    assertRefused(
        () -> make(changesOf(N1, nobody, NOBODY), new MembershipChange.Transfer("n2")),
        ErrorCode.OUTCOME_UNKNOWN,
        "n2 has not taken the leadership over yet");
  }

  /** A follower that hands on to {@link #leader}, and the questions it asked. */
  private ClusterChanges follower(Model view, List<ChangeQuestion> asked) {
    view.role = Consensus.Role.FOLLOWER;
    return changesOf(
        N2,
        view,
        (member, bytes) -> {
          try {
            ChangeQuestion question = PeerQuestion.parseFrom(bytes).getChange();
            asked.add(question);
            assertThat(member).isEqualTo(N1);
            return leader.answer(question).thenApply(PeerAnswer::toByteArray);
          } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void who_does_not_lead_hands_on_and_tells_what_the_leader_said() {
    List<ChangeQuestion> asked = new ArrayList<>();
    Model view = new Model();
    ClusterChanges follower = follower(view, asked);

    make(follower, new MembershipChange.Promote("n4", false));
    make(follower, new MembershipChange.Remove("n3"));
    make(follower, new MembershipChange.Add("n5", "h:5", IdentityConfig.Role.VOTER));
    make(follower, new MembershipChange.Add("n6", "h:6", IdentityConfig.Role.LEARNER));
    assertThat(consensus.log)
        .containsExactly("-n4", "+voter n4", "-n3", "+voter n5", "+learner n6");
    assertThat(invitations).extracting(MembershipChange.Add::address).containsExactly("h:5", "h:6");
    assertThat(asked)
        .allSatisfy(question -> assertThat(question.getTimeoutMillis()).isBetween(1L, 1000L));
    assertRefused(
        () -> make(follower, new MembershipChange.Remove("n9")),
        ErrorCode.NODE_NOT_FOUND,
        "Node doesn't exist: n9");
    assertRefused(
        () -> make(follower, new MembershipChange.Remove("n1")),
        ErrorCode.INVALID_ROLE_CHANGE,
        "Can't remove current node: n1");
    setLag(4, Long.MAX_VALUE);
    consensus.voters.remove(N4);
    consensus.learners.add(N4);
    assertRefused(
        () -> make(follower, new MembershipChange.Promote("n4", true)),
        ErrorCode.CANNOT_LEAD,
        "nothing was changed");
    view.leader = Optional.of(N1);
    make(follower, new MembershipChange.Transfer("n2"));
    assertThat(consensus.leader).hasValue(N2);
    assertRefused(
        () -> make(follower, new MembershipChange.Remove("n2")),
        ErrorCode.NO_LEADER,
        "n1 does not lead any more");
    view.leader = Optional.empty();
    assertRefused(
        () -> make(follower, new MembershipChange.Remove("n2")),
        ErrorCode.NO_LEADER,
        "no node leads at the moment");
  }

  @Test
  void a_leader_that_does_not_answer_may_have_done_it() {
    Model view = new Model();
    view.role = Consensus.Role.FOLLOWER;
    for (CompletableFuture<byte[]> answer :
        List.of(
            new CompletableFuture<byte[]>(),
            CompletableFuture.<byte[]>failedFuture(
                new QuorateException(ErrorCode.NO_LEADER, "lost")),
            CompletableFuture.completedFuture(new byte[] {1}))) {
      ClusterChanges follower = changesOf(N2, view, (member, question) -> answer);
      assertRefused(
          () -> make(follower, new MembershipChange.Remove("n3")),
          ErrorCode.OUTCOME_UNKNOWN,
          "whether the leader, n1, made the change is unknown");
    }
    ClusterChanges follower = changesOf(N2, view, (member, question) -> new CompletableFuture<>());
    assertRefused(
        () -> follower.make(new MembershipChange.Remove("n3"), soon(), CANCELLED),
        ErrorCode.OUTCOME_UNKNOWN,
        "it was cancelled here");
  }

  @Test
  void what_another_version_asks_or_answers_is_not_supported() {
    PeerAnswer answer = leader.answer(ChangeQuestion.newBuilder().setNode("n2").build()).join();
    assertThat(answer.getErrorNumber()).isEqualTo(ErrorCode.NOT_SUPPORTED.number());
    Model view = new Model();
    view.role = Consensus.Role.FOLLOWER;
    byte[] unknown =
        PeerAnswer.newBuilder()
            .setError("this version does not know that question")
            .build()
            .toByteArray();
    ClusterChanges follower =
        changesOf(N2, view, (member, question) -> CompletableFuture.completedFuture(unknown));
    assertRefused(
        () -> make(follower, new MembershipChange.Remove("n3")),
        ErrorCode.NOT_SUPPORTED,
        "this version does not know that question");
  }
}

package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.format.NodeStatus;
import io.quorate.server.format.StateMark;
import io.quorate.server.store.Marks;
import io.quorate.server.store.StateHash;
import io.quorate.server.store.StateMarks;
import io.quorate.server.store.StateMarks.Mark;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is wrong, by what the replicas tell of their marks. */
final class ReplicaAgreementTest {
  private static final MemberId SELF = new MemberId("n1", 1);
  private static final MemberId TWO = new MemberId("n2", 2);
  private static final MemberId THREE = new MemberId("n3", 3);
  private static final StateHash RIGHT = new StateHash(7, 7);
  private static final StateHash WRONG = new StateHash(7, 8);

  private final List<Mark> quarantined = new ArrayList<>();
  private Membership membership = new Membership(List.of(SELF, TWO, THREE), List.of());
  private StateMarks own = Marks.of();
  private final ReplicaAgreement agreement =
      new ReplicaAgreement(
          SELF,
          () -> membership,
          () -> own,
          (mark, agreed) -> {
            assertThat(agreed).isEqualTo(RIGHT);
            quarantined.add(mark);
          });

  private void tell(MemberId member, long revision, StateHash hash) {
    StateMark mark = ReplicaAgreement.told(new Mark(revision, hash));
    agreement.hear(member, NodeStatus.newBuilder().addMarks(mark).build());
  }

  @Test
  void a_node_that_has_what_the_others_have_goes_on() {
    own = Marks.of(new Mark(1_000, RIGHT), new Mark(2_000, WRONG));
    tell(TWO, 1_000, RIGHT);
    tell(THREE, 1_000, RIGHT);
    agreement.compare();
    assertThat(quarantined).isEmpty();
    assertThat(agreement.disagreeing()).isZero();
  }

  @Test
  void a_node_that_most_voters_contradict_is_quarantined_once() {
    own = Marks.of(new Mark(1_000, WRONG));
    tell(TWO, 1_000, RIGHT);
    agreement.compare();
    assertThat(quarantined).as("one against one of three").isEmpty();
    assertThat(agreement.disagreeing()).isEqualTo(2);
    tell(THREE, 1_000, RIGHT);
    agreement.compare();
    agreement.compare();
    assertThat(quarantined).containsExactly(new Mark(1_000, WRONG));
  }

  @Test
  void the_others_see_who_differs_and_that_it_does_no_more() {
    own = Marks.of(new Mark(1_000, RIGHT), new Mark(2_000, RIGHT));
    tell(TWO, 1_000, RIGHT);
    tell(THREE, 1_000, WRONG);
    agreement.compare();
    assertThat(quarantined).isEmpty();
    assertThat(agreement.disagreeing()).isEqualTo(1);
    tell(THREE, 2_000, RIGHT);
    agreement.compare();
    assertThat(agreement.disagreeing()).isZero();
  }

  @Test
  void one_against_one_is_an_alarm_and_nothing_else() {
    membership = new Membership(List.of(SELF, TWO), List.of());
    own = Marks.of(new Mark(1_000, WRONG));
    tell(TWO, 1_000, RIGHT);
    agreement.compare();
    assertThat(quarantined).isEmpty();
    assertThat(agreement.disagreeing()).isEqualTo(2);
  }

  @Test
  void a_witness_has_no_say() {
    membership = new Membership(List.of(SELF, TWO, THREE), List.of(), List.of(THREE));
    own = Marks.of(new Mark(1_000, WRONG));
    tell(TWO, 1_000, RIGHT);
    tell(THREE, 1_000, RIGHT);
    agreement.compare();
    assertThat(quarantined).isEmpty();
    membership = new Membership(List.of(SELF, TWO, THREE), List.of(), List.of(SELF));
    agreement.compare();
    assertThat(quarantined).isEmpty();
  }

  @Test
  void a_learner_is_held_to_what_the_voters_have_and_has_no_say() {
    membership = new Membership(List.of(TWO), List.of(SELF, THREE));
    own = Marks.of(new Mark(1_000, WRONG));
    tell(THREE, 1_000, WRONG);
    agreement.compare();
    assertThat(quarantined).isEmpty();
    tell(TWO, 1_000, RIGHT);
    agreement.compare();
    assertThat(quarantined).hasSize(1);
  }

  @Test
  void who_is_no_member_any_more_does_not_count() {
    own = Marks.of(new Mark(1_000, WRONG));
    tell(TWO, 1_000, RIGHT);
    tell(THREE, 1_000, RIGHT);
    membership = new Membership(List.of(SELF, TWO, new MemberId("n3", 4)), List.of());
    agreement.compare();
    assertThat(quarantined).isEmpty();
  }
}

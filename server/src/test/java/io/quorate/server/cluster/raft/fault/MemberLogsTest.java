package io.quorate.server.cluster.raft.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.raft.fault.MemberLogs.Asked;
import io.quorate.server.cluster.raft.fault.MemberLogs.Step;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is held against the claims of a consensus, on claims that are made up. */
final class MemberLogsTest {
  private static final MemberId A = new MemberId("a", 1);
  private static final MemberId B = new MemberId("b", 2);
  private static final MemberId C = new MemberId("c", 3);
  private static final MemberId D = new MemberId("d", 4);
  private static final LoggedMembership OF_FOUR = membership(A, B, C, D);

  private final History history = new History();
  private final MemberLogs logs = history.logs();

  @BeforeEach
  void begin() {
    logs.begins(List.of(A, B, C, D));
    store(1, 1, OF_FOUR, A, B, C, D);
  }

  private static LoggedMembership membership(MemberId... voters) {
    return LoggedMembership.stable(new Membership(List.of(voters), List.of()));
  }

  private void store(long index, long term, MemberId... on) {
    List.of(on).forEach(member -> logs.stored(member, index, term, Optional.empty()));
  }

  private void store(long index, long term, LoggedMembership membership, MemberId... on) {
    List.of(on).forEach(member -> logs.stored(member, index, term, Optional.of(membership)));
  }

  private Asked ask(Step.Kind kind, MemberId member, long term) {
    Asked question = logs.asking(new Step(kind, member), term);
    logs.asked(question, term);
    return question;
  }

  /** D leaves, in the two entries 2 and 3 of term 1, both of which everyone has. */
  private Asked removeD() {
    Asked question = ask(Step.Kind.OUT, D, 1);
    store(2, 1, new LoggedMembership(membership(A, B, C).now(), List.of(A, B, C, D)), A, B, C, D);
    store(3, 1, membership(A, B, C), A, B, C, D);
    return question;
  }

  private void assertViolated(String kind) {
    assertThat(history.violation()).map(History.Violation::kind).contains(kind);
  }

  private void assertSound() {
    assertThat(history.violation()).isEmpty();
  }

  @Test
  void an_entry_of_a_majority_is_agreed_on() {
    store(2, 1, A, B, D);
    logs.applied(A, 2, 1);
    assertSound();
  }

  @Test
  void half_of_the_voters_are_none() {
    store(2, 1, A, B);
    logs.applied(A, 2, 1);
    assertViolated("NOT_AGREED");
  }

  @Test
  void entries_of_another_term_do_not_count() {
    store(2, 1, A, B);
    store(2, 2, C, D);
    logs.applied(A, 2, 1);
    assertViolated("NOT_AGREED");
  }

  @Test
  void an_entry_behind_it_agrees_to_it_as_well() {
    store(2, 1, A, B, C);
    store(3, 1, A, B, C);
    logs.applied(A, 2, 1);
    assertSound();
  }

  @Test
  void a_removed_member_does_not_count() {
    removeD();
    store(4, 1, A, B);
    logs.applied(A, 4, 1);
    assertSound();
  }

  @Test
  void a_removed_member_that_is_counted_is_found() {
    removeD();
    store(4, 1, A, D);
    logs.applied(A, 4, 1);
    assertViolated("NOT_AGREED");
  }

  @Test
  void while_a_member_leaves_both_majorities_are_needed() {
    ask(Step.Kind.OUT, D, 1);
    LoggedMembership leaving = new LoggedMembership(membership(A, B, C).now(), List.of(A, B, C, D));
    store(2, 1, leaving, A, B);
    logs.applied(A, 2, 1);
    assertViolated("NOT_AGREED");
  }

  @Test
  void a_removal_is_acknowledged_once_both_entries_are_agreed_on() {
    logs.acknowledged(removeD());
    assertSound();
  }

  @Test
  void a_removal_that_is_acknowledged_too_early_is_found() {
    Asked question = ask(Step.Kind.OUT, D, 1);
    LoggedMembership leaving = new LoggedMembership(membership(A, B, C).now(), List.of(A, B, C, D));
    store(2, 1, leaving, A, B, C, D);
    store(3, 1, membership(A, B, C), A);
    logs.acknowledged(question);
    assertViolated("CHANGE_NOT_MADE");
  }

  @Test
  void a_removed_member_that_comes_back_unasked_is_found() {
    removeD();
    store(4, 2, OF_FOUR, A);
    assertViolated("UNASKED_CHANGE");
  }

  @Test
  void two_changes_at_once_are_found() {
    ask(Step.Kind.OUT, C, 1);
    ask(Step.Kind.OUT, D, 1);
    store(2, 1, new LoggedMembership(membership(A, B).now(), List.of(A, B, C, D)), A);
    assertViolated("UNASKED_CHANGE");
  }

  @Test
  void a_leader_needs_a_majority_of_those_who_vote_in_its_own_log() {
    removeD();
    logs.voted(A, 2, A);
    logs.voted(D, 2, A);
    store(4, 2, membership(A, B, C), A, B);
    logs.leads(A, 2);
    assertViolated("NOT_ELECTED");
  }

  @Test
  void a_removed_member_does_not_lead() {
    removeD();
    List.of(A, B, C, D).forEach(voter -> logs.voted(voter, 2, D));
    store(4, 2, membership(A, B, C), A, B, D);
    logs.leads(D, 2);
    assertViolated("NOT_ELECTED");
  }

  @Test
  void an_elected_leader_leads() {
    removeD();
    logs.voted(A, 2, A);
    logs.voted(C, 2, A);
    store(4, 2, membership(A, B, C), A, B);
    logs.leads(A, 2);
    assertSound();
  }

  @Test
  void who_was_never_to_vote_does_not() {
    MemberId learner = new MemberId("l", 5);
    ask(Step.Kind.LEARNER_IN, learner, 1);
    logs.voted(learner, 2, A);
    assertViolated("LEARNER_VOTES");
  }

  @Test
  void a_log_that_has_lost_what_was_durable_is_found() {
    store(2, 1, A, B, C);
    logs.opened(A, 1, 1);
    assertViolated("LOG_LOST");
  }

  @Test
  void what_a_snapshot_covers_counts_as_held() {
    store(2, 1, A, B, C);
    logs.applied(A, 2, 1);
    MemberId late = new MemberId("late", 6);
    ask(Step.Kind.VOTER_IN, late, 1);
    logs.opened(late, 1, 0);
    logs.keeps(late, 3);
    LoggedMembership joining =
        new LoggedMembership(membership(A, B, C, D, late).now(), List.of(A, B, C, D));
    store(3, 1, joining, A, B, late);
    logs.applied(A, 2, 1);
    assertSound();
    logs.applied(A, 3, 1);
    assertViolated("NOT_AGREED");
  }
}

package io.quorate.server.cluster.raft.fault;

import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.MemberId;
import java.util.Collection;
import java.util.List;

/**
 * A membership as an entry of the log has it. JRaft 1.3.15 goes from one set of voters to the next
 * in two entries: from the first to the second a majority of both sets is needed (joint consensus,
 * Raft dissertation 4.3).
 *
 * @param leaving the voters of before, while they still count; empty else
 */
record LoggedMembership(Membership now, List<MemberId> leaving) {
  LoggedMembership {
    leaving = leaving.stream().sorted().toList();
  }

  static LoggedMembership stable(Membership now) {
    return new LoggedMembership(now, List.of());
  }

  boolean isJoint() {
    return !leaving.isEmpty();
  }

  boolean hasVoter(MemberId member) {
    return now.voters().contains(member) || leaving.contains(member);
  }

  /** Whether these are enough for an election, or for an entry to be agreed on. */
  boolean hasMajority(Collection<MemberId> some) {
    return isMajority(now.voters(), some) && (!isJoint() || isMajority(leaving, some));
  }

  private static boolean isMajority(List<MemberId> voters, Collection<MemberId> some) {
    return voters.stream().filter(some::contains).count() * 2 > voters.size();
  }
}

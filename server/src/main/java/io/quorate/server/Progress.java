package io.quorate.server;

import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.session.ClusterFacts;
import io.quorate.server.session.ClusterFacts.Fact;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** How far the members have come, as a witness hears it. */
record Progress(ClusterFacts cluster, Consensus consensus) {

  /** The revision that a member has applied; empty while it is silent. */
  OptionalLong of(MemberId member) {
    return facts(member).filter(Fact::reachable).mapToLong(Fact::applied).findFirst();
  }

  private Stream<Fact> facts(MemberId member) {
    return cluster.facts().stream().filter(fact -> fact.memberId().equals(member.toString()));
  }

  /**
   * The revision that all voters with rows had applied when they were heard last; 0 before one of
   * them was.
   */
  long slowest() {
    return consensus.membership().dataVoters().stream()
        .mapToLong(voter -> facts(voter).mapToLong(Fact::applied).findFirst().orElse(0))
        .min()
        .orElse(Long.MAX_VALUE);
  }
}

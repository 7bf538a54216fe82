package io.quorate.server.cluster.raft;

import io.quorate.server.cluster.MemberId;
import io.quorate.server.lang.Invariant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What {@link JRaftConsensus} is told at its start.
 *
 * @param self this member
 * @param group name of the replicated log; the cluster's id
 * @param snapshotDirectory where snapshots live
 * @param initialVoters the first membership, for the node that begins a cluster; empty elsewhere
 * @param witness whether this member votes and holds no rows
 * @param manual whether it stands for election only when it is told to
 * @param electionTimeout how long a follower bears silence before it asks for votes
 * @param electionDelayMax random extra before it does, so that two seldom ask at once
 */
public record ConsensusConfig(
    MemberId self,
    String group,
    Path snapshotDirectory,
    List<MemberId> initialVoters,
    boolean witness,
    boolean manual,
    Duration electionTimeout,
    Duration electionDelayMax) {

  public ConsensusConfig {
    initialVoters = List.copyOf(initialVoters);
    Invariant.check(
        electionTimeout.toMillis() >= 10, "election timeout of %s is too short", electionTimeout);
    Invariant.check(
        electionDelayMax.toMillis() >= 1, "election delay of %s is too short", electionDelayMax);
  }
}

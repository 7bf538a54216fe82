package io.quorate.server.sim;

import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.UnusedConsensus;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One node's hold on the {@link SimLog}, behind the port that the replica knows. The membership is
 * changed at the log itself: nothing of ours that is run here makes changes.
 */
final class SimConsensus extends UnusedConsensus {
  private final SimLog log;
  private final SimNode node;

  SimConsensus(SimLog log, SimNode node) {
    this.log = log;
    this.node = node;
  }

  @Override
  public void propose(byte[] command, long term, ProposalListener listener) {
    log.propose(node, command, term, listener);
  }

  @Override
  public CompletableFuture<Long> readBarrier() {
    return log.readBarrier(node);
  }

  @Override
  public Role role() {
    if (log.leader() == node) {
      return Role.LEADER;
    }
    return log.learners().contains(node) ? Role.LEARNER : Role.FOLLOWER;
  }

  @Override
  public long term() {
    return log.term();
  }

  @Override
  public Optional<MemberId> leader() {
    return Optional.ofNullable(log.leader()).map(SimNode::member);
  }

  @Override
  public Membership membership() {
    return log.membership();
  }
}

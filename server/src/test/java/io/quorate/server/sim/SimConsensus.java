package io.quorate.server.sim;

import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.UnusedConsensus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One node's hold on the {@link SimLog}, behind the port that the replica knows. Membership changes
 * are the fault runs' part: nothing above the port makes any yet.
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
    return log.leader() == null
        ? CompletableFuture.failedFuture(new IllegalStateException("no leader"))
        : CompletableFuture.completedFuture(log.lastIndex());
  }

  @Override
  public Role role() {
    return log.leader() == node ? Role.LEADER : Role.FOLLOWER;
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
    return new Membership(log.members(), List.of());
  }
}

package io.quorate.server.cluster;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The replicated log for a node that takes no part in one, as in maintenance: it has no leader and
 * no members, and refuses everything. Immutable.
 */
public final class NoConsensus implements Consensus {
  private static final Membership NOBODY = new Membership(List.of(), List.of());

  @Override
  public void propose(byte[] command, long term, ProposalListener listener) {
    listener.refused(Refusal.CLOSED);
  }

  @Override
  public CompletableFuture<Long> readBarrier() {
    return refused();
  }

  @Override
  public Role role() {
    return Role.FAILED;
  }

  @Override
  public long term() {
    return 0;
  }

  @Override
  public long leaderships() {
    return 0;
  }

  @Override
  public Optional<MemberId> leader() {
    return Optional.empty();
  }

  @Override
  public Membership membership() {
    return NOBODY;
  }

  @Override
  public CompletableFuture<Void> addVoter(MemberId member) {
    return refused();
  }

  @Override
  public CompletableFuture<Void> addWitness(MemberId member) {
    return refused();
  }

  @Override
  public CompletableFuture<Void> addLearner(MemberId member) {
    return refused();
  }

  @Override
  public CompletableFuture<Void> remove(MemberId member) {
    return refused();
  }

  @Override
  public CompletableFuture<Void> transferLeadership(MemberId member) {
    return refused();
  }

  @Override
  public void stand() {}

  @Override
  public boolean electsItself() {
    return true;
  }

  @Override
  public CompletableFuture<Void> snapshot() {
    return refused();
  }

  @Override
  public void close() {}

  private static <T> CompletableFuture<T> refused() {
    return CompletableFuture.failedFuture(
        new QuorateException(ErrorCode.NO_LEADER, "this node takes part in no replicated log"));
  }
}

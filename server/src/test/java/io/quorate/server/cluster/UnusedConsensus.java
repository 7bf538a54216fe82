package io.quorate.server.cluster;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A consensus of which nothing is expected; models override what they model. */
public class UnusedConsensus implements Consensus {
  @Override
  public void propose(byte[] command, long term, ProposalListener listener) {
    throw unexpected();
  }

  @Override
  public CompletableFuture<Long> readBarrier() {
    throw unexpected();
  }

  @Override
  public Role role() {
    throw unexpected();
  }

  @Override
  public long term() {
    throw unexpected();
  }

  @Override
  public long leaderships() {
    throw unexpected();
  }

  @Override
  public Optional<MemberId> leader() {
    throw unexpected();
  }

  @Override
  public Membership membership() {
    return new Membership(List.of(), List.of());
  }

  @Override
  public CompletableFuture<Void> addVoter(MemberId member) {
    throw unexpected();
  }

  @Override
  public CompletableFuture<Void> addWitness(MemberId member) {
    throw unexpected();
  }

  @Override
  public CompletableFuture<Void> addLearner(MemberId member) {
    throw unexpected();
  }

  @Override
  public CompletableFuture<Void> remove(MemberId member) {
    throw unexpected();
  }

  @Override
  public CompletableFuture<Void> transferLeadership(MemberId member) {
    throw unexpected();
  }

  @Override
  public void stand() {
    throw unexpected();
  }

  @Override
  public boolean electsItself() {
    return true;
  }

  @Override
  public CompletableFuture<Void> snapshot() {
    throw unexpected();
  }

  @Override
  public void close() {}

  private static AssertionError unexpected() {
    return new AssertionError("nothing here should ask this of the consensus");
  }
}

package io.quorate.server.cluster.raft.fault;

import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.raft.fault.MemberLogs.Asked;
import io.quorate.server.cluster.raft.fault.MemberLogs.Step;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A consensus that tells the {@link MemberLogs} of each change it is asked for. */
final class ChangeWatch implements Consensus {
  private final Consensus watched;
  private final History history;
  private final BooleanSupplier killed;

  /**
   * @param killed whether what is answered now reaches nobody
   */
  ChangeWatch(Consensus watched, History history, BooleanSupplier killed) {
    this.watched = watched;
    this.history = history;
    this.killed = killed;
  }

  private CompletableFuture<Void> change(
      Step.Kind kind, MemberId member, Supplier<CompletableFuture<Void>> call) {
    Step step = new Step(kind, member);
    Asked question = history.logs().asking(step, watched.term());
    CompletableFuture<Void> answer = call.get();
    history.logs().asked(question, watched.term());
    return answer.thenRun(
        () -> {
          if (!killed.getAsBoolean()) {
            history.changes.incrementAndGet();
            history.event(step + " is done");
            history.logs().acknowledged(question);
          }
        });
  }

  @Override
  public CompletableFuture<Void> addVoter(MemberId member) {
    return change(Step.Kind.VOTER_IN, member, () -> watched.addVoter(member));
  }

  @Override
  public CompletableFuture<Void> addLearner(MemberId member) {
    return change(Step.Kind.LEARNER_IN, member, () -> watched.addLearner(member));
  }

  /** A voter, as far as its log is concerned. */
  @Override
  public CompletableFuture<Void> addWitness(MemberId member) {
    return change(Step.Kind.VOTER_IN, member, () -> watched.addWitness(member));
  }

  @Override
  public CompletableFuture<Void> remove(MemberId member) {
    return change(Step.Kind.OUT, member, () -> watched.remove(member));
  }

  @Override
  public void propose(byte[] command, long term, ProposalListener listener) {
    watched.propose(command, term, listener);
  }

  @Override
  public CompletableFuture<Long> readBarrier() {
    return watched.readBarrier();
  }

  @Override
  public Role role() {
    return watched.role();
  }

  @Override
  public long term() {
    return watched.term();
  }

  @Override
  public long leaderships() {
    return watched.leaderships();
  }

  @Override
  public Optional<MemberId> leader() {
    return watched.leader();
  }

  @Override
  public Membership membership() {
    return watched.membership();
  }

  @Override
  public CompletableFuture<Void> transferLeadership(MemberId member) {
    return watched.transferLeadership(member);
  }

  @Override
  public void stand() {
    watched.stand();
  }

  @Override
  public boolean electsItself() {
    return watched.electsItself();
  }

  @Override
  public CompletableFuture<Void> snapshot() {
    return watched.snapshot();
  }

  @Override
  public void close() {
    watched.close();
  }
}

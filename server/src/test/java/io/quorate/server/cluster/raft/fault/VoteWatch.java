package io.quorate.server.cluster.raft.fault;

import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.RaftMetaStorageOptions;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import io.quorate.server.cluster.MemberId;
import java.util.function.BooleanSupplier;

/** Tells the {@link History} each term and vote that the consensus reads and stores. */
final class VoteWatch implements RaftMetaStorage {
  private final RaftMetaStorage watched;
  private final MemberId member;
  private final History history;
  private final BooleanSupplier killed;

  /**
   * @param killed whether what is stored now goes nowhere
   */
  VoteWatch(RaftMetaStorage watched, MemberId member, History history, BooleanSupplier killed) {
    this.watched = watched;
    this.member = member;
    this.history = history;
    this.killed = killed;
  }

  private boolean tell(boolean done) {
    if (done && !killed.getAsBoolean()) {
      PeerId candidate = watched.getVotedFor();
      history.voted(member, watched.getTerm(), candidate.isEmpty() ? "" : candidate.toString());
    }
    return done;
  }

  @Override
  public boolean init(RaftMetaStorageOptions options) {
    return tell(watched.init(options));
  }

  @Override
  public void shutdown() {
    watched.shutdown();
  }

  @Override
  public boolean setTerm(long term) {
    return tell(watched.setTerm(term));
  }

  @Override
  public long getTerm() {
    return watched.getTerm();
  }

  @Override
  public boolean setVotedFor(PeerId peer) {
    return tell(watched.setVotedFor(peer));
  }

  @Override
  public PeerId getVotedFor() {
    return watched.getVotedFor();
  }

  @Override
  public boolean setTermAndVotedFor(long term, PeerId peer) {
    return tell(watched.setTermAndVotedFor(term, peer));
  }
}

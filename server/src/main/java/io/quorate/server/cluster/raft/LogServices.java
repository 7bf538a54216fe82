package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.JRaftServiceFactory;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.codec.LogEntryCodecFactory;
import com.alipay.sofa.jraft.entity.codec.v2.LogEntryV2CodecFactory;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import com.alipay.sofa.jraft.storage.SnapshotStorage;
import io.quorate.server.cluster.wal.VoteFileStorage;
import io.quorate.server.cluster.wal.WalLogStorage;
import org.jspecify.annotations.Nullable;

/** Hands JRaft our log and vote files, and reads back from them what JRaft does not tell. */
public class LogServices implements JRaftServiceFactory {
  private final WalLogStorage log;
  private final VoteFileStorage vote;

  public LogServices(WalLogStorage log, VoteFileStorage vote) {
    this.log = log;
    this.vote = vote;
  }

  @Override
  public LogStorage createLogStorage(String uri, RaftOptions options) {
    return log;
  }

  /** {@inheritDoc} JRaft asks for it after it has opened the log. */
  @Override
  public RaftMetaStorage createRaftMetaStorage(String uri, RaftOptions options) {
    vote.requireTermFrom(log.lastTerm());
    return vote;
  }

  @Override
  public SnapshotStorage createSnapshotStorage(NodeOptions options) {
    return new CheckedSnapshotStorage(options.getSnapshotUri(), options.getRaftOptions());
  }

  @Override
  public LogEntryCodecFactory createLogEntryCodecFactory() {
    return LogEntryV2CodecFactory.getInstance();
  }

  /** The membership in force, null before the log has one. */
  @Nullable Configuration membership() {
    return log.lastMembership();
  }

  /** Why the log or the vote did not open, null if both did. */
  @Nullable Exception openFailure() {
    return vote.openFailure() == null ? log.openFailure() : vote.openFailure();
  }

  /** The highest term this member has made durable. */
  long votedTerm() {
    return vote.getTerm();
  }
}

package io.quorate.server.cluster.wal;

import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.entity.EnumOutter.ErrorType;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.option.RaftMetaStorageOptions;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import io.quorate.server.lang.Invariant;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link VoteFile} as JRaft's meta storage. Confined to whoever holds JRaft's node lock.
 *
 * <p>JRaft ignores the booleans and answers a request for its vote from memory, where it notes the
 * vote <em>before</em> storing it. So a failure is thrown, which keeps the answer from being sent;
 * and since the candidate will ask again, and find the vote in memory, the node is first put into
 * JRaft's error state, in which it answers nobody.
 */
public final class VoteFileStorage implements RaftMetaStorage {
  private static final Logger log = LoggerFactory.getLogger(VoteFileStorage.class);

  private final VoteFile file;
  private @Nullable NodeImpl node;
  private long termFloor;
  private volatile @Nullable Exception openFailure;

  /**
   * @param listener stops the node
   */
  public VoteFileStorage(Disk disk, FailureListener listener) {
    this.file = new VoteFile(disk, listener);
  }

  /**
   * Says which term the log has seen. A vote file of a lower one has forgotten something, and a
   * member that has forgotten a vote may give it twice: it does not start. Called before {@link
   * #init}.
   */
  public void requireTermFrom(long lastTermOfLog) {
    termFloor = lastTermOfLog;
  }

  @Override
  public boolean init(RaftMetaStorageOptions options) {
    node = options.getNode();
    try {
      file.open();
      if (getTerm() < termFloor) {
        openFailure =
            new IOException(
                "the vote file stands at term "
                    + getTerm()
                    + ", behind term "
                    + termFloor
                    + " of the log");
        return false;
      }
      return true;
    } catch (IOException e) {
      openFailure = e;
      return false;
    }
  }

  /** Why {@link #init} has answered false, which JRaft does not hand on; null if it has not. */
  public @Nullable Exception openFailure() {
    return openFailure;
  }

  @Override
  public void shutdown() {
    try {
      file.close();
    } catch (IOException e) {
      log.atWarn().setCause(e).log("vote file not closed");
    }
  }

  @Override
  public long getTerm() {
    return file.vote().term();
  }

  @Override
  public PeerId getVotedFor() {
    PeerId peer = new PeerId();
    String name = file.vote().votedFor();
    boolean known = name.isEmpty() || peer.parse(name);
    Invariant.check(known, "\"%s\" is no peer", name);
    return peer;
  }

  /** As in Raft, a new term begins without a vote. */
  @Override
  public boolean setTerm(long term) {
    Vote current = file.vote();
    return store(term == current.term() ? current : new Vote(term, ""));
  }

  @Override
  public boolean setVotedFor(PeerId peer) {
    return store(new Vote(file.vote().term(), nameOf(peer)));
  }

  @Override
  public boolean setTermAndVotedFor(long term, PeerId peer) {
    return store(new Vote(term, nameOf(peer)));
  }

  /** Without the priority, which may change while the candidate stays the same. */
  private static String nameOf(PeerId peer) {
    return peer.isEmpty() ? "" : new PeerId(peer.getEndpoint(), peer.getIdx()).toString();
  }

  private boolean store(Vote vote) {
    try {
      file.set(vote);
      return true;
    } catch (IOException e) {
      onFailure(vote);
      throw new UncheckedIOException("vote not stored: " + vote, e);
    } catch (RuntimeException e) {
      onFailure(vote);
      throw e;
    }
  }

  private void onFailure(Vote vote) {
    if (node != null) {
      node.onError(
          new RaftException(ErrorType.ERROR_TYPE_META, RaftError.EIO, "not stored: %s", vote));
    }
  }
}

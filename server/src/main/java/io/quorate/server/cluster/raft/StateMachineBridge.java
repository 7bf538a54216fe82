package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.LeaderChangeContext;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import io.quorate.server.cluster.ReplicatedState;
import io.quorate.server.cluster.ReplicatedState.Applied;
import io.quorate.server.cluster.ReplicatedState.SnapshotFile;
import io.quorate.server.cluster.ReplicatedState.SnapshotListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands JRaft's committed entries to the {@link ReplicatedState} and its results to the proposers.
 *
 * <p>Confined to JRaft's state machine thread, which is the node's apply thread. Proposers are told
 * on {@code notify}, one hand-off for up to 32 entries, after these are visible to readers. Any
 * throwable stops the node before the next entry: JRaft is told to roll back and reports the error.
 */
final class StateMachineBridge extends StateMachineAdapter {
  private static final Logger log = LoggerFactory.getLogger(StateMachineBridge.class);

  /**
   * Entries after which their proposers are told, so that these can go on while the rest of what
   * JRaft hands over is applied. Much fewer would cost a hand-off each that takes longer than the
   * work.
   */
  private static final int ENTRIES_PER_NOTICE = 32;

  private final ReplicatedState state;
  private final Executor notify;
  private final Candidacy candidacy;
  private final AtomicBoolean failed = new AtomicBoolean();
  private final CountDownLatch opened = new CountDownLatch(1);

  /** The term whose earlier entries are all applied here, or -1 while this node does not lead. */
  private volatile long readyTerm = -1;

  /** Index of the last entry of the last call; confined to the state machine's thread. */
  private long given;

  /** What JRaft itself knows to be applied, or less: it is told by the end of the last call. */
  private volatile long applied;

  private final LongAdder leaderships = new LongAdder();

  StateMachineBridge(ReplicatedState state, Executor notify, Candidacy candidacy) {
    this.state = state;
    this.notify = notify;
    this.candidacy = candidacy;
  }

  /**
   * Lets leaderships be told: the log takes proposals from now on, or never will. JRaft elects a
   * lone voter while it is still being opened, on its own thread; what a new leader proposes first
   * must find the log running.
   */
  void opened() {
    opened.countDown();
  }

  /** Index up to which entries are applied, and known to be by JRaft as well. By any thread. */
  long applied() {
    return applied;
  }

  long readyTerm() {
    return readyTerm;
  }

  /** How many leaderships, its own among them, this node has seen begin. By any thread. */
  long leaderships() {
    return leaderships.sum();
  }

  @Override
  public void onStartFollowing(LeaderChangeContext leader) {
    leaderships.increment();
    candidacy.led();
  }

  @Override
  public void onApply(Iterator entries) {
    List<Told> told = new ArrayList<>();
    applied = given;
    try {
      int unseen = 0;
      while (entries.hasNext()) {
        long index = entries.getIndex();
        Applied applied = state.apply(index, entries.getTerm(), entries.getData());
        if (entries.done() instanceof ProposalClosure proposal) {
          told.add(new Told(proposal, applied));
        }
        entries.next();
        unseen++;
        if (unseen == ENTRIES_PER_NOTICE || !entries.hasNext()) {
          state.batchApplied(index);
          given = index;
          tell(told);
          told = new ArrayList<>();
          unseen = 0;
        }
      }
    } catch (Throwable e) {
      log.atError().addKeyValue("index", entries.getIndex()).setCause(e).log("apply failed");
      fail(e);
      entries.setErrorAndRollback(1, new Status(RaftError.ESTATEMACHINE, "apply failed: %s", e));
    }
  }

  private void tell(List<Told> told) {
    if (!told.isEmpty()) {
      notify.execute(() -> told.forEach(Told::tell));
    }
  }

  @Override
  public void onLeaderStart(long term) {
    leaderships.increment();
    candidacy.led();
    guarded(
        () -> {
          opened.await();
          readyTerm = term;
          state.leadershipStarted(term);
        });
  }

  @Override
  public void onLeaderStop(Status status) {
    readyTerm = -1;
    guarded(state::leadershipStopped);
  }

  @Override
  public void onSnapshotSave(SnapshotWriter writer, Closure done) {
    state.saveSnapshot(
        Path.of(writer.getPath()),
        new SnapshotListener() {
          @Override
          public void written(List<SnapshotFile> files) {
            for (SnapshotFile file : files) {
              if (!writer.addFile(file.name(), SnapshotChecksum.of(file))) {
                failed(new IOException(file.name() + " is not what was written"));
                return;
              }
            }
            done.run(Status.OK());
          }

          @Override
          public void failed(Throwable cause) {
            log.atError().setCause(cause).log("snapshot not written");
            done.run(new Status(RaftError.EIO, "snapshot not written: %s", cause));
          }
        });
  }

  @Override
  public boolean onSnapshotLoad(SnapshotReader reader) {
    try {
      long index = reader.load().getLastIncludedIndex();
      state.loadSnapshot(Path.of(reader.getPath()), index);
      given = index;
      return true;
    } catch (Throwable e) {
      log.atError().setCause(e).log("snapshot not loaded");
      fail(e);
      return false;
    }
  }

  @Override
  public void onError(RaftException e) {
    fail(e);
  }

  private void guarded(Callback callback) {
    try {
      callback.run();
    } catch (Throwable e) {
      fail(e);
    }
  }

  private interface Callback {
    void run() throws InterruptedException;
  }

  /** Tells the node once; JRaft itself goes to its error state and hands leadership away. */
  void fail(Throwable cause) {
    readyTerm = -1;
    if (failed.compareAndSet(false, true)) {
      state.failed(cause);
    }
  }

  boolean hasFailed() {
    return failed.get();
  }

  private record Told(ProposalClosure proposal, Applied applied) {
    void tell() {
      proposal.applied(applied);
    }
  }
}

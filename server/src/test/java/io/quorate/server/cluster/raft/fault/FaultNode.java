package io.quorate.server.cluster.raft.fault;

import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.Messenger;
import io.quorate.server.cluster.messaging.RpcHub;
import io.quorate.server.cluster.raft.ConsensusConfig;
import io.quorate.server.cluster.raft.JRaftConsensus;
import io.quorate.server.cluster.raft.LogServices;
import io.quorate.server.cluster.wal.FaultDisk;
import io.quorate.server.cluster.wal.VoteFileStorage;
import io.quorate.server.cluster.wal.WalConfig;
import io.quorate.server.cluster.wal.WalLogStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One process of one member: everything that production has, on a disk and a network that fail. Of
 * its methods only those that say so may be called by another thread than the one that opened it.
 */
final class FaultNode {
  static final Duration ELECTION_TIMEOUT = Duration.ofMillis(250);
  static final Duration ELECTION_DELAY_MAX = Duration.ofMillis(100);

  /** Small, so that a run fills many. */
  private static final WalConfig WAL = new WalConfig(64 << 10, 32 << 10);

  private final MemberId member;
  private final FaultDisk disk;
  private final ProcessDisk processDisk;
  private final History history;
  private final ScheduledExecutorService timeouts = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService requests =
      new ThreadPoolExecutor(4, 4, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(10_000));
  private final ExecutorService notifier = singleThread();
  private final ExecutorService files = singleThread();
  private final RpcHub hub;
  private final RecordingState state;
  private final JRaftConsensus consensus;
  private final ChangeWatch watched;
  private volatile @Nullable Throwable failure;
  private volatile boolean killed;

  /**
   * What a process is started with.
   *
   * @param group unique among the clusters that run at the same time
   * @param voters the first membership; empty for a member that joins later
   * @param witness whether it may lead only to hand over
   * @param manual whether it stands for election only when it is told to
   * @param snapshots where this member's snapshots live, on the real disk
   */
  record Setup(
      MemberId member,
      String group,
      List<MemberId> voters,
      boolean witness,
      boolean manual,
      Path snapshots,
      Seams seams,
      History history) {}

  FaultNode(
      Setup setup,
      Messenger messenger,
      FaultDisk disk,
      RecordingState.Durable durable,
      long firstCallId) {
    member = setup.member();
    history = setup.history();
    this.disk = disk;
    processDisk = new ProcessDisk(setup.seams().disk().apply(disk));
    hub =
        new RpcHub(
            messenger,
            new RpcHub.Threads(timeouts, requests, notifier),
            System::nanoTime,
            firstCallId);
    state = new RecordingState(member, history, files, durable, this::onFailure);
    consensus =
        new JRaftConsensus(
            new ConsensusConfig(
                member,
                setup.group(),
                setup.snapshots(),
                setup.voters(),
                setup.witness(),
                setup.manual(),
                ELECTION_TIMEOUT,
                ELECTION_DELAY_MAX),
            hub,
            new Services(setup),
            new JRaftConsensus.Threads(requests, notifier),
            System::nanoTime);
    watched = new ChangeWatch(consensus, history, this::killed);
  }

  private final class Services extends LogServices {
    private final Setup setup;

    Services(Setup setup) {
      super(
          new WalLogStorage(processDisk, WAL, files, FaultNode.this::onFailure),
          new VoteFileStorage(processDisk, FaultNode.this::onFailure));
      this.setup = setup;
    }

    @Override
    public LogStorage createLogStorage(String uri, RaftOptions options) {
      LogStorage stored = setup.seams().log().apply(super.createLogStorage(uri, options));
      return new LogWatch(stored, member, history.logs(), FaultNode.this::killed);
    }

    @Override
    public RaftMetaStorage createRaftMetaStorage(String uri, RaftOptions options) {
      RaftMetaStorage stored = super.createRaftMetaStorage(uri, options);
      return new VoteWatch(
          setup.seams().vote().apply(stored), member, history, FaultNode.this::killed);
    }
  }

  private static ExecutorService singleThread() {
    return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(100_000));
  }

  /** Fails as the consensus does when its files cannot be read. */
  void open() {
    hub.open();
    consensus.open(state);
  }

  MemberId member() {
    return member;
  }

  /** By any thread. */
  Consensus consensus() {
    return watched;
  }

  /** How often it might not ask for votes when its leader was silent. By any thread. */
  long electionsHeldBack() {
    return consensus.electionsHeldBack();
  }

  /** By any thread. */
  RecordingState state() {
    return state;
  }

  /** By any thread. */
  RpcHub hub() {
    return hub;
  }

  /** By any thread. */
  FaultDisk disk() {
    return disk;
  }

  /**
   * The power goes. What the threads of this process still do has no effect and is not noted.
   *
   * @return what is left of the disk
   */
  FaultDisk kill(RandomGenerator random) {
    killed = true;
    state.kill();
    processDisk.kill(disk);
    return disk.crash(random);
  }

  /** Whether what this process says now counts. By any thread. */
  boolean killed() {
    return killed;
  }

  /** What this process died of, though nobody has ended it yet. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** As the node does in production: it says nothing more, and is ended by whoever watches it. */
  private void onFailure(Throwable cause) {
    if (failure == null) {
      history.event(member + " failed: " + cause);
      failure = cause;
    }
    hub.mute();
  }

  /** Ends the threads. Blocks until the last callback has returned. */
  void close() {
    consensus.close();
    hub.close();
    timeouts.shutdownNow();
    requests.shutdownNow();
    notifier.shutdown();
    files.shutdown();
  }
}

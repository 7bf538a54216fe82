package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.core.State;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.util.concurrent.FixedThreadsExecutorGroup;
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.ReplicatedState;
import io.quorate.server.cluster.messaging.RpcHub;
import io.quorate.server.lang.QuorateException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicated log by JRaft 1.3.15, its RPC over the {@link RpcHub} and its log in our own files.
 *
 * <p>Thread-safe between {@link #open} and {@link #close}. What JRaft leaves to its user and is
 * done here: telling refusals from doubt ({@link ProposalClosure}); refusing read barriers until
 * the leadership's first entry is applied ({@link ReadIndexGuard}), for with a single voter JRaft
 * answers before; changing one member at a time, for in a joint membership JRaft's read barrier
 * asks the new majority alone.
 */
public final class JRaftConsensus implements Consensus {
  private static final Logger log = LoggerFactory.getLogger(JRaftConsensus.class);

  /** Far more than the end of a node that works takes: its longest step is a sync. */
  private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

  /** For a thread that hangs in the same way. */
  private static final long SENDERS_END_SECONDS = 1;

  /**
   * Election timeouts that a witness leaves to the others: enough for one that holds rows to ask,
   * and to ask again after a vote that was split.
   */
  private static final int WITNESS_WAITS = 3;

  /** Election timeouts for which a call to stand, or to hand over, holds. */
  private static final int CALL_LASTS = 4;

  static {
    HubNodeOptions.keepFewBuffers();
  }

  private final ConsensusConfig config;
  private final RpcHub hub;
  private final LogServices services;
  private final PeerId self;
  private final Threads threads;
  private final LongSupplier nanoClock;
  private volatile @Nullable Running running;

  public JRaftConsensus(
      ConsensusConfig config,
      RpcHub hub,
      LogServices services,
      Threads threads,
      LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.config = config;
    this.hub = hub;
    this.services = services;
    this.threads = threads;
    this.self = PeerIds.of(config.self());
  }

  /**
   * Who runs what.
   *
   * @param requests the other members' requests: a few threads, one of which the copying of a
   *     snapshot may hold for long; bounded
   * @param notifier tells proposers, in order: one thread
   */
  public record Threads(Executor requests, Executor notifier) {}

  /**
   * Recovers the log and takes part from then on, applying what is committed to {@code state}.
   *
   * @throws QuorateException when the log, the vote or the snapshot cannot be read
   */
  public void open(ReplicatedState state) {
    Candidacy candidacy = candidacy();
    StateMachineBridge bridge = new StateMachineBridge(state, threads.notifier, candidacy);
    RaftThreads.bound(config.group());
    NodeManager.getInstance().addAddress(self.getEndpoint());
    HubRpcServer rpc =
        new HubRpcServer(
            hub, threads.requests, bridge::applied, this::mayInstallFrom, candidacy::othersAsk);
    rpc.registerRaftProcessors();
    rpc.registerProcessor(new ReadIndexGuard(threads.requests, () -> isReady(bridge)));
    rpc.init(null);
    NodeImpl opened = new NodeImpl(config.group(), self);
    HubNodeOptions options =
        RaftSettings.of(config, hub, services, bridge).outgoing(candidacy, this::mayHaveSnapshot);
    FixedThreadsExecutorGroup senders = RaftThreads.senders();
    options.setAppendEntriesExecutors(senders);
    try {
      if (!opened.init(options)) {
        opened.shutdown();
        rpc.shutdown();
        senders.shutdownGracefully(SENDERS_END_SECONDS, TimeUnit.SECONDS);
        throw notOpened();
      }
      running = new Running(opened, bridge, rpc, senders, options.additions(), candidacy);
    } finally {
      bridge.opened();
    }
  }

  private Candidacy candidacy() {
    Duration timeout = config.electionTimeout();
    if (config.manual()) {
      return Candidacy.onCall(timeout.multipliedBy(CALL_LASTS), config.witness(), nanoClock);
    }
    return config.witness()
        ? Candidacy.delayed(timeout.multipliedBy(WITNESS_WAITS), nanoClock)
        : Candidacy.atOnce();
  }

  /** A witness has no rows to send; another witness needs none. */
  private boolean mayHaveSnapshot(MemberId member) {
    return !config.witness() || membership().witnesses().contains(member);
  }

  /** The same, as who would take it sees it. */
  private boolean mayInstallFrom(MemberId leader) {
    return config.witness() || !membership().witnesses().contains(leader);
  }

  private QuorateException notOpened() {
    String what = "the replicated log of " + config.self() + " does not open";
    Exception cause = services.openFailure();
    return cause == null
        ? new QuorateException(ErrorCode.DATA_CORRUPTED, what + "; the lines above say why")
        : new QuorateException(ErrorCode.DATA_CORRUPTED, what + ": " + cause.getMessage(), cause);
  }

  @Override
  public void propose(byte[] command, long term, ProposalListener listener) {
    Running now = running;
    if (now == null || now.bridge.hasFailed()) {
      listener.refused(Refusal.CLOSED);
      return;
    }
    try {
      now.node.apply(new Task(ByteBuffer.wrap(command), new ProposalClosure(listener), term));
    } catch (IllegalStateException shuttingDown) {
      // JRaft has told the closure already.
      return;
    }
  }

  @Override
  public CompletableFuture<Long> readBarrier() {
    Running now = running;
    CompletableFuture<Long> barrier = new CompletableFuture<>();
    if (now == null || now.bridge.hasFailed()) {
      barrier.completeExceptionally(closed());
      return barrier;
    }
    if (now.node.isLeader(false) && !isReady(now.bridge)) {
      barrier.completeExceptionally(
          new QuorateException(ErrorCode.NO_LEADER, "the new leader is not ready yet"));
      return barrier;
    }
    try {
      now.node.readIndex(new byte[0], completing(barrier));
    } catch (IllegalStateException shuttingDown) {
      barrier.completeExceptionally(closed());
    }
    return barrier;
  }

  private static ReadIndexClosure completing(CompletableFuture<Long> barrier) {
    return new ReadIndexClosure() {
      @Override
      public void run(Status status, long index, byte[] context) {
        if (status.isOk()) {
          barrier.complete(index);
        } else {
          barrier.completeExceptionally(
              new QuorateException(
                  ErrorCode.NO_LEADER, "no read barrier: " + status.getErrorMsg()));
        }
      }
    };
  }

  /** Whether this node leads and has applied everything of earlier leaderships. */
  private static boolean isReady(StateMachineBridge bridge) {
    return bridge.readyTerm() >= 0;
  }

  @Override
  public Role role() {
    Running now = running;
    if (now == null || now.bridge.hasFailed()) {
      return Role.FAILED;
    }
    State state = now.node.getNodeState();
    if (!state.isActive()) {
      return Role.FAILED;
    }
    return switch (state) {
      case STATE_LEADER -> isReady(now.bridge) ? Role.LEADER : Role.CANDIDATE;
      case STATE_TRANSFERRING, STATE_CANDIDATE -> Role.CANDIDATE;
      default -> membership().learners().contains(config.self()) ? Role.LEARNER : Role.FOLLOWER;
    };
  }

  @Override
  public long term() {
    return services.votedTerm();
  }

  @Override
  public Optional<MemberId> leader() {
    Running now = running;
    PeerId leader = now == null ? null : now.node.getLeaderId();
    return leader == null || leader.isEmpty()
        ? Optional.empty()
        : Optional.of(PeerIds.memberOf(leader));
  }

  @Override
  public Membership membership() {
    Configuration logged = services.membership();
    Configuration configuration = logged == null ? RaftSettings.initialMembership(config) : logged;
    return new Membership(
        PeerIds.membersOf(configuration.listPeers()),
        PeerIds.membersOf(configuration.listLearners()),
        configuration.listPeers().stream()
            .filter(PeerIds::isWitness)
            .map(PeerIds::memberOf)
            .toList());
  }

  @Override
  public CompletableFuture<Void> addVoter(MemberId member) {
    return add(PeerIds.of(member));
  }

  @Override
  public CompletableFuture<Void> addWitness(MemberId member) {
    return add(PeerIds.ofWitness(member));
  }

  private CompletableFuture<Void> add(PeerId voter) {
    return change((now, done) -> now.additions.closeDuring(() -> now.node.addPeer(voter, done)));
  }

  @Override
  public CompletableFuture<Void> addLearner(MemberId member) {
    return change((now, done) -> now.node.addLearners(List.of(PeerIds.of(member)), done));
  }

  @Override
  public CompletableFuture<Void> remove(MemberId member) {
    return membership().learners().contains(member)
        ? change((now, done) -> now.node.removeLearners(List.of(PeerIds.of(member)), done))
        : change((now, done) -> now.node.removePeer(PeerIds.of(member), done));
  }

  @Override
  public CompletableFuture<Void> transferLeadership(MemberId member) {
    return change(
        (now, done) -> {
          now.candidacy.handOver();
          done.run(now.node.transferLeadershipTo(PeerIds.of(member)));
        });
  }

  @Override
  public void stand() {
    Running now = running;
    if (now != null) {
      now.candidacy.call();
    }
  }

  /** How often this member might not ask for votes when its leader was silent. */
  public long electionsHeldBack() {
    Running now = running;
    return now == null ? 0 : now.candidacy.heldBack();
  }

  @Override
  public boolean electsItself() {
    return !config.manual();
  }

  @Override
  public CompletableFuture<Void> snapshot() {
    return change((now, done) -> now.node.snapshot(done));
  }

  @Override
  public long leaderships() {
    Running now = running;
    return now == null ? 0 : now.bridge.leaderships();
  }

  private CompletableFuture<Void> change(BiConsumer<Running, Closure> request) {
    Running now = running;
    CompletableFuture<Void> changed = new CompletableFuture<>();
    if (now == null || now.bridge.hasFailed()) {
      changed.completeExceptionally(closed());
      return changed;
    }
    try {
      request.accept(
          now,
          status -> {
            if (status.isOk()) {
              changed.complete(null);
            } else {
              changed.completeExceptionally(refusal(status));
            }
          });
    } catch (IllegalArgumentException e) {
      // So JRaft refuses to add who is there, or to remove who is not or who is the last.
      changed.completeExceptionally(
          new QuorateException(ErrorCode.INTERNAL_ERROR, "not a change: " + e.getMessage(), e));
    }
    return changed;
  }

  private static QuorateException refusal(Status status) {
    ErrorCode code =
        switch (status.getRaftError()) {
          case EPERM -> ErrorCode.NO_LEADER;
          case EBUSY, EAGAIN -> ErrorCode.OVERLOADED;
          default -> ErrorCode.INTERNAL_ERROR;
        };
    return new QuorateException(code, status.getRaftError() + ": " + status.getErrorMsg());
  }

  private QuorateException closed() {
    return new QuorateException(
        ErrorCode.NO_LEADER, "the replicated log of " + config.self() + " is not running");
  }

  /**
   * {@inheritDoc} Gives up after {@link #CLOSE_MAX}: when the log cannot be read, the exception
   * leaves JRaft's replicator with its lock held, and a leader's end waits for that lock. Such a
   * node must not be kept from ending its process.
   */
  @Override
  public void close() {
    Running now = running;
    if (now != null) {
      running = null;
      NodeManager.getInstance().remove(now.node);
      endOf(now.node);
      now.server.shutdown();
      now.senders.shutdownGracefully(SENDERS_END_SECONDS, TimeUnit.SECONDS);
    }
    NodeManager.getInstance().removeAddress(self.getEndpoint());
  }

  private void endOf(Node node) {
    Thread ending =
        new Thread(
            () -> {
              node.shutdown();
              join(node);
            },
            "raft-end-" + config.self());
    ending.setDaemon(true);
    ending.start();
    boolean interrupted = false;
    boolean waited = false;
    while (!waited) {
      try {
        ending.join(CLOSE_MAX.toMillis());
        waited = true;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (ending.isAlive()) {
      log.atError().addKeyValue("member", config.self()).log("consensus does not end");
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void join(Node node) {
    try {
      node.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What exists between open and close. */
  private record Running(
      Node node,
      StateMachineBridge bridge,
      HubRpcServer server,
      FixedThreadsExecutorGroup senders,
      AdditionGate additions,
      Candidacy candidacy) {}
}

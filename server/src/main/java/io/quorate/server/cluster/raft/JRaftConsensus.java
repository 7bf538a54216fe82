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
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.ReplicatedState;
import io.quorate.server.cluster.messaging.RpcHub;
import io.quorate.server.lang.QuorateException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

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
  private final ConsensusConfig config;
  private final RpcHub hub;
  private final LogServices services;
  private final PeerId self;
  private final Threads threads;
  private volatile @Nullable Running running;

  public JRaftConsensus(ConsensusConfig config, RpcHub hub, LogServices services, Threads threads) {
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
    StateMachineBridge bridge = new StateMachineBridge(state, threads.notifier);
    RaftThreads.bound(config.group());
    NodeManager.getInstance().addAddress(self.getEndpoint());
    HubRpcServer rpc = new HubRpcServer(hub, threads.requests);
    rpc.registerRaftProcessors();
    rpc.registerProcessor(new ReadIndexGuard(threads.requests, () -> isReady(bridge)));
    rpc.init(null);
    NodeImpl opened = new NodeImpl(config.group(), self);
    if (!opened.init(RaftSettings.of(config, hub, services, bridge))) {
      opened.shutdown();
      rpc.shutdown();
      throw notOpened();
    }
    running = new Running(opened, bridge, rpc);
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
    now.node.readIndex(
        new byte[0],
        new ReadIndexClosure() {
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
        });
    return barrier;
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
        PeerIds.membersOf(configuration.listLearners()));
  }

  @Override
  public CompletableFuture<Void> addVoter(MemberId member) {
    return change((node, done) -> node.addPeer(PeerIds.of(member), done));
  }

  @Override
  public CompletableFuture<Void> addLearner(MemberId member) {
    return change((node, done) -> node.addLearners(List.of(PeerIds.of(member)), done));
  }

  @Override
  public CompletableFuture<Void> remove(MemberId member) {
    return membership().learners().contains(member)
        ? change((node, done) -> node.removeLearners(List.of(PeerIds.of(member)), done))
        : change((node, done) -> node.removePeer(PeerIds.of(member), done));
  }

  @Override
  public CompletableFuture<Void> transferLeadership(MemberId member) {
    return change((node, done) -> done.run(node.transferLeadershipTo(PeerIds.of(member))));
  }

  @Override
  public CompletableFuture<Void> snapshot() {
    return change(Node::snapshot);
  }

  private CompletableFuture<Void> change(BiConsumer<Node, Closure> request) {
    Running now = running;
    CompletableFuture<Void> changed = new CompletableFuture<>();
    if (now == null || now.bridge.hasFailed()) {
      changed.completeExceptionally(closed());
      return changed;
    }
    request.accept(
        now.node,
        status -> {
          if (status.isOk()) {
            changed.complete(null);
          } else {
            changed.completeExceptionally(refusal(status));
          }
        });
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

  @Override
  public void close() {
    Running now = running;
    if (now != null) {
      running = null;
      now.node.shutdown();
      joinUninterruptibly(now.node);
      now.server.shutdown();
    }
    NodeManager.getInstance().removeAddress(self.getEndpoint());
  }

  private static void joinUninterruptibly(Node node) {
    boolean interrupted = false;
    boolean joined = false;
    while (!joined) {
      try {
        node.join();
        joined = true;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What exists between open and close. */
  private record Running(Node node, StateMachineBridge bridge, HubRpcServer server) {}
}

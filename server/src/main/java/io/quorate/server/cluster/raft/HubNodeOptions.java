package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.option.NodeOptions;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.RpcHub;
import java.util.function.Predicate;

/**
 * A node's options together with the hub that carries its messages. JRaft makes its RPC clients
 * through one factory for the whole JVM, and hands each the options of its node: this is the only
 * way by which a node's own hub can reach its client.
 *
 * <p>JRaft's defaults for its pools suit a server of thousands of groups; here there is one, so
 * they are set small. Its own time-out for an append is 5 s, which a lost frame would stall a
 * follower for: it has to follow the election timeout ({@link #scaleTo}).
 */
final class HubNodeOptions extends NodeOptions {
  /** Buffers of messages that each of JRaft's threads keeps for the next ones. */
  static final int BUFFERS_KEPT = 4;

  private static final String BUFFERS_KEPT_KEY = "jraft.max_collector_size_per_thread";

  static {
    keepFewBuffers();
  }

  private final RpcHub hub;
  private final AdditionGate additions = new AdditionGate();
  private Candidacy candidacy = Candidacy.atOnce();
  private Predicate<MemberId> snapshotTargets = member -> true;

  HubNodeOptions(RpcHub hub) {
    this.hub = hub;
    // A third of it is the core size, and the queue of 10 000 keeps it at that: two threads.
    setRpcProcessorThreadPoolSize(6);
    setRaftRpcThreadPoolSize(2);
    setCliRpcThreadPoolSize(1);
    setTimerPoolSize(2);
    setDisableCli(true);
  }

  /**
   * To be called before JRaft makes anything, since it reads this once. It would keep 256 of up to
   * 4 MiB each otherwise: after large values they filled the heap.
   */
  static void keepFewBuffers() {
    System.setProperty(BUFFERS_KEPT_KEY, Integer.toString(BUFFERS_KEPT));
  }

  RpcHub hub() {
    return hub;
  }

  /** What the answers of other members pass. */
  AdditionGate additions() {
    return additions;
  }

  /**
   * Sets what this member keeps to itself.
   *
   * @param standing when it asks for votes
   * @param targets who is sent a snapshot of its state
   */
  HubNodeOptions outgoing(Candidacy standing, Predicate<MemberId> targets) {
    candidacy = standing;
    snapshotTargets = targets;
    return this;
  }

  Candidacy candidacy() {
    return candidacy;
  }

  Predicate<MemberId> snapshotTargets() {
    return snapshotTargets;
  }

  /** Sets the election timeout and the waits that depend on it. */
  HubNodeOptions scaleTo(int electionTimeoutMillis) {
    setElectionTimeoutMs(electionTimeoutMillis);
    setRpcConnectTimeoutMs(electionTimeoutMillis);
    setRpcDefaultTimeout(electionTimeoutMillis);
    return this;
  }
}

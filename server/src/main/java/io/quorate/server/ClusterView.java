package io.quorate.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.server.admin.AdminView;
import io.quorate.server.admin.NodeRecord;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.format.NodeStatus;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.format.PeerQuestion;
import io.quorate.server.format.StatusQuestion;
import io.quorate.server.lang.Deadline;
import io.quorate.server.session.ClusterFacts;
import io.quorate.server.session.Topology;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of all members, from asking each of them once a heartbeat.
 *
 * <p>Thread-safe: the timer asks, answers arrive on the notifier, operators read. A member that has
 * been silent for longer than the timeout is shown as {@code timeout}; so is one that this node has
 * never heard.
 */
final class ClusterView implements AdminView, ClusterFacts {
  private static final byte[] STATUS_QUESTION =
      PeerQuestion.newBuilder()
          .setStatus(StatusQuestion.getDefaultInstance())
          .build()
          .toByteArray();

  /** Topologies of one start: as many bits as one that changes a thousand times a second needs. */
  private static final int EPOCHS_A_MILLI = 10;

  /** Much shorter than an election; much longer than an answer takes. */
  private static final long TOPOLOGY_KEPT_NANOS = 10_000_000;

  private final Consensus consensus;
  private final Peers peers;
  private final Supplier<NodeStatus> self;
  private final Supplier<Optional<String>> failure;
  private final Duration heartbeatTimeout;
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private final String cluster;
  private final Map<MemberId, Heard> heard = new ConcurrentHashMap<>();
  private final ReentrantLock topologyTurn = new ReentrantLock();

  @GuardedBy("topologyTurn")
  private Topology latestTopology;

  private volatile @Nullable Shown shown;

  /**
   * @param self this node's own status
   * @param failure why this node has failed, if it has
   */
  ClusterView(
      String cluster,
      Consensus consensus,
      Peers peers,
      Supplier<NodeStatus> self,
      Supplier<Optional<String>> failure,
      Duration heartbeatTimeout,
      InstantSource clock,
      LongSupplier nanoClock) {
    this.cluster = cluster;
    this.consensus = consensus;
    this.peers = peers;
    this.self = self;
    this.failure = failure;
    this.heartbeatTimeout = heartbeatTimeout;
    this.clock = clock;
    this.nanoClock = nanoClock;
    // Grows over restarts of this node as long as its clock does.
    this.latestTopology =
        new Topology(clock.millis() << EPOCHS_A_MILLI, cluster, "", Optional.empty(), List.of());
  }

  private record Shown(Topology topology, long nanos) {}

  private record Heard(NodeStatus status, long beats, Instant at, long nanos) {}

  /** Asks every other member how it is. Called by the timer once a heartbeat; does not block. */
  void beat() {
    MemberId own = MemberId.parse(self.get().getMember());
    Membership membership = consensus.membership();
    heard.keySet().removeIf(member -> !membership.contains(member));
    for (MemberId member : membership.all()) {
      if (!member.equals(own)) {
        // No answer needs no handling: the member's last beat grows old.
        var unused =
            peers
                .ask(member, STATUS_QUESTION, Deadline.after(heartbeatTimeout, nanoClock))
                .thenAccept(answer -> hear(member, answer));
      }
    }
  }

  private void hear(MemberId member, byte[] bytes) {
    NodeStatus status;
    try {
      status = PeerAnswer.parseFrom(bytes).getStatus();
    } catch (InvalidProtocolBufferException e) {
      // A member of another version; it stays silent to us, and is shown so.
      return;
    }
    Instant now = clock.instant();
    long nanos = nanoClock.getAsLong();
    heard.merge(
        member,
        new Heard(status, 1, now, nanos),
        (before, fresh) -> new Heard(status, before.beats + 1, now, nanos));
  }

  @Override
  public NodeRecord current() {
    NodeStatus status = self.get();
    return record(
        MemberId.parse(status.getMember()), new Heard(status, 0, clock.instant(), nanos()));
  }

  @Override
  public List<NodeRecord> nodes() {
    NodeRecord own = current();
    return consensus.membership().all().stream()
        .map(
            member ->
                member.toString().equals(own.memberId())
                    ? own
                    : record(member, heard.getOrDefault(member, never(member))))
        .sorted((a, b) -> a.name().compareTo(b.name()))
        .toList();
  }

  private Heard of(MemberId member, NodeStatus own) {
    return member.toString().equals(own.getMember())
        ? new Heard(own, 0, clock.instant(), nanos())
        : heard.getOrDefault(member, never(member));
  }

  @Override
  public List<Fact> facts() {
    NodeStatus own = self.get();
    return consensus.membership().all().stream()
        .map(member -> fact(record(member, of(member, own)), of(member, own).status))
        .sorted(Comparator.comparing(Fact::name))
        .toList();
  }

  private static Fact fact(NodeRecord node, NodeStatus status) {
    return new Fact(
        node.name(),
        node.memberId(),
        node.role().toString(),
        node.status().toString(),
        node.role() == NodeRecord.Role.LEADER,
        node.term(),
        node.appliedRevision(),
        node.durableRevision(),
        node.lag(),
        status.getClientAddress(),
        status.getAdminAddress(),
        status.getPeerAddress(),
        node.lastUpdate());
  }

  /** As it was a moment ago, for every answer to a client asks. */
  @Override
  public Topology topology() {
    Shown last = shown;
    if (last != null && nanos() - last.nanos < TOPOLOGY_KEPT_NANOS) {
      return last.topology;
    }
    Topology topology = newestTopology();
    shown = new Shown(topology, nanos());
    return topology;
  }

  private Topology newestTopology() {
    NodeStatus own = self.get();
    Membership membership = consensus.membership();
    List<Topology.Member> members =
        membership.all().stream()
            .map(member -> member(member, of(member, own), membership))
            .sorted(Comparator.comparing(Topology.Member::name))
            .toList();
    Optional<String> leader = consensus.leader().map(MemberId::name);
    String name = MemberId.parse(own.getMember()).name();
    topologyTurn.lock();
    try {
      if (!latestTopology.members().equals(members) || !latestTopology.leader().equals(leader)) {
        latestTopology = new Topology(latestTopology.epoch() + 1, cluster, name, leader, members);
      }
      return latestTopology;
    } finally {
      topologyTurn.unlock();
    }
  }

  private Topology.Member member(MemberId member, Heard of, Membership membership) {
    return new Topology.Member(
        member.name(),
        of.status.getClientAddress(),
        membership.voters().contains(member),
        !isSilent(of));
  }

  private boolean isSilent(Heard of) {
    return nanos() - of.nanos > heartbeatTimeout.toNanos();
  }

  private Heard never(MemberId member) {
    return new Heard(
        NodeStatus.newBuilder().setMember(member.toString()).build(),
        0,
        Instant.EPOCH,
        nanos() - 2 * heartbeatTimeout.toNanos());
  }

  private NodeRecord record(MemberId member, Heard of) {
    NodeStatus status = of.status;
    boolean silent = isSilent(of);
    long leaderApplied = leaderApplied();
    return new NodeRecord(
        member.name(),
        role(member),
        silent ? NodeRecord.Status.TIMEOUT : NodeRecord.Status.ALIVE,
        status.getPeerAddress(),
        of.at,
        of.beats,
        status.getTerm(),
        status.getApplied(),
        status.getDurable(),
        Math.max(0, leaderApplied - status.getApplied()),
        consensus.leader().map(MemberId::name).orElse(""),
        member.toString());
  }

  private long leaderApplied() {
    NodeStatus own = self.get();
    return consensus
        .leader()
        .map(heard::get)
        .map(leader -> leader.status.getApplied())
        .orElse(own.getApplied());
  }

  private NodeRecord.Role role(MemberId member) {
    if (consensus.leader().filter(member::equals).isPresent()) {
      return NodeRecord.Role.LEADER;
    }
    return consensus.membership().learners().contains(member)
        ? NodeRecord.Role.LEARNER
        : NodeRecord.Role.FOLLOWER;
  }

  private long nanos() {
    return nanoClock.getAsLong();
  }

  @Override
  public boolean healthy() {
    return failure.get().isEmpty();
  }

  @Override
  public Optional<String> notReadyReason() {
    return failure
        .get()
        .or(
            () ->
                consensus.leader().isEmpty()
                    ? Optional.of("no leader is known")
                    : Optional.empty());
  }
}

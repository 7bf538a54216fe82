package io.quorate.server;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.server.Heartbeats.Heard;
import io.quorate.server.admin.AdminView;
import io.quorate.server.admin.NodeRecord;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.config.IdentityConfig;
import io.quorate.server.dispatch.FreshnessGauge;
import io.quorate.server.dispatch.PeerQuestions;
import io.quorate.server.format.NodeStatus;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.Metric;
import io.quorate.server.lang.ServerRow;
import io.quorate.server.session.ClusterFacts;
import io.quorate.server.session.Topology;
import io.quorate.server.tx.ServerEntry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What this node knows of all members, from asking each of them once a heartbeat.
 *
 * <p>Thread-safe: the timer asks, answers arrive on the notifier, operators read. A member that has
 * been silent for longer than the timeout is shown as {@code timeout}, until it is back and has
 * caught up, or as {@code lost connection} where it asks and cannot be answered; one that is to be
 * heard for the first time as {@code invalid}.
 */
final class ClusterView implements AdminView, ClusterFacts {
  private static final String LEADER = "leader";
  private static final Optional<NodeRecord.Role> ADMIN = Optional.of(NodeRecord.Role.ADMIN);
  private static final long MILLI_NANOS = 1_000_000;

  /** Topologies of one start: as many bits as one that changes a thousand times a second needs. */
  private static final int EPOCHS_A_MILLI = 10;

  private final Consensus consensus;
  private final Peers peers;
  private final Sources sources;
  private final FreshnessGauge gauge;
  private final Duration heartbeatTimeout;
  private final LongSupplier nanoClock;
  private final String cluster;
  private final Heartbeats heartbeats;

  private final RemovalWatch removal;

  /** Heartbeats that a member did not answer in time, since this node was started. */
  private final LongAdder unanswered = new LongAdder();

  private final ReentrantLock topologyTurn = new ReentrantLock();

  /** Written under {@link #topologyTurn}, read without it by every answer. */
  private volatile Topology latestTopology;

  ClusterView(
      String cluster,
      Consensus consensus,
      Peers peers,
      Sources sources,
      FreshnessGauge gauge,
      Duration heartbeatTimeout,
      InstantSource clock,
      LongSupplier nanoClock) {
    this.cluster = cluster;
    this.consensus = consensus;
    this.peers = peers;
    this.sources = sources;
    this.gauge = gauge;
    this.heartbeatTimeout = heartbeatTimeout;
    this.nanoClock = nanoClock;
    this.heartbeats = new Heartbeats(heartbeatTimeout, clock, nanoClock);
    this.removal = new RemovalWatch(nanoClock);
    // Grows over restarts of this node as long as its clock does.
    this.latestTopology =
        new Topology(clock.millis() << EPOCHS_A_MILLI, cluster, "", Optional.empty(), List.of());
  }

  /**
   * What this node knows of itself.
   *
   * @param heard told what each other member says of itself
   * @param failure why it has failed, if it has
   * @param metrics what it counts
   * @param configs its configuration, by key
   * @param register the entries of the members as its rows have them
   * @param joined whether it has been a member
   * @param outside what it is when it is in no cluster; empty in one
   */
  record Sources(
      Supplier<NodeStatus> self,
      BiConsumer<MemberId, NodeStatus> heard,
      BooleanSupplier joined,
      Supplier<List<ServerEntry>> register,
      Supplier<Optional<String>> failure,
      Supplier<List<Metric>> metrics,
      Supplier<SortedMap<String, String>> configs,
      Optional<NodeRecord.Role> outside) {}

  /** What a node is that is in no cluster; empty for one in a cluster. */
  static Optional<NodeRecord.Role> outside(IdentityConfig config) {
    return switch (config.mode()) {
      case ADMIN -> ADMIN;
      case STANDALONE -> Optional.of(NodeRecord.Role.STANDALONE);
      case CLUSTER -> Optional.empty();
    };
  }

  /** Asks every other member how it is. Called by the timer once a heartbeat; does not block. */
  void beat() {
    Membership membership = consensus.membership();
    heartbeats.retain(membership);
    others().forEach(member -> ask(member, 1));
    refreshTopology();
  }

  /**
   * Asks as {@link #beat} does, more often and without counting: a member that does not answer a
   * few times is told to clients as not reachable. Called by the timer; does not block.
   */
  void probe() {
    for (MemberId member : others()) {
      heartbeats.asked(member);
      ask(member, 0);
    }
    refreshTopology();
  }

  private List<MemberId> others() {
    String own = sources.self.get().getMember();
    return consensus.membership().all().stream()
        .filter(member -> !member.toString().equals(own))
        .toList();
  }

  private void ask(MemberId member, int beats) {
    long asked = nanos();
    // No answer is only counted: the member's last beat grows old.
    var unused =
        peers
            .ask(member, PeerQuestions.status(), Deadline.after(heartbeatTimeout, nanoClock))
            .whenComplete(
                (answer, failure) -> {
                  if (failure == null) {
                    hear(member, answer, asked, beats);
                  } else if (beats > 0) {
                    unanswered.increment();
                  }
                });
  }

  private void hear(MemberId member, byte[] bytes, long asked, int beats) {
    NodeStatus status;
    try {
      PeerAnswer answer = PeerAnswer.parseFrom(bytes);
      if (!answer.hasStatus()) {
        // It is in maintenance, and for us it is not there.
        return;
      }
      status = answer.getStatus();
    } catch (InvalidProtocolBufferException e) {
      // A member of another version; it stays silent to us, and is shown so.
      return;
    }
    heartbeats.hear(member, status, beats, asked, leaderApplied());
    sources.heard.accept(member, status);
    if (status.getRole().equals(LEADER) && status.getTerm() >= consensus.term()) {
      removal.told(member, status.getAskerIsNoMember() && sources.joined.getAsBoolean());
    }
    if (status.hasStalenessMillis() && status.getRole().equals(LEADER)) {
      // A leader's own proof comes from a majority; it is older here by the time since the
      // question.
      gauge.quorumSeen(asked - TimeUnit.MILLISECONDS.toNanos(status.getStalenessMillis()));
    }
  }

  /** What this node tells a node that asks how it is; a leader also, whether that is a member. */
  NodeStatus statusFor(MemberId asking) {
    NodeStatus own = sources.self.get();
    if (consensus.membership().contains(asking)) {
      heartbeats.askedBy(asking);
      return own;
    }
    return consensus.role() == Consensus.Role.LEADER
        ? own.toBuilder().setAskerIsNoMember(true).build()
        : own;
  }

  /** What leaders say of this node's own membership. */
  RemovalWatch removal() {
    return removal;
  }

  @Override
  public NodeRecord current() {
    NodeStatus status = sources.self.get();
    MemberId self = MemberId.parse(status.getMember());
    NodeRecord node = record(self, heartbeats.own(status));
    return sources.outside.isPresent() || isMember(self)
        ? node
        : node.outsideOfCluster(isRemoved(self));
  }

  private boolean isMember(MemberId self) {
    return !removal.isRemoved() && consensus.membership().contains(self);
  }

  private boolean isRemoved(MemberId self) {
    return sources.outside.isEmpty() && sources.joined.getAsBoolean() && !isMember(self);
  }

  @Override
  public List<NodeRecord> nodes() {
    NodeRecord own = current();
    return consensus.membership().all().stream()
        .map(
            member ->
                member.toString().equals(own.memberId())
                    ? own
                    : record(member, heartbeats.of(member)))
        .sorted((a, b) -> a.name().compareTo(b.name()))
        .toList();
  }

  private Heard of(MemberId member, NodeStatus own) {
    return member.toString().equals(own.getMember()) ? heartbeats.own(own) : heartbeats.of(member);
  }

  @Override
  public List<Fact> facts() {
    NodeStatus own = sources.self.get();
    return consensus.membership().all().stream()
        .map(member -> fact(member, of(member, own)))
        .sorted(Comparator.comparing(Fact::name))
        .toList();
  }

  @Override
  public List<ServerRow> servers() {
    return ServerRows.of(sources.register.get(), ServerRows.members(facts()));
  }

  private Fact fact(MemberId member, Heard of) {
    NodeRecord node = record(member, of);
    NodeStatus status = of.status();
    return new Fact(
        node.name(),
        node.memberId(),
        node.role().toString(),
        node.status().toString(),
        consensus.leader().filter(member::equals).isPresent(),
        node.term(),
        node.appliedRevision(),
        node.durableRevision(),
        node.lag(),
        status.getClientAddress(),
        status.getAdminAddress(),
        status.getPeerAddress(),
        node.lastUpdate(),
        node.zone(),
        heartbeats.isReachable(member, of),
        staleness(of));
  }

  /** What it told, and the time since it was asked, rounded up. */
  private long staleness(Heard of) {
    return of.status().hasStalenessMillis()
        ? of.status().getStalenessMillis()
            + TimeUnit.NANOSECONDS.toMillis(nanos() - of.askedNanos() + MILLI_NANOS - 1)
        : -1;
  }

  @Override
  public String cluster() {
    return cluster;
  }

  /** As it was a probe ago at most: every answer asks for it. */
  @Override
  public Topology topology() {
    Topology known = latestTopology;
    return known.members().isEmpty() ? refreshTopology() : known;
  }

  private Topology refreshTopology() {
    NodeStatus own = sources.self.get();
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
        of.status().getClientAddress(),
        roleOf(member, membership),
        of.status().getZone(),
        heartbeats.isReachable(member, of),
        of.status().getClientTls());
  }

  private static Topology.Role roleOf(MemberId member, Membership membership) {
    if (membership.witnesses().contains(member)) {
      return Topology.Role.WITNESS;
    }
    return membership.voters().contains(member) ? Topology.Role.VOTER : Topology.Role.LEARNER;
  }

  /** Whether a member has answered within the heartbeat timeout; this node answers itself. */
  boolean answers(MemberId member) {
    return !heartbeats.isSilent(of(member, sources.self.get()));
  }

  /** Whether it answers, and has what it missed while it did not. */
  boolean isAlive(MemberId member) {
    return answers(member) && !heartbeats.isLate(member);
  }

  private NodeRecord record(MemberId member, Heard of) {
    NodeStatus status = of.status();
    long leaderApplied = leaderApplied();
    return new NodeRecord(
        member.name(),
        role(member),
        sources.outside.isPresent() ? NodeRecord.Status.STARTED : heartbeats.statusOf(member, of),
        status.getPeerAddress(),
        of.at(),
        of.beats(),
        status.getTerm(),
        status.getApplied(),
        status.getDurable(),
        Math.max(0, leaderApplied - status.getApplied()),
        consensus.leader().map(MemberId::name).orElse(""),
        sources.outside.equals(ADMIN) ? "" : member.toString(),
        status.getZone());
  }

  private long leaderApplied() {
    NodeStatus own = sources.self.get();
    return consensus
        .leader()
        .filter(leader -> !leader.toString().equals(own.getMember()))
        .map(leader -> heartbeats.of(leader).status().getApplied())
        .orElse(own.getApplied());
  }

  private NodeRecord.Role role(MemberId member) {
    if (sources.outside.isPresent()) {
      return sources.outside.get();
    }
    if (consensus.membership().witnesses().contains(member)) {
      // Also while it leads, which it does only to hand over.
      return NodeRecord.Role.WITNESS;
    }
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
  public SortedMap<String, String> configs() {
    return sources.configs.get();
  }

  @Override
  public List<Metric> metrics() {
    List<Metric> all = new ArrayList<>(sources.metrics.get());
    all.add(
        Metric.counter(
            "peer_connect_failures_total",
            "heartbeats that a member did not answer in time",
            unanswered.sum()));
    NodeStatus own = sources.self.get();
    for (Fact fact : facts()) {
      Metric behind =
          Metric.gauge(
              "member_lag_entries", "revisions that a member is behind the leader", fact.lag());
      Metric reachable =
          Metric.gauge(
              "member_reachable",
              "1 for a member that answers this node",
              fact.reachable() ? 1 : 0);
      all.add(behind.of(fact.name()));
      all.add(reachable.of(fact.name()));
      if (fact.memberId().equals(own.getMember())) {
        all.add(
            Metric.gauge(
                "replication_lag_entries",
                "revisions that this node is behind the leader",
                fact.lag()));
        all.add(
            Metric.gauge(
                "replication_lag_ms",
                "milliseconds since this node was surely as new as the leader; -1 if it never was",
                fact.stalenessMillis()));
      }
    }
    return all;
  }

  @Override
  public boolean healthy() {
    return sources.failure.get().isEmpty();
  }

  @Override
  public Optional<String> notReadyReason() {
    Optional<String> failure = sources.failure.get();
    if (failure.isPresent()) {
      return failure;
    } else if (sources.outside.equals(ADMIN)) {
      return Optional.of("the node is in mode admin, without a role in a cluster");
    } else if (isRemoved(MemberId.parse(sources.self.get().getMember()))) {
      return Optional.of("this node was removed; with an empty data directory it may join again");
    }
    return consensus.leader().isEmpty() ? Optional.of("no leader is known") : Optional.empty();
  }
}

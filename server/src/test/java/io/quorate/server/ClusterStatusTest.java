package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.admin.NodeRecord;
import io.quorate.server.admin.NodeRecord.Status;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.cluster.UnusedConsensus;
import io.quorate.server.dispatch.FreshnessGauge;
import io.quorate.server.format.NodeStatus;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.lang.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The statuses that the nodes of a cluster show of each other, in scripted scenarios: n1 leads, n2
 * and n3 follow, over a network of which each direction can be cut by itself.
 */
final class ClusterStatusTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(4);
  private static final Duration BEAT = Duration.ofSeconds(1);

  private static final MemberId N1 = new MemberId("n1", 1);
  private static final MemberId N2 = new MemberId("n2", 2);
  private static final MemberId N3 = new MemberId("n3", 3);

  private final List<MemberId> members = new ArrayList<>(List.of(N1, N2, N3));
  private final Map<MemberId, Long> applied = new HashMap<>();
  private final Map<MemberId, ClusterView> views = new TreeMap<>();

  /** From whom to whom nothing arrives. */
  private final Set<List<MemberId>> cuts = new HashSet<>();

  private long nanos = Long.MAX_VALUE - 1_000; // wraps in each test

  @BeforeEach
  void open() {
    for (MemberId member : members) {
      applied.put(member, 10L);
      views.put(member, view(member, Optional.empty()));
    }
  }

  private final class Model extends UnusedConsensus {
    private final MemberId self;

    Model(MemberId self) {
      this.self = self;
    }

    @Override
    public Consensus.Role role() {
      return self.equals(N1) ? Consensus.Role.LEADER : Consensus.Role.FOLLOWER;
    }

    @Override
    public long term() {
      return 1;
    }

    @Override
    public Optional<MemberId> leader() {
      return Optional.of(N1);
    }

    /** A node that is no member has no entry of the log that tells it. */
    @Override
    public Membership membership() {
      return new Membership(
          members.contains(self) ? List.copyOf(members) : List.of(N1, N2, N3), List.of());
    }
  }

  private ClusterView view(MemberId self, Optional<NodeRecord.Role> outside) {
    Consensus consensus = new Model(self);
    return new ClusterView(
        "c1",
        consensus,
        new Wire(self),
        new ClusterView.Sources(
            () -> status(self),
            (member, told) -> {},
            () -> true,
            List::of,
            Optional::empty,
            List::of,
            TreeMap::new,
            outside),
        new FreshnessGauge(consensus, () -> 0, () -> nanos, FreshnessGauge.Timing.DEFAULT),
        TIMEOUT,
        InstantSource.fixed(Instant.EPOCH),
        () -> nanos);
  }

  private NodeStatus status(MemberId self) {
    return NodeStatus.newBuilder()
        .setMember(self.toString())
        .setRole(self.equals(N1) ? "leader" : "follower")
        .setTerm(1)
        .setApplied(Objects.requireNonNull(applied.get(self)))
        .build();
  }

  /** What one node asks the others by. */
  private final class Wire implements Peers {
    private final MemberId from;

    Wire(MemberId from) {
      this.from = from;
    }

    @Override
    public CompletableFuture<byte[]> ask(MemberId to, byte[] question, Deadline deadline) {
      if (cuts.contains(List.of(from, to))) {
        return new CompletableFuture<>();
      }
      NodeStatus told = Objects.requireNonNull(views.get(to)).statusFor(from);
      return cuts.contains(List.of(to, from))
          ? new CompletableFuture<>()
          : CompletableFuture.completedFuture(
              PeerAnswer.newBuilder().setStatus(told).build().toByteArray());
    }

    @Override
    public void answerWith(Responder responder) {
      throw new AssertionError("nobody answers by this");
    }
  }

  private void cut(MemberId from, MemberId to) {
    cuts.add(List.of(from, to));
  }

  private void isolate(MemberId member) {
    for (MemberId other : List.of(N1, N2, N3)) {
      if (!other.equals(member)) {
        cut(member, other);
        cut(other, member);
      }
    }
  }

  private void beatFor(Duration time) {
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(BEAT)) {
      views.values().forEach(ClusterView::beat);
      nanos += BEAT.toNanos();
    }
  }

  private void assertShows(MemberId of, MemberId member, Status status) {
    assertThat(record(of, member).status()).as(of + " of " + member).isEqualTo(status);
  }

  private NodeRecord record(MemberId of, MemberId member) {
    return Objects.requireNonNull(views.get(of)).nodes().stream()
        .filter(node -> node.name().equals(member.name()))
        .findFirst()
        .orElseThrow();
  }

  private void assertAllAlive() {
    for (MemberId of : members) {
      members.forEach(member -> assertShows(of, member, Status.ALIVE));
    }
  }

  @Test
  void who_was_not_heard_yet_is_invalid_and_alive_after_one_beat() {
    assertShows(N1, N1, Status.ALIVE);
    assertShows(N1, N2, Status.INVALID);
    assertShows(N3, N1, Status.INVALID);
    beatFor(BEAT);
    assertAllAlive();
  }

  @Test
  void who_is_never_heard_is_a_timeout_when_its_time_is_over() {
    isolate(N3);
    beatFor(TIMEOUT);
    assertShows(N1, N3, Status.INVALID);
    beatFor(BEAT);
    assertShows(N1, N3, Status.TIMEOUT);
    assertShows(N3, N1, Status.TIMEOUT);
    assertShows(N1, N2, Status.ALIVE);
  }

  @Test
  void a_frozen_node_is_a_timeout_on_every_node_until_it_has_what_it_missed() {
    beatFor(BEAT);
    isolate(N3);
    beatFor(TIMEOUT.plus(BEAT));
    assertShows(N1, N3, Status.TIMEOUT);
    assertShows(N2, N3, Status.TIMEOUT);
    applied.put(N1, 500L);
    applied.put(N2, 500L);

    cuts.clear();
    beatFor(BEAT);
    assertShows(N1, N3, Status.TIMEOUT);
    beatFor(TIMEOUT.multipliedBy(3));
    assertShows(N1, N3, Status.TIMEOUT);

    applied.put(N3, 500L);
    beatFor(BEAT);
    assertShows(N1, N3, Status.ALIVE);
    beatFor(BEAT);
    assertAllAlive();
  }

  @Test
  void who_asks_and_is_not_reached_has_lost_connection_and_only_there() {
    beatFor(TIMEOUT.plus(BEAT.multipliedBy(2)));
    cut(N1, N3);
    beatFor(TIMEOUT.minus(BEAT));
    assertShows(N1, N3, Status.ALIVE);
    beatFor(BEAT);
    assertShows(N1, N3, Status.LOST_CONNECTION);
    assertShows(N2, N3, Status.ALIVE);
    // It hears nothing of the leader any more, which does not arrive by questions either.
    assertShows(N3, N1, Status.TIMEOUT);
    beatFor(TIMEOUT.multipliedBy(2));
    assertShows(N1, N3, Status.LOST_CONNECTION);

    cuts.clear();
    beatFor(BEAT);
    assertAllAlive();
  }

  @Test
  void who_hears_and_is_not_heard_is_a_timeout_and_shows_the_others_lost_connection() {
    beatFor(TIMEOUT.plus(BEAT.multipliedBy(2)));
    cut(N3, N1);
    beatFor(TIMEOUT.plus(BEAT));
    assertShows(N1, N3, Status.TIMEOUT);
    assertShows(N3, N1, Status.LOST_CONNECTION);
    cut(N1, N3);
    beatFor(TIMEOUT.plus(BEAT));
    assertShows(N3, N1, Status.TIMEOUT);
  }

  @Test
  void who_is_registered_no_more_is_told_so_and_is_removed() {
    beatFor(BEAT);
    members.remove(N3);
    beatFor(BEAT);
    ClusterView gone = Objects.requireNonNull(views.get(N3));
    assertThat(gone.current().status()).isEqualTo(Status.REMOVED);
    assertThat(gone.current().role()).isEqualTo(NodeRecord.Role.ADMIN);
    assertThat(Objects.requireNonNull(views.get(N1)).nodes())
        .extracting(NodeRecord::name)
        .containsExactly("n1", "n2");

    members.add(N3);
    beatFor(BEAT.multipliedBy(2));
    assertAllAlive();
  }

  @Test
  void who_is_in_no_cluster_has_started() {
    for (NodeRecord.Role role : List.of(NodeRecord.Role.ADMIN, NodeRecord.Role.STANDALONE)) {
      assertThat(view(N1, Optional.of(role)).current().status()).isEqualTo(Status.STARTED);
    }
  }
}

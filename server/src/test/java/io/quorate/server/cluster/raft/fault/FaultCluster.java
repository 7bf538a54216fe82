package io.quorate.server.cluster.raft.fault;

import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.Consensus.Role;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.InProcessNetwork;
import io.quorate.server.cluster.wal.FaultDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster and what its members remember. Starting and ending members is confined to one thread;
 * the members that run may be looked up by any.
 */
final class FaultCluster implements AutoCloseable {
  private static final long CLOSE_SECONDS_MAX = 20;

  private final int number;
  private final String group;
  private final List<MemberId> firstVoters;
  private final Path directory;
  private final Seams seams;
  private final History history;
  private final SplittableRandom random;
  private final InProcessNetwork network;
  private final Map<MemberId, FaultNode> nodes = new ConcurrentHashMap<>();
  private final Map<MemberId, Remembered> down = new ConcurrentHashMap<>();
  private Membership membership;
  private int ordinals;

  /** What is left of an ended process. */
  private record Remembered(
      FaultDisk disk, RecordingState.Durable durable, List<MemberId> voters) {}

  /** Whether members that are started stand for election only when they are told to. */
  private volatile boolean manual;

  private final Set<MemberId> witnesses = ConcurrentHashMap.newKeySet();

  /**
   * @param number tells clusters apart that run at the same time: JRaft knows nodes by their group
   *     and their member across the whole JVM
   */
  FaultCluster(int number, int size, long seed, Path directory, Seams seams, History history) {
    this.directory = directory;
    this.seams = seams;
    this.history = history;
    group = "fault-" + number;
    this.number = number;
    ordinals = size;
    random = new SplittableRandom(seed ^ 0x5DEECE66DL);
    network = new InProcessNetwork(seed);
    List<MemberId> members = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      members.add(member(number, i));
    }
    firstVoters = List.copyOf(members);
    history.logs().begins(firstVoters);
    membership = new Membership(firstVoters, List.of());
  }

  static MemberId member(int cluster, int ordinal) {
    return new MemberId("c" + cluster + "n" + ordinal, 100 + ordinal);
  }

  void open() {
    firstVoters.forEach(
        member ->
            down.put(
                member,
                new Remembered(new FaultDisk(), RecordingState.Durable.NOTHING, firstVoters)));
    firstVoters.forEach(this::start);
  }

  String group() {
    return group;
  }

  /** One that there has never been. */
  MemberId nextMember() {
    return member(number, ++ordinals);
  }

  /** Starts a member with an empty disk, which waits to be added. */
  void join(MemberId member) {
    down.put(member, new Remembered(new FaultDisk(), RecordingState.Durable.NOTHING, List.of()));
    start(member);
  }

  /** From now on, members that are started stand for election only when they are told to. */
  void electManually() {
    manual = true;
  }

  /** As {@link #join}, of one that is to be a witness. */
  void joinWitness(MemberId member) {
    witnesses.add(member);
    join(member);
  }

  InProcessNetwork network() {
    return network;
  }

  History history() {
    return history;
  }

  /** All that have a disk, whether they belong to the cluster or not. */
  List<MemberId> members() {
    return Stream.concat(nodes.keySet().stream(), down.keySet().stream()).sorted().toList();
  }

  /** The membership as the one who leads knows it, or as it was last known. */
  Membership membership() {
    leader().ifPresent(leader -> membership = leader.consensus().membership());
    return membership;
  }

  /** Whether this one may be down and a majority stay up. */
  boolean canSpare(MemberId member) {
    List<MemberId> voters = membership().voters();
    long missing = voters.stream().filter(voter -> !nodes.containsKey(voter)).count();
    return !voters.contains(member) || missing < (voters.size() - 1) / 2;
  }

  List<MemberId> down() {
    return down.keySet().stream().sorted().toList();
  }

  List<FaultNode> nodes() {
    return nodes.values().stream().sorted((a, b) -> a.member().compareTo(b.member())).toList();
  }

  Optional<FaultNode> node(MemberId member) {
    return Optional.ofNullable(nodes.get(member));
  }

  Optional<FaultNode> leader() {
    return nodes().stream().filter(node -> node.consensus().role() == Role.LEADER).findFirst();
  }

  /** Starts a member that is down; what it cannot read is a violation. */
  void start(MemberId member) {
    if (!tryStart(member)) {
      history.violated("CANNOT_START", member + " on a disk without faults");
    }
  }

  /** Starts a member that is down, if its files can be read; they are what they were if not. */
  boolean tryStart(MemberId member) {
    Remembered remembered = down.get(member);
    if (remembered == null) {
      return true;
    }
    FaultNode node =
        new FaultNode(
            new FaultNode.Setup(
                member,
                group,
                remembered.voters(),
                witnesses.contains(member),
                manual,
                directory.resolve(member.name()),
                seams,
                history),
            network.join(member),
            remembered.disk(),
            remembered.durable(),
            random.nextLong());
    try {
      node.open();
    } catch (RuntimeException e) {
      history.event(member + " does not open: " + e.getMessage());
      network.crash(member, false);
      close(node);
      down.put(
          member,
          new Remembered(remembered.disk().restart(), remembered.durable(), remembered.voters()));
      return false;
    }
    history.event(member + " started, its state at " + remembered.durable().last());
    nodes.put(member, node);
    down.remove(member);
    return true;
  }

  /** The power goes; what was not synced may be lost. */
  void crash(MemberId member) {
    FaultNode node = nodes.remove(member);
    if (node == null) {
      return;
    }
    history.crashes.incrementAndGet();
    history.event(member + " crashes");
    // First the network: what it syncs to the copy that follows must reach nobody.
    network.crash(member, random.nextBoolean());
    end(node, node.kill(random));
  }

  /** Crashes all at one moment, so that no disk is ahead for having died later. */
  void crashAll() {
    history.event("all crash");
    Map<FaultNode, FaultDisk> left = new LinkedHashMap<>();
    nodes().forEach(node -> network.crash(node.member(), random.nextBoolean()));
    for (FaultNode node : nodes()) {
      history.crashes.incrementAndGet();
      left.put(node, node.kill(random));
    }
    left.forEach(
        (node, disk) -> {
          nodes.remove(node.member());
          end(node, disk);
        });
  }

  /** Ends a member in order. */
  void stop(MemberId member) {
    FaultNode node = nodes.remove(member);
    if (node == null) {
      return;
    }
    history.event(member + " stops");
    close(node);
    network.crash(member, true);
    down.put(member, remember(node, node.disk().restart()));
  }

  /** Ends a member for good; its disk is thrown away. */
  void retire(MemberId member) {
    history.event(member + " retires");
    stop(member);
    down.remove(member);
  }

  /** The disk of a member that is down. */
  FaultDisk diskOf(MemberId member) {
    Remembered remembered = down.get(member);
    if (remembered == null) {
      throw new IllegalArgumentException(member + " is not down");
    }
    return remembered.disk();
  }

  private void end(FaultNode node, FaultDisk left) {
    close(node);
    down.put(node.member(), remember(node, left));
  }

  /** A state that is not durable begins anew; one that is, somewhere before where it was. */
  private Remembered remember(FaultNode node, FaultDisk left) {
    RecordingState.Durable durable = RecordingState.Durable.NOTHING;
    long last = node.state().last();
    if (last > 0 && random.nextBoolean()) {
      durable = node.state().asOf(last - random.nextLong(Math.min(last, 200)));
    }
    List<MemberId> first = firstVoters.contains(node.member()) ? firstVoters : List.of();
    return new Remembered(left, durable, first);
  }

  private void close(FaultNode node) {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    Thread closer =
        new Thread(
            () -> {
              try {
                node.close();
                closed.complete(null);
              } catch (RuntimeException e) {
                closed.completeExceptionally(e);
              }
            },
            "closer-" + node.member());
    closer.setDaemon(true);
    closer.start();
    try {
      closed.get(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      history.violated("CLOSE_FAILED", node.member() + ": " + e.getCause());
    } catch (TimeoutException e) {
      history.violated("CLOSE_HANGS", node.member() + ": " + stackOf(closer));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String stackOf(Thread thread) {
    return List.of(thread.getStackTrace()).toString();
  }

  /** A member that has failed and not been ended yet. */
  @Nullable FaultNode findFailed() {
    return nodes().stream().filter(node -> node.failure() != null).findFirst().orElse(null);
  }

  @Override
  public void close() {
    network.healAll();
    for (FaultNode node : nodes()) {
      nodes.remove(node.member());
      close(node);
    }
    network.close();
  }
}

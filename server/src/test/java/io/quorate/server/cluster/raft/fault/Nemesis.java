package io.quorate.server.cluster.raft.fault;

import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.InProcessNetwork;
import io.quorate.server.cluster.messaging.InProcessNetwork.Cut;
import io.quorate.server.cluster.messaging.InProcessNetwork.Faults;
import io.quorate.server.cluster.wal.FaultDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Injects faults and ends them again, from a seed; plays the operator as well, who starts what has
 * died. Confined to the thread of its run.
 */
final class Nemesis {
  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final FaultCluster cluster;
  private final InProcessNetwork network;
  private final History history;
  private final Fault.Mix mix;
  private final SplittableRandom random;
  private final PriorityQueue<End> ends = new PriorityQueue<>(Comparator.comparing(End::dueNanos));
  private final Operator operator;
  private final Set<FaultNode> sabotaged = new HashSet<>();

  /** The end of a fault. */
  private record End(Long dueNanos, Runnable action) {}

  Nemesis(FaultCluster cluster, Fault.Mix mix, long seed) {
    this.cluster = cluster;
    this.network = cluster.network();
    this.history = cluster.history();
    this.mix = mix;
    this.random = new SplittableRandom(seed);
    this.operator = new Operator(cluster, new SplittableRandom(seed * 31 + 7));
  }

  /** Injects until the time is over or an invariant is broken; faults may be left. */
  void rageFor(Duration time) {
    long start = System.nanoTime();
    long next = start;
    while (System.nanoTime() - start < time.toNanos() && history.violation().isEmpty()) {
      endWhatIsDue();
      buryTheFailed();
      operator.work();
      if (System.nanoTime() - next >= 0) {
        inject(mix.choose(random));
        next = System.nanoTime() + millis(30, 400);
      }
      // Faults come tens of milliseconds apart; a spinning thread would starve the members.
      LockSupport.parkNanos(PACE_NANOS);
    }
  }

  /** Ends every fault and starts every member. */
  void heal() {
    history.event("heal");
    while (!ends.isEmpty()) {
      ends.remove().action().run();
    }
    network.healAll();
    cluster.nodes().forEach(node -> node.disk().fullAfter(Long.MAX_VALUE / 2).failAt(-1));
    keepAlive();
  }

  /** Who changes the membership meanwhile. */
  Operator operator() {
    return operator;
  }

  /** Starts what is down and replaces what has failed of a fault from before the end. */
  void keepAlive() {
    buryTheFailed();
    operator.work();
    ends.clear();
    cluster.down().forEach(cluster::start);
  }

  private void endWhatIsDue() {
    while (!ends.isEmpty() && ends.element().dueNanos() - System.nanoTime() <= 0) {
      ends.remove().action().run();
    }
  }

  private void later(int fromMillis, int toMillis, Runnable action) {
    ends.add(new End(System.nanoTime() + millis(fromMillis, toMillis), action));
  }

  private long millis(int from, int to) {
    return TimeUnit.MILLISECONDS.toNanos(random.nextInt(from, to));
  }

  /** A process that stopped itself is taken away; one that had no reason to is a finding. */
  private void buryTheFailed() {
    FaultNode failed = cluster.findFailed();
    if (failed == null) {
      return;
    }
    // The fault may strike in the instant in which it is called off; its text says whose it is.
    boolean struck = String.valueOf(failed.failure()).contains("injected failure");
    if (!sabotaged.remove(failed) && !struck) {
      history.violated("FAILED_BY_ITSELF", failed.member() + ": " + failed.failure());
    }
    cluster.crash(failed.member());
    later(100, 800, () -> startOrAgain(failed.member()));
  }

  private void startOrAgain(MemberId member) {
    cluster.start(member);
  }

  private void inject(Fault fault) {
    List<FaultNode> nodes = cluster.nodes();
    if (nodes.isEmpty()) {
      return;
    }
    FaultNode node = nodes.get(random.nextInt(nodes.size()));
    MemberId member = node.member();
    switch (fault) {
      case NOISE -> noise();
      case ISOLATE -> isolate(cluster.leader().filter(x -> random.nextBoolean()).orElse(node));
      case ONE_WAY -> oneWay(member);
      case SPLIT -> split();
      case TELL_LOST -> network.tellLost(member);
      case CRASH -> crash(member);
      case CRASH_LEADER -> crash(cluster.leader().orElse(node).member());
      case CRASH_ALL -> crashAll();
      case RESTART -> restart(member);
      case PAUSE -> pause(member);
      case DISK_FAILS -> diskFails(node);
      case DISK_FULL -> diskFull(node);
      case BIT_FLIP -> flip(member);
      case SNAPSHOT -> {
        // Only what the leader's log has let go is sent as a snapshot.
        FaultNode taking = cluster.leader().filter(leader -> random.nextBoolean()).orElse(node);
        var unused = taking.consensus().snapshot();
      }
      case TRANSFER -> transfer(member);
      case ADD_VOTER -> operator.addVoter();
      case ADD_LEARNER -> operator.addLearner();
      case PROMOTE -> operator.promote();
      case REMOVE -> operator.remove();
      case REPLACE -> operator.replace();
    }
  }

  // The network

  private Cut anyCut() {
    return random.nextBoolean() ? Cut.HOLD : Cut.DROP;
  }

  private void noise() {
    int delay = random.nextInt(8);
    Faults faults =
        new Faults(
            random.nextInt(6) / 100.0,
            random.nextInt(10) / 100.0,
            random.nextInt(20) / 100.0,
            Duration.ZERO,
            Duration.ofMillis(delay));
    history.event("noise " + faults);
    forEachPair((from, to) -> network.faults(from, to, faults));
    later(200, 2000, () -> forEachPair((from, to) -> network.faults(from, to, Faults.NONE)));
  }

  /** What is to be done to a directed link. */
  private interface LinkAction {
    void on(MemberId from, MemberId to);
  }

  private void forEachPair(LinkAction action) {
    for (MemberId from : cluster.members()) {
      for (MemberId to : cluster.members()) {
        if (!from.equals(to)) {
          action.on(from, to);
        }
      }
    }
  }

  private void isolate(FaultNode node) {
    cutOff(Set.of(node.member()));
  }

  private void split() {
    List<MemberId> shuffled = new ArrayList<>(cluster.members());
    shuffled.sort(Comparator.comparing(member -> random.nextLong()));
    cutOff(Set.copyOf(shuffled.subList(0, 1 + random.nextInt(shuffled.size() - 1))));
  }

  private void cutOff(Set<MemberId> some) {
    Cut kind = anyCut();
    history.event(some + " cut off, " + kind);
    List<Runnable> heals = new ArrayList<>();
    forEachPair(
        (from, to) -> {
          if (some.contains(from) != some.contains(to)) {
            network.cut(from, to, kind);
            heals.add(() -> network.heal(from, to));
          }
        });
    later(100, 1800, () -> heals.forEach(Runnable::run));
  }

  private void oneWay(MemberId member) {
    boolean incoming = random.nextBoolean();
    Cut kind = anyCut();
    history.event((incoming ? "to " : "from ") + member + " cut, " + kind);
    for (MemberId other : cluster.members()) {
      if (!other.equals(member)) {
        MemberId from = incoming ? other : member;
        MemberId to = incoming ? member : other;
        network.cut(from, to, kind);
        later(100, 1800, () -> network.heal(from, to));
      }
    }
  }

  private void pause(MemberId member) {
    history.event(member + " paused");
    network.pause(member);
    later(
        100,
        2000,
        () -> {
          if (network.members().contains(member)) {
            network.resume(member);
          }
        });
  }

  // Processes

  private void crash(MemberId member) {
    if (cluster.canSpare(member)) {
      cluster.crash(member);
      later(50, 1200, () -> cluster.start(member));
    }
  }

  private void crashAll() {
    cluster.crashAll();
    for (MemberId member : cluster.down()) {
      later(20, 600, () -> cluster.start(member));
    }
  }

  private void restart(MemberId member) {
    if (cluster.canSpare(member)) {
      cluster.stop(member);
      later(20, 600, () -> cluster.start(member));
    }
  }

  private void transfer(MemberId to) {
    cluster
        .leader()
        .ifPresent(
            leader -> {
              history.event("transfer from " + leader.member() + " to " + to);
              var unused = leader.consensus().transferLeadership(to);
            });
  }

  // Disks

  private void diskFails(FaultNode node) {
    if (cluster.canSpare(node.member()) && sabotaged.isEmpty()) {
      history.event("the disk of " + node.member() + " fails soon");
      sabotaged.add(node);
      node.disk().failAt(1 + random.nextInt(20));
      later(
          2000,
          3000,
          () -> {
            node.disk().failAt(-1);
            sabotaged.remove(node);
          });
    }
  }

  private void diskFull(FaultNode node) {
    if (cluster.canSpare(node.member()) && sabotaged.isEmpty()) {
      history.event("the disk of " + node.member() + " is full soon");
      sabotaged.add(node);
      node.disk().fullAfter(random.nextInt(200_000));
      later(2000, 3000, () -> node.disk().fullAfter(Long.MAX_VALUE / 2));
      // Long after, for what struck in the last instant is told a little later.
      later(4000, 5000, () -> forgive(node));
    }
  }

  /** A disk that was not written to meanwhile is as any other again. */
  private void forgive(FaultNode node) {
    if (node.failure() == null) {
      sabotaged.remove(node);
    }
  }

  /**
   * Of a log that was closed in order, and not in its last files: damage to the last batch of one
   * that was not cannot be told from a torn write. The vote file, of two slots, has that limit too.
   */
  private void flip(MemberId member) {
    if (!cluster.canSpare(member)) {
      return;
    }
    cluster.stop(member);
    FaultDisk disk = cluster.diskOf(member);
    List<String> logs = logsOf(disk);
    if (logs.size() < 3) {
      cluster.start(member);
      return;
    }
    String name = logs.get(random.nextInt(logs.size() - 2));
    long bit = random.nextLong(8L * (64 << 10));
    disk.flip(name, bit);
    boolean opened = cluster.tryStart(member);
    history.event("bit " + bit + " of " + name + " flipped, found: " + !opened);
    if (!opened) {
      cluster.diskOf(member).flip(name, bit);
      cluster.start(member);
    }
  }

  private static List<String> logsOf(FaultDisk disk) {
    try {
      return disk.list().stream().filter(name -> name.endsWith(".log")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.quorate.server.sim;

import io.quorate.server.dispatch.ReadLevel;
import io.quorate.server.sim.SimSettings.Plant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A cluster under faults, then without: nodes crash and return, leaders change, members and
 * learners come and go, checkpoints and snapshots come at any moment, laggards get snapshots, whole
 * or cut short, stores are lost. Whoever reads, on any node at any level, must see what that
 * promises. Safety is checked all along, agreement at the end.
 */
final class SimCluster {
  private static final long FAULTS_MICROS = 1_000_000;
  private static final long CALM_MICROS = 3_000_000;
  private static final int JOINING_MAX = 4;
  private static final int MEMBERS_MAX = 6;
  private static final int VOTERS_MIN = 2;

  private final SimWorld world;
  private final List<SimNode> nodes = new ArrayList<>();
  private final Set<SimNode> retired = new HashSet<>();
  private final List<SimClient> clients = new ArrayList<>();
  private final SimLog log;
  private final SimOracle oracle;
  private final SimReader reader;
  private final SimSettings settings;
  private final Path directory;

  private SimCluster(long seed, SimSettings settings, Path directory) {
    this.world = new SimWorld(seed);
    this.settings = settings;
    this.directory = directory;
    this.log = new SimLog(world);
    this.oracle = new SimOracle(log, settings.windowCapacity());
    for (int number = 1; number <= settings.nodes(); number++) {
      newNode();
    }
    log.begin(nodes);
    for (int number = 1; number <= settings.clients(); number++) {
      clients.add(new SimClient(world, nodes, oracle, number));
    }
    List<SimSession> sessions = clients.stream().map(SimClient::session).toList();
    reader = new SimReader(world, nodes, sessions, oracle);
  }

  private SimNode newNode() {
    SimNode node = new SimNode(world, log, settings, nodes.size() + 1, directory);
    nodes.add(node);
    return node;
  }

  /** Runs one seed to its end; throws an {@link AssertionError} when a promise is broken. */
  static Report run(long seed, Plant plant, Path directory) {
    SimWorld choice = new SimWorld(~seed);
    SimSettings settings =
        new SimSettings(
            choice.oneIn(4) ? 5 : 3, choice.between(1, 6), choice.between(4, 40), plant);
    SimCluster cluster = new SimCluster(seed, settings, directory);
    try {
      return cluster.run();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("SEED=" + seed + " " + settings + ": " + e.getMessage(), e);
    } finally {
      cluster.nodes.forEach(SimNode::discard);
    }
  }

  private Report run() {
    nodes.forEach(SimNode::start);
    log.elect(nodes.get(0));
    clients.forEach(SimClient::start);
    reader.start();
    world.after(world.between(20_000, 100_000), this::operate);
    nodes.forEach(node -> world.after(world.between(1000, 20_000), () -> trouble(node)));
    world.runUntil(FAULTS_MICROS);
    heal();
    world.runUntil(FAULTS_MICROS + CALM_MICROS);
    return agree();
  }

  /** One of the things that happen to a node, and the next one in a while. */
  private void trouble(SimNode node) {
    if (world.now() >= FAULTS_MICROS || retired.contains(node)) {
      return;
    }
    if (!node.isUp()) {
      restart(node);
    } else {
      switch (world.random().nextInt(17)) {
        case 0, 1 -> node.crash();
        case 2 -> node.stop();
        case 3, 4 -> log.elect(node);
        case 5 -> log.depose();
        case 6, 7 -> node.takeSnapshot();
        case 8, 9 -> node.installFrom(nodes.get(world.random().nextInt(nodes.size())));
        case 10 -> node.checkState();
        case 11 -> log.transfer(node);
        default -> node.checkpoint();
      }
    }
    if (log.leader() == null && node.isUp()) {
      world.after(world.between(100, 30_000), () -> electIfNeeded(node));
    }
    world.after(world.between(1000, 30_000), () -> trouble(node));
  }

  /** One change of the membership, and the next one in a while. */
  private void operate() {
    if (world.now() >= FAULTS_MICROS) {
      return;
    }
    switch (world.random().nextInt(5)) {
      case 0 -> add(true);
      case 1 -> add(false);
      case 2 -> anyOf(log.learners()).ifPresent(log::promote);
      case 3 -> anyOf(log.learners()).ifPresent(this::remove);
      default -> removeVoter();
    }
    world.after(world.between(10_000, 100_000), this::operate);
  }

  /**
   * A new one with an empty disk, or one that waits; it takes a snapshot first, or reads it all.
   */
  private void add(boolean votes) {
    if (nodes.size() >= settings.nodes() + JOINING_MAX || log.members().size() >= MEMBERS_MAX) {
      return;
    }
    SimNode node = newNode();
    node.start();
    if (votes) {
      log.addVoter(node);
    } else {
      log.addLearner(node);
    }
    if (world.oneIn(2)) {
      node.installFrom(nodes.get(world.random().nextInt(nodes.size())));
    }
    world.after(world.between(1000, 20_000), () -> trouble(node));
  }

  /** One that is down, or up, or leads. */
  private void removeVoter() {
    if (log.voters().size() > VOTERS_MIN) {
      anyOf(log.voters()).ifPresent(this::remove);
    }
  }

  /** It serves reads on for a while, of what it has. */
  private void remove(SimNode node) {
    log.remove(node);
    world.after(world.between(5000, 150_000), () -> retire(node));
  }

  private void retire(SimNode node) {
    if (!log.isMember(node)) {
      retired.add(node);
      if (node.isUp()) {
        node.stop();
      }
    }
  }

  private Optional<SimNode> anyOf(List<SimNode> some) {
    return some.isEmpty()
        ? Optional.empty()
        : Optional.of(some.get(world.random().nextInt(some.size())));
  }

  private void electIfNeeded(SimNode node) {
    if (log.leader() == null && node.isUp()) {
      log.elect(node);
    }
  }

  private void restart(SimNode node) {
    if (world.oneIn(10)) {
      node.wipeStore();
    }
    node.start();
    if (world.oneIn(4)) {
      node.installFrom(nodes.get(world.random().nextInt(nodes.size())));
    }
  }

  private void heal() {
    log.members().stream().filter(node -> !node.isUp()).forEach(SimNode::start);
    anyOf(log.voters()).ifPresent(log::elect);
    world.after(
        CALM_MICROS / 30,
        () -> {
          clients.forEach(SimClient::stop);
          reader.stop();
        });
  }

  private Report agree() {
    ModelReplica.At expected = oracle.finalState();
    for (SimNode node : log.members()) {
      if (node.position() != log.lastIndex()) {
        throw new AssertionError(
            node.member() + " stopped at " + node.position() + " of " + log.lastIndex());
      }
      node.checkState();
    }
    if (oracle.acknowledgedCount() == 0) {
      throw new AssertionError("nothing was acknowledged in " + expected.rows().size() + " rows");
    }
    int snapshots = nodes.stream().mapToInt(SimNode::snapshotsTaken).sum();
    return new Report(
        log.lastIndex(),
        oracle.acknowledgedCount(),
        snapshots,
        nodes.stream().mapToInt(SimNode::snapshotsInstalled).sum(),
        nodes.stream().mapToInt(SimNode::loadsCutShort).sum(),
        log.changes(),
        reader.served(),
        reader.givenUp(),
        log.fingerprint());
  }

  /**
   * What a run came to, so that a run in which nothing happens is noticed.
   *
   * @param cut loads of snapshots that the power ended
   * @param changes of the membership
   * @param reads by level
   * @param givenUp reads that were not let through in time, or whose node died
   */
  record Report(
      long entries,
      int acknowledged,
      int snapshots,
      int installed,
      int cut,
      int changes,
      Map<ReadLevel, Integer> reads,
      int givenUp,
      int fingerprint) {
    Report {
      reads = Map.copyOf(reads);
    }
  }
}

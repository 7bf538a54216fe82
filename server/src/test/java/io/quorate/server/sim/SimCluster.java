package io.quorate.server.sim;

import io.quorate.server.sim.SimSettings.Plant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster under faults, then without: nodes crash and return, leaders change, checkpoints and
 * snapshots come at any moment, laggards get snapshots, stores are lost. Safety is checked all
 * along, agreement at the end.
 */
final class SimCluster {
  private static final long FAULTS_MICROS = 1_000_000;
  private static final long CALM_MICROS = 3_000_000;

  private final SimWorld world;
  private final List<SimNode> nodes = new ArrayList<>();
  private final List<SimClient> clients = new ArrayList<>();
  private final SimLog log;
  private final SimOracle oracle;

  private SimCluster(long seed, SimSettings settings, Path directory) {
    this.world = new SimWorld(seed);
    this.log = new SimLog(world, nodes);
    this.oracle = new SimOracle(log, settings.windowCapacity());
    for (int number = 1; number <= settings.nodes(); number++) {
      SimNode node = new SimNode(world, settings, number, directory);
      node.joins(log);
      nodes.add(node);
    }
    for (int number = 1; number <= settings.clients(); number++) {
      clients.add(new SimClient(world, nodes, oracle, number));
    }
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
    nodes.forEach(node -> world.after(world.between(1000, 20_000), () -> trouble(node)));
    world.runUntil(FAULTS_MICROS);
    heal();
    world.runUntil(FAULTS_MICROS + CALM_MICROS);
    return agree();
  }

  /** One of the things that happen to a node, and the next one in a while. */
  private void trouble(SimNode node) {
    if (world.now() >= FAULTS_MICROS) {
      return;
    }
    if (!node.isUp()) {
      restart(node);
    } else {
      switch (world.random().nextInt(16)) {
        case 0, 1 -> node.crash();
        case 2 -> node.stop();
        case 3, 4 -> log.elect(node);
        case 5 -> log.depose();
        case 6, 7 -> node.takeSnapshot();
        case 8, 9 -> node.installFrom(nodes.get(world.random().nextInt(nodes.size())));
        case 10 -> node.checkState();
        default -> node.checkpoint();
      }
    }
    if (log.leader() == null && node.isUp()) {
      world.after(world.between(100, 30_000), () -> electIfNeeded(node));
    }
    world.after(world.between(1000, 30_000), () -> trouble(node));
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
    nodes.stream().filter(node -> !node.isUp()).forEach(SimNode::start);
    log.elect(nodes.get(world.random().nextInt(nodes.size())));
    world.after(CALM_MICROS / 30, () -> clients.forEach(SimClient::stop));
  }

  private Report agree() {
    ModelReplica.At expected = oracle.finalState();
    for (SimNode node : nodes) {
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
    return new Report(log.lastIndex(), oracle.acknowledgedCount(), snapshots, log.fingerprint());
  }

  /** What a run came to, so that a run in which nothing happens is noticed. */
  record Report(long entries, int acknowledged, int snapshots, int fingerprint) {}
}

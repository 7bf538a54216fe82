package io.quorate.server.system;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Kills, freezes and cuts off nodes, one thing after the other, from a seed; each fault ends before
 * the next begins, but a majority may be gone while it lasts. Confined to one thread.
 */
final class SystemNemesis {
  private final SystemCluster cluster;
  private final NodeNetwork network;
  private final SplittableRandom random;
  private final Tally tally = new Tally();

  SystemNemesis(SystemCluster cluster, NodeNetwork network, long seed) {
    this.cluster = cluster;
    this.network = network;
    this.random = new SplittableRandom(seed);
  }

  /** One fault, its end, and a while of peace. */
  void strike() {
    List<SystemNode> nodes = cluster.nodes();
    SystemNode any = nodes.get(random.nextInt(nodes.size()));
    SystemNode victim = random.nextBoolean() ? cluster.findLeader().orElse(any) : any;
    switch (random.nextInt(6)) {
      case 0, 1 -> kill(victim);
      case 2 -> freeze(victim);
      case 3 -> partition(victim);
      case 4 -> deafen(victim);
      default -> killAll(nodes);
    }
    pass(1_000, 6_000);
  }

  private void kill(SystemNode victim) {
    note("killed", victim);
    victim.kill9();
    pass(500, 6_000);
    victim.start();
  }

  private void killAll(List<SystemNode> nodes) {
    note("killed all at once", nodes.get(0));
    nodes.forEach(SystemNode::kill9Soon);
    nodes.forEach(node -> node.awaitExit(Duration.ofSeconds(10)));
    nodes.forEach(SystemNode::start);
    var unused = cluster.awaitLeader();
  }

  private void freeze(SystemNode victim) {
    note("frozen", victim);
    victim.pause();
    pass(300, 8_000);
    victim.resume();
  }

  /** The victim, and perhaps one more, on one side. */
  private void partition(SystemNode victim) {
    List<String> side = new ArrayList<>(List.of(victim.name()));
    List<SystemNode> others = cluster.others(victim);
    if (random.nextBoolean()) {
      side.add(others.get(random.nextInt(others.size())).name());
    }
    note("cut off with " + side.size(), victim);
    network.isolate(side);
    pass(500, 12_000);
    network.healAll();
  }

  /** Frames are lost in one direction. */
  private void deafen(SystemNode victim) {
    boolean hears = random.nextBoolean();
    note(hears ? "not heard" : "deaf", victim);
    for (SystemNode other : cluster.others(victim)) {
      network.cut(hears ? victim.name() : other.name(), hears ? other.name() : victim.name());
    }
    pass(500, 8_000);
    network.healAll();
  }

  private void note(String what, SystemNode victim) {
    tally.count(what);
    Figures.print(Instant.now() + " " + what + ": " + victim.name());
  }

  /** Faults last for a time: there is nothing that they would wait for. */
  private void pass(int fromMillis, int toMillis) {
    Moments.pass(Duration.ofMillis(random.nextInt(fromMillis, toMillis)));
  }

  @Override
  public String toString() {
    return tally.toString();
  }
}

package io.quorate.driver.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Asks each node of one cluster whether it lives, and breaks off calls to nodes that are frozen or
 * cut off, which no read on their sockets would ever tell. A slow statement on a node that lives is
 * left alone. Confined to the thread of the watch.
 */
final class ClusterWatch {
  private final Cluster cluster;
  private final WatchTimes times;
  private final Map<NodeAddress, Probe> probes = new HashMap<>();

  ClusterWatch(Cluster cluster, WatchTimes times) {
    this.cluster = cluster;
    this.times = times;
  }

  /** Asks all once. Takes longer the more nodes are silent, but for one slow dial at most. */
  void round() {
    Set<NodeAddress> wanted = cluster.watched();
    probes
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !wanted.contains(entry.getKey());
              if (gone) {
                entry.getValue().close();
              }
              return gone;
            });
    List<Probe> quick = new ArrayList<>();
    List<Probe> slow = new ArrayList<>();
    for (NodeAddress node : wanted) {
      Probe probe = probes.computeIfAbsent(node, n -> new Probe(cluster, n, times));
      (probe.isQuick() ? quick : slow).add(probe);
    }
    // What is heard of living nodes must not wait for the dead.
    quick.forEach(probe -> probe.round(true));
    boolean time = true;
    for (Probe probe : slow) {
      time &= !probe.round(time);
    }
    judge();
  }

  private void judge() {
    long alive = probes.values().stream().filter(Probe::isAlive).count();
    for (NodeLink link : cluster.links()) {
      Probe probe = probes.get(link.address());
      if (probe != null) {
        probe.judge(link, alive > (probe.isAlive() ? 1 : 0));
      }
      leaveDeposed(link);
    }
  }

  /**
   * A leader that is cut off, or frozen, does not know that there is another one. What it was asked
   * for can be repeated there; it would have answered by now.
   */
  private void leaveDeposed(NodeLink link) {
    long since = link.waitingSinceNanos();
    if (since != 0
        && link.patience() == WatchTimes.Patience.WRITE
        && cluster.isDeposed(link.address(), since, times.roundMillis() * 1_000_000L)) {
      link.breakOff(since);
    }
  }

  void close() {
    probes.values().forEach(Probe::close);
    probes.clear();
  }
}

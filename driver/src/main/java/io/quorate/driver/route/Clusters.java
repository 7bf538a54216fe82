package io.quorate.driver.route;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The clusters that connections of this JVM are open to, each once, and the one daemon thread that
 * watches them all while there are any. Thread-safe.
 *
 * <p>A cluster is there for as long as a connection is; with the last, all that was known is
 * forgotten but its highest revision: who writes, closes and connects again reads what it wrote.
 */
final class Clusters {
  /** Of how many clusters without connections the revision is kept, those left last. */
  static final int LEFT_MAX = 64;

  /** The one for all; a thread for each connection would be too many, and none would not do. */
  static final Clusters SHARED = new Clusters(WatchTimes.USUAL);

  /** A cluster and who is connected. */
  private static final class Joined {
    private final Cluster.Entry entry;
    private final Cluster cluster;

    /** Weak, so that a connection that was forgotten instead of closed is still collected. */
    private final Set<Object> members = Collections.newSetFromMap(new WeakHashMap<>());

    Joined(Cluster.Entry entry, Cluster cluster) {
      this.entry = entry;
      this.cluster = cluster;
    }
  }

  /** Forgets the eldest. */
  private static final class LeftRevisions extends LinkedHashMap<String, Long> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
      return size() > LEFT_MAX;
    }
  }

  private final WatchTimes times;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private final List<Joined> open = new ArrayList<>();

  /** Revisions of clusters by their ids, for when somebody connects again. */
  @GuardedBy("lock")
  private final Map<String, Long> left = new LeftRevisions();

  @GuardedBy("lock")
  private boolean someLeft;

  @GuardedBy("lock")
  private @Nullable Thread thread;

  Clusters(WatchTimes times) {
    this.times = times;
  }

  /** What is known to others that go in by the same contact points. */
  Optional<Cluster> find(RouteOptions options) {
    Cluster.Entry entry = new Cluster.Entry(options);
    lock.lock();
    try {
      return open.stream()
          .filter(joined -> joined.entry.equals(entry))
          .map(joined -> joined.cluster)
          .findFirst();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes part, until {@link #leave}.
   *
   * @param member compared by identity, if it has no other equality
   */
  Cluster join(Object member, RouteOptions options, String id) {
    Cluster.Entry entry = new Cluster.Entry(options);
    lock.lock();
    try {
      Joined joined =
          open.stream()
              .filter(j -> j.entry.equals(entry) && j.cluster.id().equals(id))
              .findFirst()
              .orElse(null);
      if (joined == null) {
        joined = new Joined(entry, new Cluster(id, options));
        joined.cluster.saw(left.getOrDefault(id, 0L));
        open.add(joined);
      }
      joined.members.add(member);
      if (thread == null) {
        Thread started = new Thread(this::run, "quorate-driver-watch");
        started.setDaemon(true);
        // It outlives whoever happens to connect first, and must not hold that one's classes.
        started.setContextClassLoader(null);
        started.start();
        thread = started;
      }
      return joined.cluster;
    } finally {
      lock.unlock();
    }
  }

  /** Idempotent. */
  void leave(Object member, Cluster cluster) {
    lock.lock();
    try {
      for (Joined joined : open) {
        if (joined.cluster == cluster) {
          joined.members.remove(member);
        }
      }
      if (forgetEmpty()) {
        someLeft = true;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean forgetEmpty() {
    boolean found = false;
    for (Iterator<Joined> each = open.iterator(); each.hasNext(); ) {
      Joined joined = each.next();
      if (joined.members.isEmpty()) {
        each.remove();
        String id = joined.cluster.id();
        long before = Objects.requireNonNullElse(left.remove(id), 0L);
        left.put(id, Math.max(before, joined.cluster.revision()));
        found = true;
      }
    }
    return found;
  }

  /** Whether the thread is there. */
  boolean isWatching() {
    lock.lock();
    try {
      return thread != null;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    Map<Cluster, ClusterWatch> watches = new HashMap<>();
    boolean ended = false;
    try {
      for (List<Cluster> now = next(); !now.isEmpty(); now = next()) {
        closeOthers(watches, now);
        for (Cluster cluster : now) {
          watches.computeIfAbsent(cluster, c -> new ClusterWatch(c, times)).round();
        }
      }
      ended = true;
    } finally {
      closeOthers(watches, List.of());
      if (!ended) {
        forgetThread();
      }
    }
  }

  /** After a bug: the next connection starts another. */
  private void forgetThread() {
    lock.lock();
    try {
      thread = null;
    } finally {
      lock.unlock();
    }
  }

  private static void closeOthers(Map<Cluster, ClusterWatch> watches, List<Cluster> but) {
    watches
        .entrySet()
        .removeIf(
            entry -> {
              boolean left = !but.contains(entry.getKey());
              if (left) {
                entry.getValue().close();
              }
              return left;
            });
  }

  /** Those that are open after a while; none when the thread is to end. */
  private List<Cluster> next() {
    lock.lock();
    try {
      boolean interrupted = !open.isEmpty() && !awaitRound();
      forgetEmpty();
      if (open.isEmpty() || interrupted) {
        thread = null;
        return List.of();
      }
      List<Cluster> clusters = new ArrayList<>();
      open.forEach(joined -> clusters.add(joined.cluster));
      return clusters;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean awaitRound() {
    long nanos = TimeUnit.MILLISECONDS.toNanos(times.roundMillis());
    try {
      while (nanos > 0 && !someLeft) {
        nanos = changed.awaitNanos(nanos);
      }
      someLeft = false;
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

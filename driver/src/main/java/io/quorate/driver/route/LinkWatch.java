package io.quorate.driver.route;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Breaks off calls to nodes that are frozen or cut off, which no read on their sockets would ever
 * tell: when an answer is long in coming, it asks the node on a connection of its own whether it
 * lives. A slow statement on a node that lives is left alone. Thread-safe.
 *
 * <p>One daemon thread for all connections of a JVM, which is there while links are open; a call
 * pays two writes of a field for it.
 */
final class LinkWatch {
  /** The one for all; a thread for each connection would be too many, and none would not do. */
  static final LinkWatch SHARED = new LinkWatch(5_000, 3_000);

  private static final int ROUNDS_PER_WAIT = 5;

  private final long suspectMillis;
  private final int probeMillis;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Weak, so that a connection that was forgotten instead of closed is still collected. */
  @GuardedBy("lock")
  private final Set<NodeLink> links = Collections.newSetFromMap(new WeakHashMap<>());

  @GuardedBy("lock")
  private @Nullable Thread thread;

  /**
   * @param suspectMillis how long an answer may take before its node is asked, and again after each
   *     as long
   * @param probeMillis how long the node has to say that it lives
   */
  LinkWatch(long suspectMillis, int probeMillis) {
    this.suspectMillis = suspectMillis;
    this.probeMillis = probeMillis;
  }

  void add(NodeLink link) {
    lock.lock();
    try {
      links.add(link);
      if (thread == null) {
        Thread started = new Thread(this::run, "quorate-driver-watch");
        started.setDaemon(true);
        started.start();
        thread = started;
      }
    } finally {
      lock.unlock();
    }
  }

  void remove(NodeLink link) {
    lock.lock();
    try {
      links.remove(link);
      if (links.isEmpty()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    for (Set<NodeLink> open = next(); !open.isEmpty(); open = next()) {
      Map<NodeAddress, Boolean> alive = new HashMap<>();
      for (NodeLink link : open) {
        long call = link.callUnanswered(suspectMillis);
        if (call == 0) {
          continue;
        }
        Dial probe = link.dial().within(probeMillis);
        if (!alive.computeIfAbsent(probe.address(), node -> NodeLink.isAlive(probe))) {
          link.breakOff(call);
        }
      }
    }
  }

  /** Those that are open after a while; none when the thread is to end. */
  private Set<NodeLink> next() {
    lock.lock();
    try {
      boolean interrupted = false;
      if (!links.isEmpty()) {
        interrupted = !awaitRound();
      }
      if (links.isEmpty() || interrupted) {
        thread = null;
        return Set.of();
      }
      return new HashSet<>(links);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean awaitRound() {
    long nanos = TimeUnit.MILLISECONDS.toNanos(suspectMillis) / ROUNDS_PER_WAIT;
    try {
      while (nanos > 0 && !links.isEmpty()) {
        nanos = changed.awaitNanos(nanos);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

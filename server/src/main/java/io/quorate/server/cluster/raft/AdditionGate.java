package io.quorate.server.cluster.raft;

import io.quorate.server.lang.Invariant;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the answers of other members waiting while the addition of a voter begins.
 *
 * <p>JRaft starts the new member's replicator, which sends its first message, and only then notes
 * who is to be told that the member has caught up (NodeImpl.ConfigurationCtx.addNewPeers, 1.3.15).
 * When the member has all of the log already and its answer is handled in between, nobody is told:
 * the addition stays under way, and with it every other change, until the next entry is appended.
 *
 * <p>Thread-safe. Whoever passes holds nothing of JRaft's; whoever is inside takes its node's lock.
 */
final class AdditionGate {
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean closed;

  /** Runs the beginning of an addition while no answer is handled that follows from it. */
  void closeDuring(Runnable beginning) {
    lock.lock();
    try {
      closed = true;
      beginning.run();
    } finally {
      closed = false;
      lock.unlock();
    }
  }

  /** Waits until no addition is beginning; costs a volatile read otherwise. */
  void pass() {
    if (closed) {
      lock.lock();
      try {
        Invariant.check(!closed, "the gate is open to whoever holds its lock");
      } finally {
        lock.unlock();
      }
    }
  }
}

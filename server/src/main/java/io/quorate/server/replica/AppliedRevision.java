package io.quorate.server.replica;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.Invariant;
import io.quorate.server.lang.QuorateException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The highest revision whose effect readers see on this replica. Thread-safe: advanced by the apply
 * thread, awaited by anyone.
 */
public final class AppliedRevision {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition advanced = lock.newCondition();

  /** Written under the lock, read without it. */
  private volatile long revision;

  public long current() {
    return revision;
  }

  /** Moves on; never back. */
  void advanceTo(long next) {
    lock.lock();
    try {
      Invariant.check(next >= revision, "revision %s follows %s", next, revision);
      revision = next;
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Blocks until {@code target} is reached.
   *
   * @throws QuorateException {@link ErrorCode#REPLICA_LAGGING} when the deadline comes first
   */
  public void await(long target, Deadline deadline) {
    if (revision >= target) {
      return;
    }
    try {
      // The apply thread holds the lock for moments only; whoever it stalls has a deadline even so.
      if (!lock.tryLock() && !lock.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
        throw lagging(target);
      }
      try {
        awaitLocked(target, deadline);
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuorateException(
          ErrorCode.CANCELLED, "interrupted while waiting for revision " + target, e);
    }
  }

  private void awaitLocked(long target, Deadline deadline) throws InterruptedException {
    while (revision < target) {
      long nanos = deadline.remaining().toNanos();
      if (nanos <= 0) {
        throw lagging(target);
      }
      // Whether the time ran out is asked above, of the deadline itself.
      var unused = advanced.awaitNanos(nanos);
    }
  }

  private QuorateException lagging(long target) {
    return new QuorateException(
        ErrorCode.REPLICA_LAGGING,
        "this replica is at revision "
            + revision
            + ", "
            + (target - revision)
            + " behind "
            + target);
  }
}

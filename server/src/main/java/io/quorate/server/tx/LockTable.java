package io.quorate.server.tx;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The locks of one leadership. Who comes first is served first; whose waiting would close a ring of
 * waiting owners is refused at once; nobody waits longer than the lock timeout or beyond the
 * leadership.
 *
 * <p>Thread-safe, one mutex over everything: it is held for some hundred nanoseconds a lock and
 * never while waiting. Bounded by what its owners may write.
 */
final class LockTable {
  /** How often one that waits looks whether it still should. */
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Duration timeout;
  private final LongSupplier nanoClock;
  private final BooleanSupplier inForce;
  private final ReentrantLock mutex = new ReentrantLock();

  @GuardedBy("mutex")
  private final Map<LockName, Lock> locks = new HashMap<>();

  /**
   * @param inForce whether the leadership goes on
   */
  LockTable(Duration timeout, LongSupplier nanoClock, BooleanSupplier inForce) {
    this.timeout = timeout;
    this.nanoClock = nanoClock;
    this.inForce = inForce;
  }

  enum Mode {
    SHARED,
    EXCLUSIVE
  }

  /** One that holds locks: a transaction, or a statement of its own. Waits for at most one. */
  static final class Owner {
    /** Guarded by the mutex of the one table that it is used with. */
    private final Set<LockName> held = new LinkedHashSet<>();

    private @Nullable Waiter waiting;
  }

  private static final class Lock {
    final LockName name;
    @Nullable Owner exclusive;
    final Set<Owner> shared = new LinkedHashSet<>(2);
    final Deque<Waiter> queue = new ArrayDeque<>(2);

    Lock(LockName name) {
      this.name = name;
    }

    boolean heldBy(Owner owner, Mode mode) {
      return exclusive == owner || (mode == Mode.SHARED && shared.contains(owner));
    }

    /** Whether the holders leave room, apart from those who wait. */
    boolean admits(Owner owner, Mode mode) {
      if (exclusive != null) {
        return exclusive == owner;
      }
      return mode == Mode.SHARED
          || shared.isEmpty()
          || (shared.size() == 1 && shared.contains(owner));
    }

    void give(Owner owner, Mode mode) {
      if (mode == Mode.EXCLUSIVE) {
        shared.remove(owner);
        exclusive = owner;
      } else if (exclusive != owner) {
        shared.add(owner);
      }
      owner.held.add(name);
    }

    void take(Owner owner) {
      if (exclusive == owner) {
        exclusive = null;
      }
      shared.remove(owner);
    }

    boolean isFree() {
      return exclusive == null && shared.isEmpty() && queue.isEmpty();
    }

    List<Owner> holders() {
      List<Owner> holders = new ArrayList<>(shared);
      if (exclusive != null) {
        holders.add(exclusive);
      }
      return holders;
    }
  }

  private static final class Waiter {
    final Owner owner;
    final Mode mode;
    final Lock lock;
    final Condition granted;

    Waiter(Owner owner, Mode mode, Lock lock, Condition granted) {
      this.owner = owner;
      this.mode = mode;
      this.lock = lock;
      this.granted = granted;
    }

    boolean conflictsWith(Waiter other) {
      return mode == Mode.EXCLUSIVE || other.mode == Mode.EXCLUSIVE;
    }
  }

  /**
   * Gives {@code owner} the locks, waiting for each in turn; sorted names make rings rare.
   *
   * @throws QuorateException {@link ErrorCode#WRITE_CONFLICT} when waiting would never end or the
   *     leadership has ended, {@link ErrorCode#LOCK_TIMEOUT} when it took too long; the locks taken
   *     until then are kept
   */
  void acquire(Owner owner, Collection<LockName> names, Mode mode, Control control) {
    mutex.lock();
    try {
      for (LockName name : names) {
        Lock lock = locks.get(name);
        if (lock == null) {
          lock = new Lock(name);
          locks.put(name, lock);
        }
        if (lock.heldBy(owner, mode)) {
          continue;
        }
        boolean upgrade = lock.shared.contains(owner);
        if (lock.admits(owner, mode) && (upgrade || lock.queue.isEmpty())) {
          lock.give(owner, mode);
        } else {
          await(new Waiter(owner, mode, lock, mutex.newCondition()), upgrade, control);
        }
      }
    } finally {
      mutex.unlock();
    }
  }

  @GuardedBy("mutex")
  private void await(Waiter waiter, boolean upgrade, Control control) {
    Owner owner = waiter.owner;
    if (upgrade) {
      waiter.lock.queue.addFirst(waiter);
    } else {
      waiter.lock.queue.addLast(waiter);
    }
    owner.waiting = waiter;
    try {
      if (closesRing(owner)) {
        throw new QuorateException(
            ErrorCode.WRITE_CONFLICT,
            "deadlock: waiting for " + waiter.lock.name + " would never end");
      }
      awaitGrant(waiter, control);
    } finally {
      if (owner.waiting == waiter) {
        owner.waiting = null;
        waiter.lock.queue.remove(waiter);
        admitWaiting(waiter.lock);
      }
    }
  }

  @GuardedBy("mutex")
  private void awaitGrant(Waiter waiter, Control control) {
    long due = nanoClock.getAsLong() + timeout.toNanos();
    while (waiter.owner.waiting == waiter) {
      if (!inForce.getAsBoolean()) {
        throw new QuorateException(
            ErrorCode.WRITE_CONFLICT, "the leadership ended while waiting for a lock");
      }
      control.check();
      long left = due - nanoClock.getAsLong();
      if (left <= 0) {
        throw new QuorateException(
            ErrorCode.LOCK_TIMEOUT,
            waiter.lock.name + " is locked by another transaction for longer than " + timeout);
      }
      try {
        var unused = waiter.granted.awaitNanos(Math.min(left, SLICE_NANOS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new QuorateException(ErrorCode.CANCELLED, "interrupted while waiting for a lock", e);
      }
    }
  }

  /** Gives a lock to those at the head of its queue for whom there is room. */
  @GuardedBy("mutex")
  private void admitWaiting(Lock lock) {
    Waiter first = lock.queue.peekFirst();
    while (first != null && lock.admits(first.owner, first.mode)) {
      lock.queue.removeFirst();
      lock.give(first.owner, first.mode);
      first.owner.waiting = null;
      first.granted.signal();
      first = lock.queue.peekFirst();
    }
    if (lock.isFree()) {
      locks.remove(lock.name);
    }
  }

  /** Whether {@code start}, which waits, waits for itself by way of others. */
  @GuardedBy("mutex")
  private boolean closesRing(Owner start) {
    Set<Owner> seen = new HashSet<>();
    Deque<Owner> open = new ArrayDeque<>();
    open.push(start);
    while (!open.isEmpty()) {
      for (Owner blocker : blockers(open.pop())) {
        if (blocker == start) {
          return true;
        }
        if (seen.add(blocker)) {
          open.push(blocker);
        }
      }
    }
    return false;
  }

  /** Whom an owner waits for: those who hold the lock, and those before it in the queue. */
  private static List<Owner> blockers(Owner owner) {
    Waiter waiter = owner.waiting;
    if (waiter == null) {
      return List.of();
    }
    List<Owner> blockers = waiter.lock.holders();
    blockers.remove(owner);
    for (Waiter earlier : waiter.lock.queue) {
      if (earlier == waiter) {
        break;
      }
      if (earlier.conflictsWith(waiter)) {
        blockers.add(earlier.owner);
      }
    }
    return blockers;
  }

  /**
   * Gives {@code owner}, which holds nothing, all of these locks at once, or none if it had to wait
   * for one. Never waits.
   */
  boolean tryAcquire(Owner owner, Collection<LockName> shared, Collection<LockName> exclusive) {
    mutex.lock();
    try {
      if (tryGive(owner, shared, Mode.SHARED) && tryGive(owner, exclusive, Mode.EXCLUSIVE)) {
        return true;
      }
      releaseAll(owner);
      return false;
    } finally {
      mutex.unlock();
    }
  }

  /**
   * Gives {@code owner} the lock beside what it holds, unless it would have to wait. Never waits.
   */
  boolean tryAcquire(Owner owner, LockName name, Mode mode) {
    mutex.lock();
    try {
      Lock lock = locks.get(name);
      if (lock == null) {
        lock = new Lock(name);
        locks.put(name, lock);
      } else if (lock.heldBy(owner, mode)) {
        return true;
      } else if (!lock.admits(owner, mode)
          || (!lock.queue.isEmpty() && !lock.shared.contains(owner))) {
        return false;
      }
      lock.give(owner, mode);
      return true;
    } finally {
      mutex.unlock();
    }
  }

  @GuardedBy("mutex")
  private boolean tryGive(Owner owner, Collection<LockName> names, Mode mode) {
    for (LockName name : names) {
      Lock lock = locks.get(name);
      if (lock == null) {
        lock = new Lock(name);
        locks.put(name, lock);
      } else if (!lock.admits(owner, mode) || !lock.queue.isEmpty()) {
        return false;
      }
      lock.give(owner, mode);
    }
    return true;
  }

  /** Gives back all that {@code owner} holds. Idempotent, never waits. */
  void release(Owner owner) {
    mutex.lock();
    try {
      releaseAll(owner);
    } finally {
      mutex.unlock();
    }
  }

  @GuardedBy("mutex")
  private void releaseAll(Owner owner) {
    for (LockName name : owner.held) {
      Lock lock = locks.get(name);
      if (lock != null) {
        lock.take(owner);
        admitWaiting(lock);
      }
    }
    owner.held.clear();
  }

  /** Locks that are held or waited for. */
  int size() {
    mutex.lock();
    try {
      return locks.size();
    } finally {
      mutex.unlock();
    }
  }

  /** Owners that wait. */
  int waiting() {
    mutex.lock();
    try {
      return locks.values().stream().mapToInt(lock -> lock.queue.size()).sum();
    } finally {
      mutex.unlock();
    }
  }
}

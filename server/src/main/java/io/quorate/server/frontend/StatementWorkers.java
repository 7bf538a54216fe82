package io.quorate.server.frontend;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.server.lang.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads that run statements, {@code statement-*}. Thread-safe.
 *
 * <p>Threads come when they are needed and go when they are not. What is beyond their number waits,
 * and what is beyond the number that waits is refused: a node that is late answers so.
 */
final class StatementWorkers implements AutoCloseable {
  private static final int IDLE_SECONDS = 60;

  private final int runningMax;
  private final int waitingMax;
  private final ThreadPoolExecutor threads;
  private final LongSupplier nanoClock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition finished = lock.newCondition();

  @GuardedBy("lock")
  private final Queue<Runnable> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private int running;

  @GuardedBy("lock")
  private boolean closed;

  StatementWorkers(int runningMax, int waitingMax, ThreadFactory factory, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.runningMax = runningMax;
    this.waitingMax = waitingMax;
    // How many there are is bounded by what is handed over; one that has just finished may still be
    // on its way to where the pool finds it.
    this.threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            factory);
  }

  /** Runs it now or soon; false when there is no room, or the port is closing. */
  boolean tryRun(Runnable task) {
    lock.lock();
    try {
      if (closed || (running >= runningMax && waiting.size() >= waitingMax)) {
        return false;
      }
      if (running >= runningMax) {
        waiting.add(task);
        return true;
      }
      running++;
    } finally {
      lock.unlock();
    }
    try {
      threads.execute(() -> runAll(task));
      return true;
    } catch (RejectedExecutionException closedMeanwhile) {
      var unused = next();
      return false;
    }
  }

  /** An exception that the task lets out ends the thread and reaches its handler. */
  private void runAll(Runnable first) {
    Runnable task = first;
    while (task != null) {
      boolean done = false;
      try {
        task.run();
        done = true;
      } finally {
        if (!done) {
          replaceDying();
        }
      }
      task = next();
    }
  }

  private @Nullable Runnable next() {
    lock.lock();
    try {
      Runnable task = waiting.poll();
      if (task == null) {
        running--;
        finished.signalAll();
      }
      return task;
    } finally {
      lock.unlock();
    }
  }

  private void replaceDying() {
    Runnable task = next();
    if (task != null) {
      threads.execute(() -> runAll(task));
    }
  }

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more, and lets what it has end within this time; then {@link #close}. */
  void drain(long millis) {
    Deadline deadline = Deadline.after(Duration.ofMillis(millis), nanoClock);
    lock.lock();
    try {
      closed = true;
      while (running > 0 && !deadline.expired()) {
        var unused = finished.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    close();
  }

  /** Interrupts what runs and drops what waits. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
    } finally {
      lock.unlock();
    }
    threads.shutdownNow();
  }
}

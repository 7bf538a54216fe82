package io.quorate.server;

import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that the node lends to its rooms, each pool bounded in threads and queue. An
 * exception that nobody caught in one of them stops the node.
 */
final class NodeThreads implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeThreads.class);

  /** Batches of proposers to tell; one task a batch, and the bytes under way bound their number. */
  private static final int NOTIFICATIONS_QUEUED = 64 * 1024;

  /** Requests of four other members, some thousands each. */
  private static final int REQUESTS_QUEUED = 16 * 1024;

  private static final int ANSWERS_QUEUED = 1024;
  private static final int IO_QUEUED = 64;
  private static final int ADMIN_QUEUED = 64;

  /** Requests of applications on the admin port; of each some 30 MB of a body and an answer. */
  private static final int APPLICATION_THREADS = 4;

  private static final int APPLICATIONS_QUEUED = 64;

  private static final int SOON_MILLIS = 10;

  /**
   * Statements that other members hand on at once: they block, on locks and on the log, so they are
   * many; one takes half a megabyte of stack at most.
   */
  private static final int FORWARDED_THREADS = 128;

  private static final int IDLE_SECONDS = 60;

  private static final int FORWARDED_QUEUED = 4096;

  /** What ends a transaction frees those who wait, so it must not wait behind them. */
  private static final int ENDING_THREADS = 8;

  private static final int WARMING_SECONDS = 15;

  private final Consumer<Throwable> uncaught;
  private volatile CompletableFuture<Void> warmth = CompletableFuture.completedFuture(null);
  final ExecutorService notifier;
  final ExecutorService requests;
  final ExecutorService answers;
  final ExecutorService io;
  final ExecutorService admin;
  final ExecutorService applications;
  final ExecutorService forwarded;
  final ExecutorService endings;
  final ExecutorService analysis;
  final ScheduledExecutorService timer;

  NodeThreads(Consumer<Throwable> uncaught) {
    this.uncaught = uncaught;
    this.notifier = pool("notify", 1, NOTIFICATIONS_QUEUED);
    this.requests = pool("raft-request", 3, REQUESTS_QUEUED);
    this.answers = pool("peer-answer", 2, ANSWERS_QUEUED);
    this.io = pool("io", 1, IO_QUEUED);
    this.admin = pool("admin", 2, ADMIN_QUEUED);
    this.applications =
        endingWhenIdle(pool("admin-statement", APPLICATION_THREADS, APPLICATIONS_QUEUED));
    this.forwarded = endingWhenIdle(pool("forwarded", FORWARDED_THREADS, FORWARDED_QUEUED));
    this.endings = endingWhenIdle(pool("ending", ENDING_THREADS, FORWARDED_QUEUED));
    this.analysis = endingWhenIdle(pool("analysis", 1, 1));
    ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, named("timer"));
    scheduler.setRemoveOnCancelPolicy(true);
    this.timer = scheduler;
  }

  private ThreadPoolExecutor pool(String name, int threads, int queued) {
    return new ThreadPoolExecutor(
        threads,
        threads,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(queued),
        named(name));
  }

  /** A thread that has nothing to do for a while ends; the next task begins another. */
  private static ExecutorService endingWhenIdle(ThreadPoolExecutor pool) {
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  ThreadFactory named(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      thread.setUncaughtExceptionHandler((dead, cause) -> uncaught.accept(cause));
      return thread;
    };
  }

  /**
   * Runs {@code task} again and again; if it fails once, the node stops. One that the end of the
   * node has interrupted, as while it wrote a file, has not failed.
   */
  void repeat(long millis, Runnable task) {
    var unused =
        timer.scheduleWithFixedDelay(
            () -> {
              try {
                task.run();
              } catch (RuntimeException | Error e) {
                if (!timer.isShutdown() || !isInterruption(e)) {
                  uncaught.accept(e);
                }
              }
            },
            millis,
            millis,
            TimeUnit.MILLISECONDS);
  }

  private static boolean isInterruption(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClosedByInterruptException || cause instanceof InterruptedException) {
        return true;
      }
    }
    return false;
  }

  /** Runs {@code task} a little later. */
  void soon(Runnable task) {
    var unused = timer.schedule(task, SOON_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Does what is to be done before applications come, while the node starts. */
  void warmUp(Runnable task) {
    warmth = CompletableFuture.runAsync(task, endings);
  }

  /** Waits until that is done; on a machine that is busy, for some time only. */
  void awaitWarm() {
    try {
      warmth.get(WARMING_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      log.atInfo().log("this node is still warming up; its first statements take longer");
    } catch (ExecutionException e) {
      uncaught.accept(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the pools; what still waits in them is dropped. */
  @Override
  public void close() {
    // A node may be given another role while it warms up: what is broken off then has not failed.
    warmth.complete(null);
    List.of(
            timer,
            analysis,
            applications,
            forwarded,
            endings,
            admin,
            answers,
            requests,
            io,
            notifier)
        .forEach(ExecutorService::shutdownNow);
  }
}

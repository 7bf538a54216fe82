package io.quorate.server;

import io.quorate.server.store.StoreDamagedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node has opened, and how it ends: closed by whoever asks, or because it cannot go on.
 *
 * <p>Thread-safe; the first failure counts.
 */
final class NodeLife {
  private static final Logger log = LoggerFactory.getLogger(NodeLife.class);

  /**
   * Why a failed node lives on for a moment: the message that makes another one stand for election.
   */
  private static final Duration FAREWELL = Duration.ofMillis(300);

  /** Time for a last checkpoint; a failed node that has not closed by then ends as it is. */
  private static final Duration CLOSING = Duration.ofSeconds(10);

  static final int EXIT_FAILED = 3;

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /** What has been opened, the last first. Guarded by itself. */
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /** Closed after everything that was opened. */
  private volatile AutoCloseable last = () -> {};

  /** Keeps the others from hearing a node that has failed. */
  private volatile Runnable mute = () -> {};

  /** Whether the node ends so that another one begins in its place. */
  private volatile boolean again;

  /** Whether a damaged store is among what it fails of; whoever met it first may say otherwise. */
  private volatile boolean damaged;

  /** Whether everything was closed, as far as it could be. */
  private volatile boolean closed;

  /** Sets what is closed last, such as the threads. */
  void endsWith(AutoCloseable end) {
    last = end;
  }

  /** Sets how this node falls silent; known only once it speaks. */
  void mutesBy(Runnable silence) {
    mute = silence;
  }

  /** Remembers a room, to be closed before all that were opened earlier. */
  <T extends AutoCloseable> T opened(T room) {
    synchronized (opened) {
      opened.push(room);
    }
    return room;
  }

  /**
   * Stops the node and lets nobody hear of it from now on: a vote that may not be on disk must not
   * be seen. The others elect when they miss it.
   */
  void failMuted(Runnable silence, Throwable cause) {
    silence.run();
    fail(cause);
  }

  /** Stops the node a moment later, for another one to begin in its place. Returns at once. */
  void beginAgain() {
    again = true;
    startDaemon(
        "again",
        () -> {
          // Who has asked for it gets the answer before.
          sleepUninterruptibly(FAREWELL);
          close();
        });
  }

  /** Whether it stops, or has stopped, so that another one begins in its place. */
  boolean beginsAgain() {
    return again && closed && !hasFailed();
  }

  /** Stops the node because it cannot go on. From any thread; the first cause counts. */
  void fail(Throwable cause) {
    if (isDamage(cause)) {
      damaged = true;
    }
    if (!failure.compareAndSet(null, cause)) {
      return;
    }
    log.atError().addKeyValue("cause", rootMessage(cause)).log("this node cannot go on and stops");
    log.atDebug().setCause(cause).log("the failure");
    startDaemon("farewell", this::leave);
  }

  /**
   * Closes the node, which has failed. Whoever waits for a lock that the failure has left behind
   * must neither be heard by the others as a leader that lives, nor keep the process from ending.
   */
  private void leave() {
    sleepUninterruptibly(FAREWELL);
    mute.run();
    Thread closing = startDaemon("closing", this::close);
    try {
      closing.join(CLOSING.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (closing.isAlive()) {
      log.atError().addKeyValue("after", CLOSING).log("the node does not close and is left so");
    }
    stopped.countDown();
  }

  private static Thread startDaemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static String rootMessage(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String line = String.valueOf(cause.getMessage());
    String reason = String.valueOf(root.getMessage());
    return line.contains(reason) ? line : line + ": " + reason;
  }

  private static void sleepUninterruptibly(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean hasFailed() {
    return failure.get() != null;
  }

  /** Whether a damaged store was a failure, and nothing of this node is left in its way. */
  boolean stoppedOverDamagedStore() {
    return damaged && closed;
  }

  private static boolean isDamage(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreDamagedException) {
        return true;
      }
    }
    return false;
  }

  Optional<String> failureLine() {
    return Optional.ofNullable(failure.get()).map(cause -> "failed: " + rootMessage(cause));
  }

  /** Blocks until the node has stopped, by {@link #close} or by a failure. */
  void awaitStopped() throws InterruptedException {
    stopped.await();
  }

  /** Stops the node: rooms in the reverse order of their start. Idempotent, from any thread. */
  void close() {
    List<AutoCloseable> rooms;
    synchronized (opened) {
      rooms = new ArrayList<>(opened);
      opened.clear();
    }
    rooms.forEach(NodeLife::close);
    if (!rooms.isEmpty()) {
      close(last);
      closed = true;
      stopped.countDown();
    }
  }

  private static void close(AutoCloseable room) {
    try {
      room.close();
    } catch (Exception e) {
      // The others must be stopped all the same.
      log.atWarn()
          .addKeyValue("room", room.getClass().getSimpleName())
          .addKeyValue("cause", e.getMessage())
          .log("did not close well");
    }
  }

  /** 0 after a stop that was asked for, another number after a failure. */
  int exitCode() {
    return hasFailed() ? EXIT_FAILED : 0;
  }
}

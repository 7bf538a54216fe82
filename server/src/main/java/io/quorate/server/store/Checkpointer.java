package io.quorate.server.store;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the store durable every so often, and sooner when much is unsaved. Owns one thread, which
 * ends at the first failure: the store has stopped then, and the node has to.
 */
public final class Checkpointer implements AutoCloseable {
  private final MvEngine engine;
  private final Duration interval;
  private final ThreadFactory threads;
  private final Consumer<Throwable> onFailure;
  private volatile boolean stopping;
  private @Nullable Thread thread;

  public Checkpointer(
      MvEngine engine, Duration interval, ThreadFactory threads, Consumer<Throwable> onFailure) {
    this.engine = engine;
    this.interval = interval;
    this.threads = threads;
    this.onFailure = onFailure;
  }

  public void open() {
    Thread started = threads.newThread(this::run);
    thread = started;
    started.start();
  }

  /** Returns when the thread has ended, which it does after the checkpoint it may be making. */
  @Override
  public void close() {
    stopping = true;
    engine.bell().wake();
    Thread running = thread;
    thread = null;
    boolean interrupted = false;
    while (running != null && running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!stopping) {
        engine.bell().await(interval);
        if (!stopping) {
          engine.checkpoint();
        }
      }
    } catch (InterruptedException e) {
      // Nobody may interrupt it: a commit that is not waited for could be taken for a durable one.
      onFailure.accept(e);
    } catch (RuntimeException | Error e) {
      onFailure.accept(e);
    }
  }
}

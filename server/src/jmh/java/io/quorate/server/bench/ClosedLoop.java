package io.quorate.server.bench;

import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps a number of proposals in flight: each is followed by the next one when it is answered, on
 * the thread that brought the answer. One that fails is counted and followed a little later.
 */
final class ClosedLoop implements AutoCloseable {
  private static final int RETRY_MILLIS = 5;

  private final Subject subject;
  private final ScheduledExecutorService retries = Executors.newSingleThreadScheduledExecutor();
  private final Phaser slots = new Phaser(1);
  private final AtomicLong applied = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile Latencies latencies = new Latencies();
  private volatile String lastFailure = "";
  private volatile boolean running = true;

  ClosedLoop(Subject subject) {
    this.subject = subject;
  }

  void start(int inFlight) {
    for (int i = 0; i < inFlight; i++) {
      slots.register();
      new Slot().next();
    }
  }

  /** Begins to measure into a new histogram. */
  void reset() {
    latencies = new Latencies();
  }

  Latencies latencies() {
    return latencies;
  }

  long applied() {
    return applied.get();
  }

  long failed() {
    return failed.get();
  }

  String lastFailure() {
    return lastFailure;
  }

  /** Waits until everything in flight is answered. */
  @Override
  public void close() {
    running = false;
    slots.arriveAndAwaitAdvance();
    retries.shutdownNow();
  }

  private final class Slot implements Subject.Done {
    private long beganNanos;

    void next() {
      if (running) {
        beganNanos = System.nanoTime();
        subject.propose(this);
      } else {
        slots.arriveAndDeregister();
      }
    }

    @Override
    public void applied() {
      latencies.record(System.nanoTime() - beganNanos);
      applied.getAndIncrement();
      next();
    }

    @Override
    public void failed(String why) {
      failed.getAndIncrement();
      lastFailure = why;
      var unused = retries.schedule(this::next, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }
}

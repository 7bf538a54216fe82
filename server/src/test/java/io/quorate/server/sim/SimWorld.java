package io.quorate.server.sim;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.SplittableRandom;

/** Virtual time, one queue of events, one source of chance. Confined to the thread that runs it. */
final class SimWorld {
  private final Random random;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private long now;
  private long scheduled;

  SimWorld(long seed) {
    // Neighbouring seeds of Random begin alike: their first boolean is the same for thousands.
    this.random = new Random(new SplittableRandom(seed).nextLong());
  }

  Random random() {
    return random;
  }

  /** True once in {@code n} times on average. */
  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  /** From {@code low} up to and including {@code high}. */
  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  /** Virtual microseconds since the start. */
  long now() {
    return now;
  }

  /** The same as a clock that only grows. */
  long nanos() {
    return now * 1000;
  }

  /**
   * Runs {@code task} after {@code micros}; tasks due at one instant run in the order of their
   * calls.
   */
  void after(long micros, Runnable task) {
    events.add(new Event(now + micros, scheduled++, task));
  }

  /** Runs what is due up to {@code end}. */
  void runUntil(long end) {
    while (!events.isEmpty() && events.peek().at <= end) {
      Event next = events.remove();
      now = next.at;
      next.task.run();
    }
    now = end;
  }

  private record Event(long at, long order, Runnable task) {}
}

package io.quorate.server.system;

import java.util.Arrays;

/** Times that grow, many of them. Thread-safe. */
final class NanoTimes {
  private long[] times = new long[1024];
  private int size;

  synchronized void add(long nanos) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
    }
    times[size++] = nanos;
  }

  synchronized int size() {
    return size;
  }

  /** Those behind {@code nanos}, oldest first. */
  synchronized long[] since(long nanos) {
    int first = size;
    while (first > 0 && times[first - 1] - nanos > 0) {
      first--;
    }
    return Arrays.copyOfRange(times, first, size);
  }
}

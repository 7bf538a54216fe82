package io.quorate.server.system;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Durations measured in a test, and a line about them. Not thread-safe. */
final class Figures {
  private final List<Duration> measured = new ArrayList<>();

  void add(Duration duration) {
    measured.add(duration);
  }

  Duration median() {
    List<Duration> sorted = new ArrayList<>(measured);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  Duration worst() {
    return Collections.max(measured);
  }

  /** As in {@code median 412 ms, worst 870 ms, of 20: 399 412 870 …}. */
  @Override
  public String toString() {
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "median %d ms, worst %d ms, of %d:",
                median().toMillis(),
                worst().toMillis(),
                measured.size()));
    measured.forEach(each -> line.append(' ').append(each.toMillis()));
    return line.toString();
  }

  /** Says something in the output of the test run. */
  static void print(String line) {
    System.out.println("[system] " + line);
  }
}

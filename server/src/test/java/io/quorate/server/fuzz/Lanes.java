package io.quorate.server.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs the same several times at once. */
final class Lanes {
  private Lanes() {}

  /** What is done; each gets its number, from 0. */
  @FunctionalInterface
  interface Lane {
    void run(int number) throws Exception;
  }

  /** Waits for all; what the first that failed has thrown comes out. */
  static void run(int count, Lane lane) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        ends.add(
            threads.submit(
                () -> {
                  lane.run(number);
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        try {
          end.get();
        } catch (ExecutionException e) {
          if (e.getCause() instanceof AssertionError found) {
            throw found;
          }
          throw e;
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }
}

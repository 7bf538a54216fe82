package io.quorate.server.cluster.raft.fault;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import org.slf4j.LoggerFactory;

/** Runs many seeds, some side by side. */
final class FaultRuns {
  private static final org.slf4j.Logger log = LoggerFactory.getLogger(FaultRuns.class);
  private static final AtomicInteger CLUSTERS = new AtomicInteger();

  private final Path directory;
  private final int sideBySide;

  FaultRuns(Path directory, int sideBySide) {
    this.directory = directory;
    this.sideBySide = sideBySide;
  }

  /** Members alternate between 3 and 5. */
  static int sizeOf(long seed) {
    return seed % 2 == 0 ? 3 : 5;
  }

  /**
   * JRaft writes a line for each frame that went wrong, which is what happens here all the time;
   * {@code -Dfault.log=INFO} shows them.
   */
  static void quiet() {
    Level level = Level.toLevel(System.getProperty("fault.log", "OFF"));
    for (String name : List.of("com.alipay", "io.quorate.server.cluster")) {
      if (LoggerFactory.getLogger(name) instanceof Logger logger) {
        logger.setLevel(level);
      }
    }
    if (log instanceof Logger logger) {
      logger.setLevel(Level.INFO);
    }
  }

  /** Runs the seeds until the end or, if asked to, until the first that fails; logs each. */
  List<FaultRun.Report> run(
      long first, int count, boolean untilFailure, LongFunction<FaultRun> runOf) {
    long start = System.nanoTime();
    ExecutorService pool = Executors.newFixedThreadPool(sideBySide);
    AtomicBoolean found = new AtomicBoolean();
    try {
      List<Future<FaultRun.Report>> futures = new ArrayList<>();
      for (long seed = first; seed < first + count; seed++) {
        long next = seed;
        futures.add(
            pool.submit(
                () -> {
                  FaultRun.Report report =
                      found.get()
                          ? null
                          : runOf.apply(next).run(CLUSTERS.incrementAndGet(), directory);
                  if (report != null) {
                    log.atInfo().log(report.text());
                    found.compareAndSet(false, untilFailure && report.failed());
                  }
                  return report;
                }));
      }
      List<FaultRun.Report> reports = reportsOf(futures);
      log.atInfo().log(summary(reports, Duration.ofNanos(System.nanoTime() - start)));
      return reports;
    } finally {
      pool.shutdownNow();
    }
  }

  private static List<FaultRun.Report> reportsOf(List<Future<FaultRun.Report>> futures) {
    List<FaultRun.Report> reports = new ArrayList<>();
    for (Future<FaultRun.Report> future : futures) {
      try {
        FaultRun.Report report = future.get();
        if (report != null) {
          reports.add(report);
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return reports;
      }
    }
    return reports;
  }

  /** What all runs came to. */
  static String summary(List<FaultRun.Report> reports, Duration took) {
    long acknowledged = 0;
    long elections = 0;
    long crashes = 0;
    long reads = 0;
    long changes = 0;
    long violations = 0;
    long healingMax = 0;
    for (FaultRun.Report report : reports) {
      acknowledged += report.acknowledged();
      elections += report.elections();
      crashes += report.crashes();
      reads += report.reads();
      changes += report.changes();
      violations += report.failed() ? 1 : 0;
      healingMax = Math.max(healingMax, report.healing().toMillis());
    }
    return ("fault runs: seeds=%d seconds=%d acknowledged=%d reads=%d elections=%d crashes=%d"
            + " changes=%d longestHealingMillis=%d violations=%d")
        .formatted(
            reports.size(),
            took.toSeconds(),
            acknowledged,
            reads,
            elections,
            crashes,
            changes,
            healingMax,
            violations);
  }
}

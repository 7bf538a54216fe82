package io.quorate.server.cluster.raft.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clusters of 3 (even seeds) and 5 under all faults: 15 s of faults a seed, then up to 15 s to
 * agree, which takes some 2 s of them. {@code -Dfault.first} and {@code -Dfault.seeds} choose.
 */
final class FaultRunTest {
  private static final Logger log = LoggerFactory.getLogger(FaultRunTest.class);
  private static final Duration FAULTS =
      Duration.ofSeconds(Integer.getInteger("fault.seconds", 15));

  /**
   * As many as two processors bear: with more, members starve, and elections are about the load of
   * the machine.
   */
  private static final int SIDE_BY_SIDE = Integer.getInteger("fault.parallel", 4);

  @TempDir Path directory;

  @BeforeAll
  static void quiet() {
    FaultRuns.quiet();
    if (log instanceof ch.qos.logback.classic.Logger logger) {
      logger.setLevel(ch.qos.logback.classic.Level.INFO);
    }
  }

  @Test
  @Timeout(900)
  void nothing_acknowledged_is_lost_under_faults() {
    run(Long.getLong("fault.first", 1), Integer.getInteger("fault.seeds", 40));
  }

  @Test
  @Tag("soak")
  @Timeout(4 * 3600)
  void nothing_acknowledged_is_lost_under_faults_of_many_seeds() {
    run(Long.getLong("fault.first", 1001), Integer.getInteger("fault.seeds", 500));
  }

  private void run(long first, int count) {
    long start = System.nanoTime();
    List<FaultRun.Report> reports =
        new FaultRuns(directory, SIDE_BY_SIDE)
            .run(
                first,
                count,
                false,
                seed ->
                    new FaultRun(seed, FaultRuns.sizeOf(seed), Fault.Mix.ALL, FAULTS, Seams.NONE));
    log.atInfo().log(FaultRuns.summary(reports, Duration.ofNanos(System.nanoTime() - start)));
    assertThat(
            reports.stream()
                .filter(FaultRun.Report::failed)
                .map(FaultRun.Report::text)
                .collect(Collectors.joining("\n")))
        .isEmpty();
  }
}

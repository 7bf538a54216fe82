package io.quorate.server.cluster.raft.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clusters of 3 (even seeds) and 5 under all faults. Some 20 s a seed: 18 s of faults, then healing
 * and agreement, for which 15 s are allowed and 2 s are usual. {@code -Dfault.first} and {@code
 * -Dfault.seeds} choose.
 */
final class FaultRunTest {
  private static final Duration FAULTS =
      Duration.ofSeconds(Integer.getInteger("fault.seconds", 18));

  /**
   * As many as two processors bear: with more, members starve, and elections are about the load of
   * the machine.
   */
  private static final int SIDE_BY_SIDE = Integer.getInteger("fault.parallel", 8);

  @TempDir Path directory;

  @BeforeAll
  static void quiet() {
    FaultRuns.quiet();
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
    List<FaultRun.Report> reports =
        new FaultRuns(directory, SIDE_BY_SIDE)
            .run(
                first,
                count,
                false,
                seed ->
                    new FaultRun(seed, FaultRuns.sizeOf(seed), Fault.Mix.ALL, FAULTS, Seams.NONE));
    assertThat(
            reports.stream()
                .filter(FaultRun.Report::failed)
                .map(FaultRun.Report::text)
                .collect(Collectors.joining("\n")))
        .isEmpty();
    if (count > 10) {
      assertThat(sum(reports, FaultRun.Report::changes)).as("changes").isGreaterThan(count);
      assertThat(sum(reports, FaultRun.Report::joinedBySnapshot)).as("by snapshot").isPositive();
      assertThat(sum(reports, FaultRun.Report::learnerReads)).as("learners' reads").isPositive();
    }
  }

  private static long sum(List<FaultRun.Report> reports, ToLongFunction<FaultRun.Report> part) {
    return reports.stream().mapToLong(part).sum();
  }
}

package io.quorate.server.cluster.raft.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The runs find what they are there to find: each planted fault within {@value #SEEDS} seeds. The
 * mixes are such as bring it out.
 */
@Timeout(600)
final class PlantedFaultsTest {
  private static final int SEEDS = 40;
  private static final Duration FAULTS = Duration.ofSeconds(8);

  @TempDir Path directory;

  @BeforeAll
  static void quiet() {
    FaultRuns.quiet();
  }

  @Test
  void an_acknowledgement_before_the_sync_is_found() {
    assertFound(PlantedFaults.ACKNOWLEDGED_BEFORE_SYNC, Fault.Mix.POWER_CUTS);
  }

  @Test
  void a_term_that_is_forgotten_is_found() {
    assertFound(PlantedFaults.TERM_FORGOTTEN, Fault.Mix.ELECTIONS);
  }

  @Test
  void a_log_whose_batches_are_reordered_is_found() {
    assertFound(PlantedFaults.BATCHES_REORDERED, Fault.Mix.POWER_CUTS);
  }

  @Test
  void a_removed_member_that_is_still_counted_is_found() {
    assertFound(PlantedFaults.REMOVED_STILL_COUNTED, Fault.Mix.MEMBERSHIPS);
  }

  private void assertFound(Seams planted, Fault.Mix mix) {
    List<FaultRun.Report> reports =
        new FaultRuns(directory, 2)
            .run(
                1,
                SEEDS,
                true,
                seed -> new FaultRun(seed, FaultRuns.sizeOf(seed), mix, FAULTS, planted));
    assertThat(reports).anyMatch(FaultRun.Report::failed);
  }
}

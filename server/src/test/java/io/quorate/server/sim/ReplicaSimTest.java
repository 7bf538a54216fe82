package io.quorate.server.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.sim.SimSettings.Plant;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs of the simulator. {@code -Dsim.seed=N} replays one; a failure prints its own. */
final class ReplicaSimTest {
  private static final int SEEDS = 1_000;
  private static final int SOAK_SEEDS = 20_000;
  private static final int SEEDS_TO_FIND_A_PLANT = 200;

  @TempDir Path directory;

  @Test
  void replicas_agree_and_run_each_request_once_through_crashes_and_snapshots() {
    Long one = Long.getLong("sim.seed");
    runSeeds(one == null ? LongStream.rangeClosed(1, SEEDS) : LongStream.of(one));
  }

  @Test
  void a_seed_gives_the_same_run_again() {
    SimCluster.Report first = SimCluster.run(7, Plant.NONE, directory.resolve("once"));

    assertThat(SimCluster.run(7, Plant.NONE, directory.resolve("again"))).isEqualTo(first);
  }

  @Test
  @Tag("soak")
  void and_through_many_more() {
    runSeeds(LongStream.rangeClosed(SEEDS + 1, SEEDS + SOAK_SEEDS));
  }

  @ParameterizedTest
  @EnumSource(value = Plant.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void a_planted_fault_is_found(Plant plant) {
    long found =
        LongStream.rangeClosed(1, SEEDS_TO_FIND_A_PLANT)
            .filter(seed -> breaks(seed, plant))
            .findFirst()
            .orElse(-1);
    assertThat(found).as("seed that finds %s", plant).isPositive();
  }

  private boolean breaks(long seed, Plant plant) {
    try {
      SimCluster.run(seed, plant, directory.resolve(plant + "-" + seed));
      return false;
    } catch (AssertionError found) {
      System.out.println(plant + " was found: " + found.getMessage());
      return true;
    }
  }

  private void runSeeds(LongStream seeds) {
    long start = System.nanoTime();
    long[] totals = new long[4];
    seeds.forEach(
        seed -> {
          SimCluster.Report report =
              SimCluster.run(seed, Plant.NONE, directory.resolve("s" + seed));
          totals[0]++;
          totals[1] += report.entries();
          totals[2] += report.acknowledged();
          totals[3] += report.snapshots();
        });
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "simulator: %d seeds, %.0f seeds/s, %d entries, %d acknowledged, %d snapshots%n",
        totals[0], totals[0] / seconds, totals[1], totals[2], totals[3]);
  }
}

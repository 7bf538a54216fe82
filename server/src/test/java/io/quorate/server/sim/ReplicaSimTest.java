package io.quorate.server.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.dispatch.ReadLevel;
import io.quorate.server.sim.SimSettings.Plant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs of the simulator. {@code -Dsim.seed=N} replays one; a failure prints its own. {@code
 * -Dsim.first} and {@code -Dsim.seeds} choose those of the soak.
 */
final class ReplicaSimTest {
  private static final int SEEDS = 600;
  private static final int SOAK_SEEDS = 20_000;
  private static final int SEEDS_TO_FIND_A_PLANT = 200;

  @TempDir static Path fallback;
  private static Path directory;

  /**
   * Snapshots are real files. Where it can be they are kept in memory, for their syncs cost most.
   */
  @BeforeAll
  static void makeDirectory() throws IOException {
    Path memory = Path.of("/dev/shm");
    directory =
        Files.isWritable(memory)
            ? Files.createTempDirectory(memory, "quorate-sim")
            : Files.createDirectory(fallback.resolve("sim"));
  }

  @AfterAll
  static void removeDirectory() throws IOException {
    removeTree(directory);
  }

  private static void removeTree(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static SimCluster.Report run(long seed, Plant plant) {
    Path files = directory.resolve(plant + "-" + seed);
    try {
      Files.createDirectory(files);
      try {
        return SimCluster.run(seed, plant, files);
      } finally {
        removeTree(files);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void replicas_agree_and_run_each_request_once_through_crashes_and_snapshots() {
    Long one = Long.getLong("sim.seed");
    runSeeds(one == null ? LongStream.rangeClosed(1, SEEDS) : LongStream.of(one));
  }

  @Test
  void a_seed_gives_the_same_run_again() {
    SimCluster.Report first = run(7, Plant.NONE);

    assertThat(run(7, Plant.NONE)).isEqualTo(first);
  }

  @Test
  @Tag("soak")
  void and_through_many_more() {
    long first = Long.getLong("sim.first", SEEDS + 1);
    runSeeds(LongStream.range(first, first + Integer.getInteger("sim.seeds", SOAK_SEEDS)));
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
      run(seed, plant);
      return false;
    } catch (AssertionError found) {
      System.out.println(plant + " was found: " + found.getMessage());
      return true;
    }
  }

  /** Each seed runs in one thread; several seeds run at once. */
  private static void runSeeds(LongStream seeds) {
    long start = System.nanoTime();
    List<SimCluster.Report> reports =
        seeds.parallel().mapToObj(seed -> run(seed, Plant.NONE)).toList();
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "simulator: %d seeds, %.0f seeds/s, %d entries, %d acknowledged, %d snapshots, %d"
            + " installed, %d loads cut short, %d changes of the membership, reads %s, given up"
            + " %d%n",
        reports.size(),
        reports.size() / seconds,
        sum(reports, SimCluster.Report::entries),
        sum(reports, SimCluster.Report::acknowledged),
        sum(reports, SimCluster.Report::snapshots),
        sum(reports, SimCluster.Report::installed),
        sum(reports, SimCluster.Report::cut),
        sum(reports, SimCluster.Report::changes),
        reads(reports),
        sum(reports, SimCluster.Report::givenUp));
    if (reports.size() >= SEEDS) {
      assertThat(reads(reports)).containsOnlyKeys(ReadLevel.values());
      assertThat(reads(reports).values()).allMatch(count -> count > reports.size());
      assertThat(sum(reports, SimCluster.Report::changes)).isGreaterThan(reports.size());
      assertThat(sum(reports, SimCluster.Report::cut)).isGreaterThan(reports.size() / 10);
    }
  }

  private static long sum(List<SimCluster.Report> reports, ToLongFunction<SimCluster.Report> part) {
    return reports.stream().mapToLong(part).sum();
  }

  private static Map<ReadLevel, Integer> reads(List<SimCluster.Report> reports) {
    Map<ReadLevel, Integer> all = new TreeMap<>();
    reports.forEach(
        report -> report.reads().forEach((level, count) -> all.merge(level, count, Integer::sum)));
    return all;
  }
}

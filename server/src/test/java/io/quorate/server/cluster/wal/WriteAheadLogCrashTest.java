package io.quorate.server.cluster.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The log under crashes: at every operation, at random, during recovery, and after a kill. */
final class WriteAheadLogCrashTest {
  private static final int SCRIPT_STEPS = 60;

  @Test
  void recovers_a_prefix_from_a_crash_at_every_operation_of_a_workload() throws IOException {
    int crashes = 0;
    for (long seed = 0; seed < 12; seed++) {
      for (long operation = 1; crashAt(seed, operation, false); operation++) {
        crashes++;
      }
    }
    assertThat(crashes).isGreaterThan(1000);
  }

  @Test
  void recovers_a_prefix_after_a_kill_followed_by_a_crash() throws IOException {
    int crashes = 0;
    for (long seed = 100; seed < 106; seed++) {
      for (long operation = 1; crashAt(seed, operation, true); operation++) {
        crashes++;
      }
    }
    assertThat(crashes).isGreaterThan(500);
  }

  /** Whether the workload was long enough to have such an operation. */
  private static boolean crashAt(long seed, long operation, boolean killed) throws IOException {
    LogModel model = new LogModel();
    FaultDisk disk = new FaultDisk().cutPowerAt(operation);
    boolean died = dies(disk, model, new SplittableRandom(seed), SCRIPT_STEPS);
    RandomGenerator chance = new SplittableRandom(seed * 31 + operation);
    named(
        seed,
        operation,
        () -> {
          FaultDisk left = killed ? disk.restart() : disk.crash(chance);
          if (killed) {
            reopen(left, model);
            left = left.crash(chance);
          }
          reopen(left, model);
        });
    return died;
  }

  private static void reopen(FaultDisk disk, LogModel model) throws IOException {
    WriteAheadLog log = LogModel.newLog(disk);
    log.open();
    model.assertRecovered(log);
  }

  /** Opens a log and works on it until the disk dies; false if it never did. */
  private static boolean dies(FaultDisk disk, LogModel model, RandomGenerator random, int steps) {
    WriteAheadLog log = LogModel.newLog(disk);
    try {
      log.open();
      model.assertRecovered(log);
      for (int i = 0; i < steps; i++) {
        model.step(log, random);
      }
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void recovers_from_crashes_during_recovery() throws IOException {
    for (long seed = 200; seed < 260; seed++) {
      long first = seed;
      named(seed, 0, () -> crashDuringRecovery(first));
    }
  }

  private static void crashDuringRecovery(long seed) throws IOException {
    RandomGenerator chance = new SplittableRandom(seed);
    for (long operation = 1; operation < 9; operation++) {
      LogModel model = new LogModel();
      FaultDisk disk = new FaultDisk().cutPowerAt(15 + chance.nextInt(80));
      boolean died = dies(disk, model, new SplittableRandom(seed), SCRIPT_STEPS);
      assertThat(died).isTrue();
      FaultDisk left = disk.crash(chance).cutPowerAt(operation);
      dies(left, model, chance, 0);
      left = left.crash(chance).cutPowerAt(operation);
      dies(left, model, chance, 0);
      reopen(left.crash(chance), model);
    }
  }

  @Test
  void stays_true_to_a_model_through_work_crashes_kills_and_clean_closes() throws IOException {
    for (long seed = 1000; seed < 2500; seed++) {
      long first = seed;
      named(seed, 0, () -> life(new SplittableRandom(first)));
    }
  }

  private static void life(RandomGenerator random) throws IOException {
    LogModel model = new LogModel();
    FaultDisk disk = new FaultDisk();
    for (int run = 0; run < 5; run++) {
      boolean lasts = random.nextInt(3) == 0;
      if (!lasts) {
        disk.cutPowerAt(1 + random.nextInt(40));
      }
      WriteAheadLog log = LogModel.newLog(disk);
      try {
        log.open();
        model.assertRecovered(log);
        for (int i = 0; i < 10; i++) {
          model.step(log, random);
        }
        model.assertSame(log);
        log.close();
      } catch (IOException e) {
        assertThat(lasts).as(e.toString()).isFalse();
      }
      disk = random.nextInt(3) == 0 ? disk.restart() : disk.crash(random);
    }
    reopen(disk, model);
  }

  @Test
  void a_prepared_segment_may_come_at_any_time() throws IOException {
    for (long seed = 5000; seed < 5500; seed++) {
      long first = seed;
      named(seed, 0, () -> preparedLate(new SplittableRandom(first)));
    }
  }

  private static void preparedLate(RandomGenerator random) throws IOException {
    LogModel model = new LogModel();
    ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    FaultDisk disk = new FaultDisk().cutPowerAt(5 + random.nextInt(120));
    WriteAheadLog log = new WriteAheadLog(disk, LogModel.CONFIG, tasks::add, failure -> {});
    try {
      log.open();
      model.assertRecovered(log);
      for (int i = 0; i < 40; i++) {
        model.step(log, random);
        while (!tasks.isEmpty() && random.nextInt(4) == 0) {
          tasks.remove().run();
        }
      }
      model.assertSame(log);
    } catch (IOException e) {
      assertThat(e).hasRootCauseMessage("this process is dead");
    }
    reopen(disk.crash(random), model);
  }

  private static void named(long seed, long operation, FailStop.Action action) throws IOException {
    try {
      action.run();
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError("SEED=" + seed + " OPERATION=" + operation, e);
    }
  }
}

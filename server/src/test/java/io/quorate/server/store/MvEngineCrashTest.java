package io.quorate.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store on a disk that fails at each of its writes in turn. */
final class MvEngineCrashTest {
  private static final String FILE = "store.mv";

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void a_crash_at_any_write_leaves_a_whole_revision_that_is_not_older_than_the_durable_one(
      long seed) {
    long crashes = 0;
    boolean finished = false;
    for (int crashAt = 1; !finished; crashAt++) {
      finished = new Run("every-" + seed + "-" + crashAt, seed).crashAt(crashAt, 60);
      crashes++;
    }
    assertThat(crashes).isGreaterThan(40);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void a_store_lives_through_many_crashes(long seed) {
    Run run = new Run("many-" + seed, seed);
    for (int life = 0; life < 60; life++) {
      run.crashAt(1 + run.random.nextInt(60), 40);
    }
    assertThat(run.model.revision()).isPositive();
  }

  @Test
  void a_full_disk_stops_the_store_and_what_was_durable_stays() {
    for (int failAt = 1; failAt < 12; failAt++) {
      Run run = new Run("full-" + failAt, failAt);
      MvEngine engine = run.open();
      run.work(engine, 10);
      engine.checkpoint();
      long durable = engine.durableRevision();
      run.disk.failAt(failAt, "No space left on device");
      boolean failed = run.tryWork(engine, 60);
      run.disk.freeze();
      run.closeQuietly(engine);
      run.disk.crash(run.random);
      assertThat(failed).isTrue();
      assertThat(run.reopened(durable)).isNotNull();
    }
  }

  /** One disk, the store on it, and what the store should hold. */
  private static final class Run {
    private final String name;
    private final SimDisk disk;
    private final Random random;
    private final Model model = new Model();
    private final MvEngine[] current = new MvEngine[1];
    private boolean everDurable;

    Run(String name, long seed) {
      this.name = name;
      this.disk = SimDisk.named(name);
      this.random = new Random(seed);
    }

    MvEngine open() {
      MvEngine engine = engine();
      Opened opened = engine.open();
      if (opened instanceof Opened.Discarded discarded && everDurable) {
        throw new AssertionError("SEED run " + name + " lost a durable store: " + discarded);
      }
      everDurable = true;
      return engine;
    }

    private MvEngine engine() {
      StoreConfig config =
          StoreConfig.ofFile(SimFilePath.of(name, FILE))
              .withPipeline(false)
              .withCacheMebibytes(1)
              .withReclaim(0, Duration.ZERO);
      current[0] = new MvEngine(config, model.state(current), failure -> {});
      return current[0];
    }

    /** Works until the disk stops, then reopens and compares. True when it never stopped. */
    boolean crashAt(int operation, int steps) {
      boolean failed = true;
      long durable = 0;
      disk.freezeAt(operation);
      MvEngine engine = null;
      try {
        engine = open();
        model.rewind(engine.appliedRevision());
        failed = tryWork(engine, steps);
      } catch (StoreFailedException e) {
        // The power went while the store was opened.
      }
      if (engine != null) {
        durable = engine.durableRevision();
      }
      disk.freeze();
      if (engine != null) {
        closeQuietly(engine);
      }
      disk.crash(random);
      MvEngine reopened = reopened(durable);
      reopened.close();
      return !failed;
    }

    MvEngine reopened(long durable) {
      MvEngine engine = open();
      long revision = engine.appliedRevision();
      if (revision < durable) {
        throw new AssertionError(name + " is at " + revision + ", durable was " + durable);
      }
      try (StoreView view = engine.openView()) {
        model.requireEqual(view);
      } catch (StoreDamagedException e) {
        throw new AssertionError(name + " is damaged", e);
      }
      Model.requireStateOf(revision, engine);
      model.rewind(revision);
      return engine;
    }

    /** True when the disk failed. */
    boolean tryWork(MvEngine engine, int steps) {
      try {
        work(engine, steps);
        engine.checkpoint();
        return false;
      } catch (StoreFailedException e) {
        return true;
      }
    }

    void work(MvEngine engine, int steps) {
      for (int step = 0; step < steps; step++) {
        model.step(random, engine, 200, 300);
        engine.publish();
        if (random.nextInt(4) == 0) {
          engine.checkpoint();
        }
      }
    }

    void closeQuietly(MvEngine engine) {
      try {
        engine.close();
      } catch (StoreFailedException e) {
        // The disk is off.
      }
    }
  }
}

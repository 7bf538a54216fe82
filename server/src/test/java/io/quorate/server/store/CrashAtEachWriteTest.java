package io.quorate.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The power goes at each write, truncation and sync of one operation in turn. A seed decides what
 * is in the store and which of the sectors that were not synced are on disk afterwards. The store
 * then is what it was before the operation or what it is behind it, and goes on from there.
 */
final class CrashAtEachWriteTest {
  private static final String FILE = "store.mv";
  private static final int KEYS = 600;
  private static final int ROW_BYTES = 300;

  private String disk = "";

  @AfterEach
  void noDisk() {
    SimDisk.drop(disk);
  }

  /** How far an operation got, over all crashes, and the file's bytes around the whole of it. */
  private record Tally(int crashes, int old, int done, int discarded, long before, long after) {
    Tally plus(Tally one) {
      return new Tally(
          crashes + one.crashes,
          old + one.old,
          done + one.done,
          discarded + one.discarded,
          before,
          after);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void a_checkpoint_leaves_the_old_or_the_new_revision(long seed) throws IOException {
    requireBoth(crashes(seed, Operation.CHECKPOINT));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void a_compaction_changes_nothing_that_is_seen(long seed) throws IOException {
    Tally tally = crashes(seed, Operation.COMPACTION);
    requireBoth(tally);
    assertThat(tally.after).as("bytes of the file").isLessThan(tally.before);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void an_install_leaves_the_old_store_the_snapshot_or_none(long seed) throws IOException {
    Tally tally = crashes(seed, Operation.INSTALL);
    assertThat(tally.old).isPositive();
    assertThat(tally.done).isPositive();
    assertThat(tally.discarded).isPositive();
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(100, 100 + Operation.SLOW_SEEDS - 1);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  @Tag("slow")
  void any_of_them_from_many_seeds(long seed) throws IOException {
    for (Operation operation : Operation.values()) {
      Tally tally = crashes(seed, operation);
      System.out.println("SEED=" + seed + " " + operation + " " + tally);
      assertThat(tally.done).isPositive();
    }
  }

  private static void requireBoth(Tally tally) {
    assertThat(tally.old).isPositive();
    assertThat(tally.done).isPositive();
    assertThat(tally.discarded).isZero();
  }

  /** Once for each n, until the operation ends before its nth write. */
  private Tally crashes(long seed, Operation operation) throws IOException {
    Start start = Start.of(seed, operation);
    Tally all = new Tally(0, 0, 0, 0, 0, 0);
    for (int crashAt = 1; ; crashAt++) {
      disk = "each-" + operation + "-" + seed + "-" + crashAt;
      Crash crash = new Crash(start, disk, crashAt, new Random(31 * seed + crashAt));
      try {
        all = all.plus(crash.run(operation));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("SEED=" + seed + " " + operation + " write " + crashAt, e);
      }
      if (crash.finished) {
        return new Tally(
            all.crashes, all.old, all.done, all.discarded, start.image.size(), crash.fileAfter);
      }
      SimDisk.drop(disk);
    }
  }

  private enum Operation {
    CHECKPOINT,
    COMPACTION,
    INSTALL;

    static final int SLOW_SEEDS = 12;

    StoreConfig config(String disk) {
      StoreConfig config =
          StoreConfig.ofFile(SimFilePath.of(disk, FILE))
              .withPipeline(false)
              .withCacheMebibytes(1)
              .withUnsavedBytes(96 << 10, 4 << 20);
      return this == COMPACTION ? config.withReclaim(0, Duration.ZERO) : config;
    }
  }

  /**
   * What every crash begins with: a file, the model of what is in it, and a snapshot to install.
   */
  private record Start(long seed, ByteString image, long revision, ByteString snapshot) {

    static Start of(long seed, Operation operation) throws IOException {
      String disk = "start-" + operation + "-" + seed;
      SimDisk.drop(disk);
      Random random = new Random(seed);
      Model model = new Model();
      MvEngine[] engine = new MvEngine[1];
      StoreConfig config = operation.config(disk).withReclaim(Long.MAX_VALUE, Duration.ZERO);
      engine[0] = new MvEngine(config, model.state(engine), failure -> {});
      engine[0].open();
      work(model, random, engine[0], operation);
      engine[0].close();
      byte[] image = SimDisk.named(disk).read(FILE);
      SimDisk.drop(disk);
      return new Start(
          seed, ByteString.copyFrom(image), model.revision(), ByteString.copyFrom(snapshot(seed)));
    }

    /** A new model that stands where the file does. */
    Model model(Operation operation) {
      SimDisk.drop("model");
      Model model = new Model();
      MvEngine[] engine = new MvEngine[1];
      engine[0] = new MvEngine(operation.config("model"), model.state(engine), failure -> {});
      engine[0].open();
      work(model, new Random(seed), engine[0], operation);
      engine[0].close();
      SimDisk.drop("model");
      return model;
    }

    private static void work(Model model, Random random, MvEngine engine, Operation operation) {
      for (int step = 0; step < 120; step++) {
        model.step(random, engine, KEYS, ROW_BYTES);
        if (step % 10 == 0) {
          engine.checkpoint();
        }
      }
      if (operation == Operation.COMPACTION) {
        engine.checkpoint();
        model.clear(random, engine);
      }
      engine.publish();
    }

    private static byte[] snapshot(long seed) throws IOException {
      SimDisk.drop("source");
      try (MvEngine source =
          new MvEngine(Operation.INSTALL.config("source"), entries -> {}, failure -> {})) {
        source.open();
        Model model = new Model();
        Random random = new Random(~seed);
        for (int step = 0; step < 150; step++) {
          model.step(random, source, KEYS, ROW_BYTES);
        }
        source.apply(100_000, target -> {});
        source.publish();
        return write(source);
      } finally {
        SimDisk.drop("source");
      }
    }

    static byte[] write(MvEngine engine) throws IOException {
      ByteArrayOutputStream target = new ByteArrayOutputStream();
      try (StoreView view = engine.openView()) {
        SnapshotStream.write(view, Map.of("epoch", ByteString.copyFromUtf8("7")), target);
      }
      return target.toByteArray();
    }
  }

  /** One crash. */
  private static final class Crash {
    private final Start start;
    private final String disk;
    private final int crashAt;
    private final Random random;
    private final MvEngine[] current = new MvEngine[1];
    private boolean finished;
    private long durable;
    private long fileAfter;

    Crash(Start start, String disk, int crashAt, Random random) {
      this.start = start;
      this.disk = disk;
      this.crashAt = crashAt;
      this.random = random;
    }

    Tally run(Operation operation) throws IOException {
      SimDisk.named(disk).place(FILE, start.image.toByteArray());
      Model model = start.model(operation);
      MvEngine engine = open(operation, model);
      engine.open();
      assertThat(engine.appliedRevision()).isEqualTo(start.revision);
      finished = runTo(operation, model, engine);
      SimDisk.named(disk).freeze();
      engine.close();
      SimDisk.named(disk).crash(random);
      return judge(operation, model, open(operation, model));
    }

    private MvEngine open(Operation operation, Model model) {
      CheckpointedState state =
          operation == Operation.INSTALL ? entries -> {} : model.state(current);
      current[0] = new MvEngine(operation.config(disk), state, failure -> {});
      return current[0];
    }

    /** True when the operation ended before the power went. */
    private boolean runTo(Operation operation, Model model, MvEngine engine) throws IOException {
      if (operation == Operation.CHECKPOINT) {
        for (int step = 0; step < 8; step++) {
          model.step(random, engine, KEYS, ROW_BYTES);
        }
      }
      engine.publish();
      SimDisk.named(disk).freezeAt(crashAt);
      try {
        switch (operation) {
          case CHECKPOINT -> engine.checkpoint();
          case COMPACTION -> compact(model, engine);
          case INSTALL -> SnapshotStream.load(start.snapshot.newInput(), engine);
        }
        durable = engine.durableRevision();
        fileAfter = SimDisk.named(disk).size(FILE);
        return true;
      } catch (StoreFailedException e) {
        durable = engine.durableRevision();
        return false;
      }
    }

    /** What one checkpoint copies the next one saves; then there is something to cut off. */
    private void compact(Model model, MvEngine engine) {
      for (int round = 0; round < 6; round++) {
        model.step(random, engine, KEYS, ROW_BYTES);
        engine.publish();
        engine.checkpoint();
      }
    }

    private Tally judge(Operation operation, Model model, MvEngine engine) throws IOException {
      Opened opened = engine.open();
      boolean discarded = opened instanceof Opened.Discarded;
      boolean old = !discarded && engine.appliedRevision() == start.revision;
      if (finished) {
        assertThat(old || discarded).as("what was finished is durable").isFalse();
      }
      if (operation != Operation.INSTALL) {
        assertThat(engine.appliedRevision()).isBetween(durable, model.revision());
        if (operation == Operation.CHECKPOINT) {
          assertThat(engine.appliedRevision()).isIn(start.revision, model.revision());
        }
        goOn(operation, model, engine);
      } else if (old) {
        requireEqual(model, engine);
        engine.close();
      } else {
        if (discarded) {
          // As a node does at its start, with the snapshot that it had received.
          SnapshotStream.load(start.snapshot.newInput(), engine);
        }
        assertThat(Start.write(engine)).isEqualTo(start.snapshot.toByteArray());
        engine.close();
      }
      return new Tally(1, old ? 1 : 0, old || discarded ? 0 : 1, discarded ? 1 : 0, 0, 0);
    }

    private void goOn(Operation operation, Model model, MvEngine engine) {
      requireEqual(model, engine);
      Model.requireStateOf(engine.appliedRevision(), engine);
      model.rewind(engine.appliedRevision());
      for (int step = 0; step < 6; step++) {
        model.step(random, engine, KEYS, ROW_BYTES);
        engine.publish();
        engine.checkpoint();
      }
      requireEqual(model, engine);
      engine.close();
      try (MvEngine again = open(operation, model)) {
        assertThat(again.open()).isEqualTo(new Opened.Resumed(model.revision()));
        requireEqual(model, again);
      }
    }

    private static void requireEqual(Model model, MvEngine engine) {
      try (StoreView view = engine.openView()) {
        model.requireEqual(view);
      }
    }
  }
}

package io.quorate.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.store.Row;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Snapshots written, damaged, and loaded. */
final class SnapshotStreamTest {
  private static final Map<String, ByteString> ENTRIES =
      Map.of("epoch", ByteString.copyFromUtf8("7"), "requests/1", ByteString.EMPTY);

  @Test
  void a_loaded_snapshot_is_the_same_store() throws IOException {
    try (MvEngine source = filled("a", 1);
        MvEngine target = filled("b", 2)) {
      byte[] snapshot = snapshot(source);
      long revision = SnapshotStream.load(new ByteArrayInputStream(snapshot), target);
      assertThat(revision).isEqualTo(source.appliedRevision());
      assertThat(target.appliedRevision()).isEqualTo(revision);
      assertThat(target.durableRevision()).isEqualTo(revision);
      assertThat(target.systemEntries()).isEqualTo(ENTRIES);
      assertThat(snapshot(target)).isEqualTo(snapshot);
      assertThat(hash(target)).isEqualTo(hash(source));
    }
    try (MvEngine again = engine("b")) {
      assertThat(again.open()).isInstanceOf(Opened.Resumed.class);
      assertThat(again.systemEntries()).isEqualTo(ENTRIES);
    }
  }

  @Test
  void equal_content_makes_equal_bytes_whatever_the_order_of_writes() throws IOException {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      changes.add(new Change(1 + i % 3, Model.key(i), Row.wrap(new byte[i % 100])));
    }
    try (MvEngine one = opened("c");
        MvEngine two = opened("d")) {
      one.apply(9, changes);
      one.publish();
      Collections.shuffle(changes, new Random(5));
      two.apply(4, changes.subList(0, 1_000));
      two.checkpoint();
      two.apply(9, changes.subList(1_000, 3_000));
      two.publish();
      assertThat(snapshot(one)).isEqualTo(snapshot(two));
      assertThat(hash(one)).isEqualTo(hash(two));
      two.apply(10, List.of(new Change(1, Model.key(0), null)));
      two.publish();
      assertThat(hash(one)).isNotEqualTo(hash(two));
    }
  }

  @Test
  void a_snapshot_cut_short_anywhere_is_refused() throws IOException {
    byte[] snapshot;
    try (MvEngine source = filled("e", 3)) {
      snapshot = snapshot(source);
    }
    Random random = new Random(4);
    for (int round = 0; round < 300; round++) {
      byte[] cut = Arrays.copyOf(snapshot, random.nextInt(snapshot.length));
      assertThatThrownBy(() -> SnapshotStream.verify(new ByteArrayInputStream(cut)))
          .isInstanceOf(StoreDamagedException.class);
    }
    byte[] longer = Arrays.copyOf(snapshot, snapshot.length + 1);
    assertThatThrownBy(() -> SnapshotStream.verify(new ByteArrayInputStream(longer)))
        .isInstanceOf(StoreDamagedException.class);
  }

  @Test
  void a_snapshot_with_any_bit_flipped_is_refused() throws IOException {
    byte[] snapshot;
    try (MvEngine source = filled("f", 3)) {
      snapshot = snapshot(source);
    }
    SnapshotStream.verify(new ByteArrayInputStream(snapshot));
    Random random = new Random(4);
    for (int round = 0; round < 500; round++) {
      byte[] flipped = snapshot.clone();
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
      assertThatThrownBy(() -> SnapshotStream.verify(new ByteArrayInputStream(flipped)))
          .isInstanceOf(StoreDamagedException.class);
    }
  }

  @Test
  void the_bytes_of_version_1_stay_what_they_are() throws IOException {
    try (MvEngine engine = opened("golden")) {
      engine.apply(
          258,
          List.of(
              new Change(3, Model.key(1), Row.wrap(new byte[] {10, 11})),
              new Change(3, Model.key(2), Row.wrap(new byte[0]))));
      engine.publish();
      assertThat(HexFormat.of().formatHex(snapshot(engine)))
          .isEqualTo(
              "51524154534e415000000001000000000000010256fb04810100000020000000050000000165706f"
                  + "6368370000000a0000000072657175657374732f3179fbd47a020000001e00000003000000040000"
                  + "0002010101010a0b000000040000000002020202821e92e4030000001c0000000000000002000000"
                  + "000000000200000000000000026d4bf92fcee59752");
    }
  }

  @Test
  void a_load_that_is_given_up_stops_the_store_and_opens_as_discarded() throws IOException {
    byte[] snapshot;
    try (MvEngine source = filled("g", 3)) {
      snapshot = snapshot(source);
    }
    byte[] cut = Arrays.copyOf(snapshot, snapshot.length / 2);
    MvEngine target = filled("h", 4);
    assertThatThrownBy(() -> SnapshotStream.load(new ByteArrayInputStream(cut), target))
        .isInstanceOf(StoreDamagedException.class);
    assertThatThrownBy(() -> target.apply(1_000_000, List.of()))
        .isInstanceOf(StoreFailedException.class);
    target.close();
    try (MvEngine again = engine("h")) {
      assertThat(again.open()).isInstanceOf(Opened.Discarded.class);
      SnapshotStream.load(new ByteArrayInputStream(snapshot), again);
      assertThat(snapshot(again)).isEqualTo(snapshot);
    }
  }

  @Test
  void nobody_sees_a_snapshot_that_is_being_loaded() {
    try (MvEngine engine = filled("i", 1);
        StoreView before = engine.openView()) {
      long rows = before.rowCount(1);
      SnapshotLoader loader = engine.load(1_000);
      assertThatThrownBy(engine::openView).isInstanceOf(QuorateException.class);
      engine.checkpoint();
      loader.put(writer -> writer.put(5, new byte[] {1}, new byte[] {2}));
      assertThat(Model.rows(before, 1)).hasSize((int) rows);
      loader.finish();
      loader.close();
      try (StoreView after = engine.openView()) {
        assertThat(after.revision()).isEqualTo(1_000);
        assertThat(after.tables()).containsExactly(5);
      }
      engine.apply(1_001, List.of());
    }
  }

  @Test
  void a_crash_at_any_write_of_a_load_leaves_all_of_the_snapshot_or_a_discarded_store()
      throws IOException {
    byte[] snapshot;
    try (MvEngine source = filled("j", 3)) {
      snapshot = snapshot(source);
    }
    Random random = new Random(6);
    boolean finished = false;
    int discarded = 0;
    for (int crashAt = 1; !finished; crashAt++) {
      String name = "load-" + crashAt;
      MvEngine engine = filled(name, 8);
      engine.checkpoint();
      final long before = engine.appliedRevision();
      SimDisk disk = SimDisk.named(name);
      disk.freezeAt(crashAt);
      try {
        SnapshotStream.load(new ByteArrayInputStream(snapshot), engine);
        finished = true;
      } catch (StoreFailedException e) {
        // The power is off.
      }
      disk.freeze();
      engine.close();
      disk.crash(random);
      try (MvEngine again = engine(name)) {
        if (again.open() instanceof Opened.Discarded) {
          discarded++;
        } else if (again.appliedRevision() != before || finished) {
          assertThat(snapshot(again)).isEqualTo(snapshot);
        }
      }
      SimDisk.drop(name);
    }
    assertThat(discarded).isPositive();
  }

  private static MvEngine filled(String name, long seed) {
    MvEngine engine = opened(name);
    Random random = new Random(seed);
    Model model = new Model();
    for (int step = 0; step < 300; step++) {
      model.step(random, engine, 1_000, 400);
    }
    engine.publish();
    return engine;
  }

  private static byte[] snapshot(MvEngine engine) throws IOException {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    try (StoreView view = engine.openView()) {
      SnapshotStream.write(view, ENTRIES, target);
    }
    return target.toByteArray();
  }

  private static StateHash hash(MvEngine engine) {
    try (StoreView view = engine.openView()) {
      view.requireSound();
      return view.hash();
    }
  }

  private static MvEngine opened(String name) {
    MvEngine engine = engine(name);
    engine.open();
    return engine;
  }

  private static MvEngine engine(String name) {
    StoreConfig config =
        StoreConfig.ofFile(SimFilePath.of(name, "store.mv"))
            .withPipeline(false)
            .withCacheMebibytes(1)
            .withUnsavedBytes(64 << 10, 1 << 20);
    return new MvEngine(config, entries -> {}, failure -> {});
  }
}

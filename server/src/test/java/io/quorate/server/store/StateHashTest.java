package io.quorate.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.store.Row;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The hash of the rows, as changes make it and as a scan finds it. */
final class StateHashTest {
  private final List<Throwable> failures = new ArrayList<>();
  private String name = "";

  @BeforeEach
  void aDisk(TestInfo test) {
    name = test.getDisplayName();
  }

  @AfterEach
  void noDisk() {
    SimDisk.drop(name);
  }

  @Test
  void no_order_of_changes_counts() {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      changes.add(put(1 + i % 3, i, new byte[i % 40]));
    }
    StateHash first = hashOf(changes);
    Collections.shuffle(changes, new Random(3));
    SimDisk.drop(name);
    assertThat(hashOf(changes)).isEqualTo(first);
  }

  private StateHash hashOf(List<Change> changes) {
    try (MvEngine engine = opened()) {
      engine.apply(1, changes);
      engine.publish();
      return soundHash(engine);
    }
  }

  @Test
  void what_is_undone_leaves_no_trace() {
    try (MvEngine engine = opened()) {
      engine.publish();
      assertThat(soundHash(engine)).isEqualTo(StateHash.NONE);
      engine.apply(1, List.of(put(1, 1, bytes(1)), put(1, 2, bytes(2)), put(2, 1, bytes(1))));
      engine.publish();
      final StateHash before = soundHash(engine);
      engine.apply(2, List.of(put(1, 1, bytes(9)), put(1, 3, bytes(3)), put(3, 1, bytes(1))));
      engine.publish();
      assertThat(soundHash(engine)).isNotEqualTo(before);
      engine.apply(
          3,
          List.of(
              put(1, 1, bytes(1)),
              new Change(1, Model.key(3), null),
              new Change(1, Model.key(4), null),
              new Change(9, Model.key(4), null),
              new Change(3, Model.key(1), null)));
      engine.publish();
      assertThat(soundHash(engine)).isEqualTo(before);
      engine.apply(4, rows -> rows.clear(1));
      engine.apply(5, rows -> rows.clear(2));
      engine.publish();
      assertThat(soundHash(engine)).isEqualTo(StateHash.NONE);
    }
  }

  @Test
  void rows_that_look_alike_have_hashes_of_their_own() {
    RowMixer mixer = new RowMixer();
    Set<StateHash> seen = new HashSet<>();
    int rows = 0;
    for (int table : new int[] {0, 1, -1, 256}) {
      for (int length = 0; length < 20; length++) {
        for (int split = 0; split <= length; split++) {
          // The same bytes, divided into key and row in another way, are another row.
          mixer.mix(table, new byte[split], new byte[length - split]);
          seen.add(new StateHash(mixer.high(), mixer.low()));
          rows++;
        }
      }
    }
    byte[] row = new byte[64];
    for (int bit = 0; bit < row.length * 8; bit++) {
      row[bit / 8] ^= (byte) (1 << (bit % 8));
      mixer.mix(7, new byte[3], row);
      seen.add(new StateHash(mixer.high(), mixer.low()));
      row[bit / 8] ^= (byte) (1 << (bit % 8));
      rows++;
    }
    assertThat(seen).hasSize(rows);
    assertThat(seen.stream().map(StateHash::high).distinct()).hasSize(rows);
    assertThat(seen.stream().map(StateHash::low).distinct()).hasSize(rows);
  }

  /** A cluster compares hashes of nodes of several versions and machines. */
  @Test
  void the_hash_stays_what_it_is() {
    RowMixer mixer = new RowMixer();
    mixer.mix(3, new byte[] {1, 2, 3}, new byte[] {9, 8, 7, 6, 5, 4, 3, 2, 1, 0});
    assertThat(new StateHash(mixer.high(), mixer.low()))
        .hasToString("17fdfc8f6f0e91ce9ae4ebfd0d450e61");
  }

  @Test
  void marks_are_of_each_thousandth_revision_whether_the_log_has_a_command_there_or_not() {
    try (MvEngine engine = opened()) {
      engine.apply(998, List.of(put(1, 1, bytes(1))));
      engine.publish();
      final StateHash first = soundHash(engine);
      assertThat(engine.marks().all()).isEmpty();
      engine.apply(1_001, List.of(put(1, 2, bytes(2))));
      engine.publish();
      StateHash second = soundHash(engine);
      assertThat(engine.marks().at(1_000)).contains(first);
      engine.apply(2_000, List.of(put(1, 2, bytes(3))));
      engine.publish();
      final StateHash third = soundHash(engine);
      assertThat(engine.marks().at(2_000)).isEmpty();
      engine.apply(5_500, List.of());
      // No command has come between 2,000 and 5,000: one mark says it all.
      assertThat(engine.marks().at(5_000)).contains(third);
      assertThat(engine.marks().at(1_000)).contains(first).isNotEqualTo(second);
      engine.apply(5_501, rows -> {}, true);
      assertThat(engine.marks().at(5_501)).contains(third);
      assertThat(engine.marks().newest(2))
          .extracting(StateMarks.Mark::revision)
          .containsExactly(5_000L, 5_501L);
    }
  }

  @Test
  void as_many_marks_are_kept_as_may_be() {
    StateMarks marks = StateMarks.NONE;
    for (int i = 1; i <= 3 * StateMarks.KEPT; i++) {
      marks = marks.with(i, new StateHash(i, -i));
    }
    assertThat(marks.all()).hasSize(StateMarks.KEPT);
    assertThat(marks.newestRevision()).isEqualTo(3 * StateMarks.KEPT);
    assertThat(StateMarks.decode(marks.encode()).all()).isEqualTo(marks.all());
    assertThat(StateMarks.decode(ByteString.EMPTY).all()).isEmpty();
    assertThatThrownBy(() -> StateMarks.decode(ByteString.copyFrom(new byte[23])))
        .isInstanceOf(StoreDamagedException.class);
  }

  @Test
  void a_store_goes_on_with_its_hash_and_its_marks() {
    StateHash hash;
    List<StateMarks.Mark> marks;
    try (MvEngine engine = opened()) {
      fill(engine, 2_500);
      hash = soundHash(engine);
      marks = engine.marks().all();
      assertThat(marks).hasSize(2);
    }
    try (MvEngine again = opened()) {
      assertThat(soundHash(again)).isEqualTo(hash);
      assertThat(again.marks().all()).isEqualTo(marks);
      again.apply(2_501, List.of(new Change(1, Model.key(5), null)));
      again.publish();
      assertThat(soundHash(again)).isNotEqualTo(hash);
    }
  }

  @Test
  void a_store_of_a_version_without_hashes_is_read_once() {
    StateHash hash;
    try (MvEngine engine = opened()) {
      fill(engine, 300);
      hash = soundHash(engine);
    }
    StoreConfig config = config();
    MvFile file = MvFile.open(config, failures::add);
    file.system().unset(SystemMap.HASHES);
    file.system().unset(SystemMap.MARKS);
    file.makeDurable(file.commit());
    file.close();
    try (MvEngine again = opened()) {
      assertThat(soundHash(again)).isEqualTo(hash);
    }
  }

  @Test
  void a_byte_that_changes_behind_the_hash_is_found_by_a_scan_and_no_row_is_shown_then() {
    try (MvEngine engine = opened()) {
      fill(engine, 50);
      StoreView before = engine.openView();
      flip(engine, 7);
      try (StoreView view = engine.openView()) {
        assertThatThrownBy(view::requireSound).isInstanceOf(StoreDamagedException.class);
      }
      assertThat(failures).singleElement().isInstanceOf(StoreDamagedException.class);
      assertRefused(() -> before.find(1, Model.key(1)));
      assertRefused(engine::openView);
      before.close();
    }
  }

  @Test
  void a_byte_that_changes_behind_the_hash_is_in_no_snapshot() {
    try (MvEngine engine = opened()) {
      fill(engine, 50);
      flip(engine, 7);
      try (StoreView view = engine.openView()) {
        assertThatThrownBy(() -> SnapshotStream.write(view, Map.of(), new ByteArrayOutputStream()))
            .isInstanceOf(StoreDamagedException.class);
      }
      assertRefused(engine::openView);
    }
  }

  @Test
  void a_byte_that_changes_behind_the_hash_is_in_the_next_mark_if_the_row_is_written_again() {
    StateMarks sound;
    try (MvEngine engine = opened()) {
      fill(engine, 50);
      sound = rewritten(engine);
    }
    SimDisk.drop(name);
    try (MvEngine engine = opened()) {
      fill(engine, 50);
      flip(engine, 7);
      assertThat(rewritten(engine).at(1_000)).isPresent().isNotEqualTo(sound.at(1_000));
    }
  }

  private static StateMarks rewritten(MvEngine engine) {
    engine.apply(999, List.of(put(1, 7, bytes(1))));
    engine.apply(1_001, List.of());
    return engine.marks();
  }

  @Test
  void a_snapshot_carries_the_marks_and_whoever_loads_it_has_the_same_hash() throws IOException {
    try (MvEngine engine = opened()) {
      fill(engine, 1_500);
      byte[] snapshot = snapshot(engine, true);
      SimDisk.drop("loaded");
      try (MvEngine target = engine("loaded")) {
        target.open();
        fill(target, 10);
        SnapshotStream.load(new ByteArrayInputStream(snapshot), target);
        assertThat(soundHash(target)).isEqualTo(soundHash(engine));
        assertThat(target.marks().all()).isEqualTo(engine.marks().all()).hasSize(1);
        assertThat(target.systemEntries()).isEmpty();
      } finally {
        SimDisk.drop("loaded");
      }
      try (MvEngine again = engine("loaded")) {
        again.open();
        SnapshotStream.load(new ByteArrayInputStream(snapshot), again, table -> table == 2);
        assertThat(again.marks().all()).isEmpty();
        assertThat(soundHash(again)).isNotEqualTo(soundHash(engine));
      } finally {
        SimDisk.drop("loaded");
      }
    }
  }

  @Test
  void a_snapshot_whose_rows_are_not_those_of_its_hash_is_refused() throws IOException {
    try (MvEngine engine = opened()) {
      fill(engine, 20);
      Map<String, ByteString> wrong;
      try (StoreView view = engine.openView()) {
        wrong = SnapshotProof.entries(view);
      }
      engine.apply(21, List.of(put(1, 1, bytes(77))));
      engine.publish();
      ByteArrayOutputStream target = new ByteArrayOutputStream();
      try (StoreView view = engine.openView()) {
        SnapshotStream.write(view, wrong, target);
      }
      assertThatThrownBy(
              () -> SnapshotStream.verify(new ByteArrayInputStream(target.toByteArray())))
          .isInstanceOf(StoreDamagedException.class)
          .hasMessageContaining("hash");
      SnapshotStream.verify(new ByteArrayInputStream(snapshot(engine, true)));
      SnapshotStream.verify(new ByteArrayInputStream(snapshot(engine, false)));
    }
  }

  private static byte[] snapshot(MvEngine engine, boolean proven) throws IOException {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    try (StoreView view = engine.openView()) {
      SnapshotStream.write(view, proven ? SnapshotProof.entries(view) : Map.of(), target);
    }
    return target.toByteArray();
  }

  private static void fill(MvEngine engine, int revisions) {
    for (int revision = 1; revision <= revisions; revision++) {
      engine.apply(
          revision,
          List.of(
              put(1, revision % 40, bytes(revision)), put(2, revision % 7, new byte[revision])));
    }
    engine.publish();
  }

  /** In the page that is in memory, as a faulty one would have it. */
  private static void flip(MvEngine engine, int key) {
    try (StoreView view = engine.openView()) {
      view.find(1, Model.key(key)).orElseThrow().unsafeBytes()[0] ^= 1;
    }
  }

  private static StateHash soundHash(MvEngine engine) {
    try (StoreView view = engine.openView()) {
      view.requireSound();
      return view.hash();
    }
  }

  private static void assertRefused(Runnable read) {
    assertThatThrownBy(read::run)
        .isInstanceOfSatisfying(
            QuorateException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.REPLICA_DIVERGED));
  }

  private static byte[] bytes(int value) {
    return new byte[] {(byte) value, (byte) (value >> 8), 3};
  }

  private static Change put(int table, int key, byte[] row) {
    return new Change(table, Model.key(key), Row.wrap(row));
  }

  private MvEngine opened() {
    MvEngine engine = engine(name);
    engine.open();
    return engine;
  }

  private MvEngine engine(String disk) {
    return new MvEngine(config(disk), entries -> {}, failures::add);
  }

  private StoreConfig config() {
    return config(name);
  }

  private static StoreConfig config(String disk) {
    return StoreConfig.ofFile(SimFilePath.of(disk, "store.mv")).withPipeline(false);
  }
}

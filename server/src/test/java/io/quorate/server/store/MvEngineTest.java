package io.quorate.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.InvariantViolation;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.store.ReadView.RowCursor;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** One thread, a disk in memory. */
final class MvEngineTest {
  private static final String FILE = "store.mv";

  private final List<Throwable> failures = new ArrayList<>();
  private String name = "";
  private SimDisk disk = SimDisk.named("unused");

  @BeforeEach
  void aDisk(TestInfo test) {
    name = test.getDisplayName();
    disk = SimDisk.named(name);
  }

  @AfterEach
  void noDisk() {
    SimDisk.drop(name);
  }

  @Test
  void rows_come_in_unsigned_order_of_their_keys() {
    try (MvEngine engine = opened()) {
      engine.apply(1, List.of(put(1, 0xff), put(1, 0x00), put(1, 0x7f), put(1, 0x80)));
      engine.publish();
      try (StoreView view = engine.openView()) {
        assertThat(Model.rows(view, 1).keySet())
            .containsExactly(key(0x00), key(0x7f), key(0x80), key(0xff));
        RowCursor cursor = view.scan(1, Optional.of(key(0x7f)), Optional.of(key(0xff)));
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.key()).isEqualTo(key(0x7f));
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.key()).isEqualTo(key(0x80));
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.next()).isFalse();
      }
    }
  }

  @Test
  void a_table_that_does_not_exist_is_empty() {
    try (MvEngine engine = opened();
        StoreView view = engine.openView()) {
      assertThat(view.rowCount(9)).isZero();
      assertThat(view.find(9, key(1))).isEmpty();
      assertThat(view.scan(9, Optional.empty(), Optional.empty()).next()).isFalse();
      assertThat(view.tables()).isEmpty();
    }
  }

  @Test
  void a_view_shows_what_was_published_when_it_was_opened() {
    try (MvEngine engine = opened()) {
      engine.apply(5, List.of(put(1, 1)));
      try (StoreView before = engine.openView()) {
        engine.publish();
        engine.apply(9, List.of(put(1, 2), new Change(1, key(1), null)));
        try (StoreView between = engine.openView()) {
          engine.publish();
          engine.checkpoint();
          assertThat(before.revision()).isZero();
          assertThat(before.rowCount(1)).isZero();
          assertThat(between.revision()).isEqualTo(5);
          assertThat(Model.rows(between, 1).keySet()).containsExactly(key(1));
          assertThat(engine.publishedRevision()).isEqualTo(9);
        }
      }
    }
  }

  @Test
  void revisions_rise_and_a_fall_stops_the_store() {
    MvEngine engine = opened();
    engine.apply(5, List.of(put(1, 1)));
    assertThatThrownBy(() -> engine.apply(5, List.of(put(1, 2))))
        .isInstanceOf(InvariantViolation.class);
    assertThatThrownBy(() -> engine.apply(6, List.of(put(1, 2))))
        .isInstanceOf(StoreFailedException.class);
    assertThat(failures).hasSize(1);
    engine.close();
  }

  @Test
  void half_a_revision_never_becomes_durable() {
    MvEngine engine = opened();
    engine.apply(1, List.of(put(1, 1)));
    engine.checkpoint();
    assertThatThrownBy(
            () ->
                engine.apply(
                    2,
                    writer -> {
                      writer.put(1, new byte[] {2}, new byte[] {2});
                      throw new IllegalStateException("a bug");
                    }))
        .isInstanceOf(IllegalStateException.class);
    engine.close();
    try (MvEngine again = engine()) {
      assertThat(again.open()).isEqualTo(new Opened.Resumed(1));
      try (StoreView view = again.openView()) {
        assertThat(view.rowCount(1)).isEqualTo(1);
      }
    }
  }

  @Test
  void closing_keeps_everything_that_was_applied() {
    try (MvEngine engine = opened()) {
      engine.apply(7, List.of(put(1, 1), put(2, 2)));
    }
    try (MvEngine again = engine()) {
      assertThat(again.open()).isEqualTo(new Opened.Resumed(7));
      assertThat(again.durableRevision()).isEqualTo(7);
      try (StoreView view = again.openView()) {
        assertThat(view.tables()).containsExactly(1, 2);
      }
    }
  }

  @Test
  void a_cleared_table_is_empty_and_takes_rows_again() {
    try (MvEngine engine = opened()) {
      engine.apply(1, List.of(put(1, 1), put(1, 2)));
      engine.checkpoint();
      engine.apply(
          2,
          writer -> {
            writer.clear(1);
            writer.clear(99);
            writer.put(1, new byte[] {3}, new byte[0]);
          });
      engine.publish();
      try (StoreView view = engine.openView()) {
        assertThat(Model.rows(view, 1).keySet()).containsExactly(key(3));
      }
    }
  }

  @Test
  void too_many_open_views_are_a_clear_failure() {
    try (MvEngine engine = new MvEngine(config().withViewsMax(2), entries -> {}, failures::add)) {
      engine.open();
      StoreView one = engine.openView();
      StoreView two = engine.openView();
      assertThatThrownBy(engine::openView)
          .isInstanceOf(QuorateException.class)
          .hasMessageContaining("2 read views are open");
      one.close();
      one.close();
      engine.openView().close();
      two.close();
    }
  }

  @Test
  void a_view_that_is_too_old_shows_nothing_more_and_is_told_of_until_it_is_closed() {
    AtomicLong nanos = new AtomicLong();
    StoreConfig config = config().withViewAgeMax(Duration.ofMinutes(1));
    try (MvEngine engine = new MvEngine(config, entries -> {}, failures::add, nanos::get)) {
      engine.open();
      engine.apply(1, List.of(put(1, 1), put(1, 2)));
      engine.publish();
      StoreView old = engine.openView();
      RowCursor cursor = old.scan(1, Optional.empty(), Optional.empty());
      assertThat(cursor.next()).isTrue();
      nanos.addAndGet(Duration.ofSeconds(40).toNanos());
      engine.apply(2, List.of(put(1, 3)));
      engine.publish();
      try (StoreView young = engine.openView()) {
        engine.checkpoint();
        assertThat(cursor.next()).isTrue();
        nanos.addAndGet(Duration.ofSeconds(21).toNanos());
        engine.checkpoint();
        StoreFacts facts = engine.facts();
        assertThat(facts.viewsOpen()).isEqualTo(2);
        assertThat(facts.oldestViewRevision()).isEqualTo(1);
        assertThat(facts.oldestViewAge()).isEqualTo(Duration.ofSeconds(61));
        for (ThrowingCallable look :
            List.<ThrowingCallable>of(cursor::next, () -> old.find(1, key(1)))) {
          assertThatThrownBy(look)
              .isInstanceOfSatisfying(
                  QuorateException.class,
                  e -> assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD));
        }
        assertThat(young.rowCount(1)).isEqualTo(3);
      }
      old.close();
      assertThat(engine.facts().viewsOpen()).isZero();
      assertThat(engine.facts().oldestViewRevision()).isEqualTo(2);
      assertThat(engine.facts().fileBytes()).isPositive();
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void an_applier_that_runs_ahead_saves_by_itself() {
    StoreConfig config = config().withUnsavedBytes(64 << 10, 256 << 10);
    try (MvEngine engine = new MvEngine(config, entries -> {}, failures::add)) {
      engine.open();
      for (int i = 1; i <= 2_000; i++) {
        byte[] row = new byte[1_000];
        RowKey key = Model.key(i);
        engine.apply(i, writer -> writer.put(1, key.unsafeBytes(), row));
      }
      assertThat(engine.durableRevision()).isPositive();
    }
  }

  @Test
  void a_deleted_store_gives_its_space_back() {
    StoreConfig config = config().withReclaim(0, Duration.ZERO);
    Random random = new Random(1);
    try (MvEngine engine = new MvEngine(config, entries -> {}, failures::add)) {
      engine.open();
      long revision = 0;
      for (int i = 0; i < 2_000; i++) {
        byte[] row = new byte[1_000];
        random.nextBytes(row);
        engine.apply(++revision, List.of(new Change(1, Model.key(i), Row.wrap(row))));
        if (i % 200 == 0) {
          engine.checkpoint();
        }
      }
      engine.checkpoint();
      long full = disk.size(FILE);
      for (int i = 0; i < 2_000; i++) {
        engine.apply(++revision, List.of(new Change(1, Model.key(i), null)));
        if (i % 100 == 0) {
          engine.checkpoint();
        }
      }
      for (int i = 0; i < 20; i++) {
        engine.apply(++revision, List.of(put(2, i)));
        engine.checkpoint();
      }
      assertThat(full).isGreaterThan(2_000_000);
      assertThat(disk.size(FILE)).isLessThan(full / 4);
    }
    assertThat(failures).isEmpty();
  }

  /**
   * What one checkpoint wrote is freed as a whole, however large: here 40 MB, of which half goes.
   */
  @Test
  void a_large_checkpoint_gives_its_space_back_to_small_ones() {
    StoreConfig config = config().withReclaim(0, Duration.ZERO);
    try (MvEngine engine = new MvEngine(config, entries -> {}, failures::add)) {
      engine.open();
      engine.apply(1, IntStream.range(0, 40).mapToObj(i -> megabyte(i)).toList());
      engine.checkpoint();
      assertThat(disk.size(FILE)).isGreaterThan(40_000_000);
      List<Change> gone = new ArrayList<>();
      for (int i = 0; i < 40; i += 2) {
        gone.add(new Change(1, key(i), null));
      }
      engine.apply(2, gone);
      for (int revision = 3; revision < 20; revision++) {
        engine.apply(revision, List.of(put(2, revision)));
        engine.checkpoint();
      }
      assertThat(disk.size(FILE)).isLessThan(30_000_000);
      engine.publish();
      try (StoreView view = engine.openView()) {
        assertThat(view.rowCount(1)).isEqualTo(20);
        assertThat(view.find(1, key(7))).contains(Objects.requireNonNull(megabyte(7).row()));
      }
    }
    assertThat(failures).isEmpty();
  }

  private static Change megabyte(int key) {
    byte[] row = new byte[1_000_000];
    new Random(key).nextBytes(row);
    return new Change(1, key(key), Row.wrap(row));
  }

  @Test
  void a_damaged_file_is_set_aside_once() {
    opened().close();
    for (int times = 0; times < 2; times++) {
      for (int bit = 0; bit < 8; bit++) {
        disk.flipBit(FILE, 4096 * 8 + bit);
        disk.flipBit(FILE, 2 * 4096 * 8 + bit);
      }
      try (MvEngine engine = engine()) {
        assertThat(engine.open()).isInstanceOf(Opened.Discarded.class);
        assertThat(engine.appliedRevision()).isZero();
      }
      assertThat(disk.list()).containsExactly(FILE, FILE + ".damaged");
    }
  }

  /** Found by a node that ended itself over a store that it had set aside. */
  @Test
  void what_goes_wrong_in_a_store_that_is_discarded_stops_nobody() {
    for (int round = 0; round < 20; round++) {
      String spot = name + round;
      MvEngine engine = new MvEngine(configOf(spot), entries -> {}, failures::add);
      engine.open();
      for (int revision = 1; revision <= 40; revision++) {
        engine.apply(revision, List.of(put(1, revision), put(2 + revision % 5, revision)));
        engine.checkpoint();
      }
      SimDisk damaged = SimDisk.named(spot);
      damaged.freeze();
      damaged.crash(new Random(round));
      for (long at = 100 + 16L * round; at + 1 < damaged.size(FILE); at += 4096) {
        damaged.flipBit(FILE, at * 8);
        damaged.flipBit(FILE, (at + 1) * 8);
      }
      MvEngine again = new MvEngine(configOf(spot), entries -> {}, failures::add);
      if (again.open() instanceof Opened.Discarded) {
        again.apply(1, List.of(put(1, 1)));
        again.close();
        assertThat(failures).as("round %s", round).isEmpty();
      }
      failures.clear();
      SimDisk.drop(spot);
    }
  }

  @Test
  void entries_of_the_replica_come_back_and_the_engines_own_are_its_own() {
    try (MvEngine engine =
        new MvEngine(
            config(),
            entries -> entries.put("epoch", ByteString.copyFromUtf8("4")),
            failures::add)) {
      engine.open();
      engine.apply(1, List.of(put(1, 1)));
    }
    try (MvEngine again =
        new MvEngine(
            config(), entries -> entries.put("engine.x", ByteString.EMPTY), failures::add)) {
      again.open();
      assertThat(again.systemEntries().keySet()).containsExactly("epoch");
      assertThat(again.systemEntry("epoch")).contains(ByteString.copyFromUtf8("4"));
      again.apply(2, List.of(put(1, 1)));
      assertThatThrownBy(again::checkpoint).isInstanceOf(InvariantViolation.class);
    }
  }

  private MvEngine opened() {
    MvEngine engine = engine();
    engine.open();
    return engine;
  }

  private MvEngine engine() {
    return new MvEngine(config(), entries -> {}, failures::add);
  }

  private StoreConfig config() {
    return configOf(name);
  }

  private static StoreConfig configOf(String name) {
    return StoreConfig.ofFile(SimFilePath.of(name, FILE)).withPipeline(false).withCacheMebibytes(1);
  }

  private static Change put(int table, int key) {
    return new Change(table, key(key), Row.wrap(new byte[] {(byte) key}));
  }

  private static RowKey key(int key) {
    return RowKey.wrap(new byte[] {(byte) key});
  }

  private static Change numbered(int number, int value) {
    byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(number + (1 << 20)).array();
    return new Change(1, RowKey.wrap(key), Row.wrap(new byte[] {(byte) value}));
  }

  /** Also while the rows change, for places are looked up in the newest tree. */
  @Test
  void a_sample_has_each_row_once_in_order_and_is_spread_over_all() {
    try (MvEngine engine = opened()) {
      engine.apply(1, IntStream.range(0, 20_000).mapToObj(i -> numbered(i, 0)).toList());
      engine.publish();
      try (StoreView view = engine.openView()) {
        engine.apply(2, IntStream.range(-2_000, 2_000).mapToObj(i -> numbered(i, 1)).toList());
        engine.publish();
        List<RowKey> keys = new ArrayList<>();
        RowCursor rows = view.sample(1, 2_000, new SplittableRandom(5));
        while (rows.next()) {
          keys.add(rows.key());
          assertThat(view.find(1, rows.key())).contains(rows.row());
        }
        assertThat(keys).isSorted().doesNotHaveDuplicates().hasSizeBetween(1_500, 2_000);
        long upperHalf =
            keys.stream().filter(key -> key.compareTo(numbered(10_000, 0).key()) >= 0).count();
        assertThat((double) upperHalf / keys.size()).isBetween(0.4, 0.6);
        int all = 0;
        RowCursor everything = view.sample(1, 20_000, new SplittableRandom(5));
        while (everything.next()) {
          all++;
        }
        assertThat(all).isEqualTo(20_000);
        assertThat(view.sample(9, 10, new SplittableRandom(5)).next()).isFalse();
      }
    }
  }
}

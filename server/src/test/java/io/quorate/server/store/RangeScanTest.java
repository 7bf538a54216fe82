package io.quorate.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sql.store.ReadView.RowCursor;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowBatch;
import io.quorate.sql.store.RowKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranges walked both ways against a map, while the rows change. One thread, a disk in memory. */
final class RangeScanTest {
  private static final String DISK = "ranges";
  private static final int TABLE = 1;
  private static final int RANGES_PER_VIEW = 25;

  private final List<Throwable> failures = new ArrayList<>();
  private final TreeMap<RowKey, Row> model = new TreeMap<>();
  private long revision;

  @AfterEach
  void noDisk() {
    SimDisk.drop(DISK);
  }

  /** From one page to a tree of three levels, and back to few rows. */
  @ParameterizedTest(name = "SEED={0}, {1} keys")
  @CsvSource({"1, 3", "2, 40", "3, 1000", "4, 6000"})
  void a_range_has_the_rows_of_a_map_both_ways(long seed, int keys) {
    Random random = new Random(seed);
    StoreConfig config =
        StoreConfig.ofFile(SimFilePath.of(DISK, "store.mv"))
            .withPipeline(false)
            .withCacheMebibytes(1);
    try (MvEngine engine = new MvEngine(config, entries -> {}, failures::add)) {
      engine.open();
      compareRanges(random, engine, keys);
      for (int round = 0; round < 12; round++) {
        change(random, engine, keys, round < 8 ? 0.2 : 0.9);
        if (random.nextInt(3) == 0) {
          engine.checkpoint();
        }
        compareRanges(random, engine, keys);
      }
    }
    assertThat(failures).isEmpty();
  }

  private void change(Random random, MvEngine engine, int keys, double deleted) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < keys / 4 + 1; i++) {
      RowKey key = key(random.nextInt(keys));
      Row row = Row.wrap(new byte[random.nextInt(60)]);
      boolean delete = random.nextDouble() < deleted;
      changes.add(new Change(TABLE, key, delete ? null : row));
      if (delete) {
        model.remove(key);
      } else {
        model.put(key, row);
      }
    }
    engine.apply(++revision, changes);
    engine.publish();
  }

  /** The rows change while the first ranges are walked. */
  private void compareRanges(Random random, MvEngine engine, int keys) {
    TreeMap<RowKey, Row> seen = new TreeMap<>(model);
    try (StoreView view = engine.openView()) {
      for (int i = 0; i < RANGES_PER_VIEW; i++) {
        Optional<RowKey> from = bound(random, keys);
        Optional<RowKey> to = random.nextInt(10) == 0 ? from : bound(random, keys);
        RowCursor forward = view.scan(TABLE, from, to);
        RowCursor backward = view.scanBackward(TABLE, from, to);
        if (i < 2) {
          change(random, engine, keys, 0.5);
        }
        NavigableMap<RowKey, Row> expected = range(seen, from, to);
        requireRows(random, forward, expected, "[" + from + ", " + to + ")");
        requireRows(
            random, backward, expected.descendingMap(), "back in [" + from + ", " + to + ")");
      }
      RowCursor none = view.scanBackward(TABLE + 1, Optional.empty(), Optional.empty());
      requireRows(random, none, Map.of(), "");
    }
  }

  /** Of each batch those of an even length, of the others all. */
  private static void requireRows(
      Random random, RowCursor cursor, Map<RowKey, Row> expected, String range) {
    boolean inBatches = random.nextBoolean();
    List<Map.Entry<RowKey, Row>> all = new ArrayList<>(expected.entrySet());
    List<Map.Entry<RowKey, Row>> found = new ArrayList<>();
    if (inBatches) {
      all.removeIf(entry -> !isEven(entry.getValue()));
      RowBatch batch = new RowBatch(RangeScanTest::isEven, random.nextInt(2 * RowBatch.ROWS_MAX));
      boolean more = true;
      while (more) {
        batch.clear();
        more = cursor.fill(batch);
        assertThat(batch.isFull() || !more).as(range).isTrue();
        for (int i = 0; i < batch.count(); i++) {
          found.add(Map.entry(batch.key(i), batch.row(i)));
        }
      }
    }
    while (!inBatches && cursor.next()) {
      found.add(Map.entry(cursor.key(), cursor.row()));
    }
    assertThat(found.equals(all))
        .as("%s: %s rows, expected %s", range, found.size(), all.size())
        .isTrue();
    assertThat(cursor.next()).as(range).isFalse();
  }

  private static boolean isEven(Row row) {
    return row.unsafeBytes().length % 2 == 0;
  }

  private static NavigableMap<RowKey, Row> range(
      NavigableMap<RowKey, Row> rows, Optional<RowKey> from, Optional<RowKey> to) {
    if (from.isPresent() && to.isPresent() && from.get().compareTo(to.get()) >= 0) {
      return new TreeMap<>();
    }
    NavigableMap<RowKey, Row> range = from.isPresent() ? rows.tailMap(from.get(), true) : rows;
    return to.isPresent() ? range.headMap(to.get(), false) : range;
  }

  /** None, one that may be a row's key, or one between two of those. */
  private static Optional<RowKey> bound(Random random, int keys) {
    byte[] bytes = key(random.nextInt(keys + 2) - 1).unsafeBytes();
    return switch (random.nextInt(6)) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(RowKey.wrap(Arrays.copyOf(bytes, bytes.length + 1)));
      case 2 -> Optional.of(RowKey.wrap(Arrays.copyOf(bytes, random.nextInt(bytes.length))));
      default -> Optional.of(RowKey.wrap(bytes));
    };
  }

  /** Over all of the unsigned order. */
  private static RowKey key(int number) {
    return RowKey.wrap(ByteBuffer.allocate(Integer.BYTES).putInt(number * 0x00012345).array());
  }
}

package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Columns come and go between changes of rows; a plain map says what must be there. */
final class ColumnModelTest {
  private static final int STEPS = 60;

  private final TestDatabase database = new TestDatabase();
  private final TreeMap<Integer, List<@Nullable Object>> rows = new TreeMap<>();
  private final List<String> columns = new ArrayList<>(List.of("A"));
  private SplittableRandom random = new SplittableRandom(0);
  private int names;

  static Stream<Long> seeds() {
    return LongStream.range(0, 4).boxed();
  }

  @ParameterizedTest(name = "SEED={0}")
  @MethodSource("seeds")
  void rows_of_all_ages_read_as_they_were_written(long seed) {
    random = new SplittableRandom(seed);
    String key = random.nextBoolean() ? " PRIMARY KEY" : "";
    database.execute("CREATE TABLE t (a INT" + key + ")");
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(8)) {
        case 0 -> add();
        case 1 -> drop();
        case 2, 3, 4 -> insert(step);
        case 5, 6 -> update();
        default -> delete();
      }
      if (step % 10 == 9) {
        check();
      }
    }
    check();
    checkGenerated();
  }

  private void add() {
    String name = "C" + names++;
    Integer value = random.nextInt(3) == 0 ? null : random.nextInt(100_000);
    String index = value == null && random.nextInt(4) == 0 ? " UNIQUE" : "";
    database.execute(
        "ALTER TABLE t ADD "
            + name
            + " BIGINT"
            + (value == null ? "" : " DEFAULT " + value)
            + index);
    if (value != null && random.nextBoolean()) {
      database.execute("ALTER TABLE t ALTER " + name + " DROP DEFAULT");
    }
    columns.add(name);
    rows.values().forEach(row -> row.add(value == null ? null : (long) value));
  }

  private void drop() {
    if (columns.size() > 1) {
      int gone = 1 + random.nextInt(columns.size() - 1);
      database.execute("ALTER TABLE t DROP " + columns.remove(gone) + " CASCADE");
      rows.values().forEach(row -> row.remove(gone));
    }
  }

  private void insert(int key) {
    List<@Nullable Object> row = new ArrayList<>(List.of(key));
    StringBuilder values = new StringBuilder("(" + key);
    for (int i = 1; i < columns.size(); i++) {
      Object value = random.nextInt(4) == 0 ? null : random.nextLong(1L << 40);
      row.add(value);
      values.append(", ").append(value);
    }
    database.execute("INSERT INTO t VALUES " + values + ")");
    rows.put(key, row);
  }

  private void update() {
    Integer key = rows.isEmpty() ? null : rows.ceilingKey(random.nextInt(rows.lastKey() + 1));
    if (key != null && columns.size() > 1) {
      int changed = 1 + random.nextInt(columns.size() - 1);
      long value = random.nextLong();
      String set = "UPDATE t SET " + columns.get(changed) + " = " + value;
      assertThat(database.execute(set + " WHERE a = " + key)).isEqualTo(1);
      Objects.requireNonNull(rows.get(key)).set(changed, value);
    }
  }

  private void delete() {
    Integer key = rows.isEmpty() ? null : rows.floorKey(random.nextInt(rows.lastKey() + 1));
    if (key != null && random.nextInt(3) == 0) {
      assertThat(database.execute("DELETE FROM t WHERE a = " + key)).isEqualTo(1);
      rows.remove(key);
    }
  }

  private void check() {
    assertThat(database.query("SELECT * FROM t ORDER BY a"))
        .isEqualTo(new ArrayList<>(rows.values()));
  }

  private void checkGenerated() {
    String last = columns.get(columns.size() - 1);
    List<Object> expected =
        rows.values().stream().map(row -> row.get(row.size() - 1)).distinct().toList();
    assertThat(database.query("SELECT " + last + ", COUNT(*) FROM t GROUP BY " + last))
        .extracting(row -> row.get(0))
        .containsExactlyInAnyOrderElementsOf(expected);
  }
}

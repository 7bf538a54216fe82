package io.quorate.sql.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.codec.KeyCodec;
import io.quorate.sql.store.RowKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What 30,000 rows of a million tell of the million. */
final class ColumnSampleTest {
  private static final int ROWS = 1_000_000;
  private static final int BYTES_MAX = 64 << 10;
  private static final ColumnDef NUMBER = new ColumnDef("N", SqlType.of(Name.INTEGER), true, null);
  private static final ColumnDef TEXT = new ColumnDef("T", SqlType.of(Name.VARCHAR), true, null);

  private final SplittableRandom random = new SplittableRandom(7);

  private int[] rows(IntUnaryOperator value) {
    return IntStream.range(0, ROWS).map(value).toArray();
  }

  private ColumnStatistics drawn(int[] rows) {
    ColumnSample sample = new ColumnSample(NUMBER);
    random.ints(Analysis.ROWS_MAX, 0, rows.length).distinct().forEach(row -> sample.add(rows[row]));
    return sample.statistics(rows.length, BYTES_MAX);
  }

  private static RowKey key(int value) {
    return new KeyCodec(List.of(NUMBER.type())).encode(new Object[] {value});
  }

  private static double equal(ColumnStatistics column, int value) {
    byte[] key = key(value).unsafeBytes();
    return column.share(RowKey.wrap(key), KeyCodec.after(key), ROWS);
  }

  private static double shareBelow(int[] rows, int bound) {
    return (double) Arrays.stream(rows).filter(value -> value < bound).count() / rows.length;
  }

  /** Zipf's law over 10,000 values: the first has a tenth of all rows, the last one in 10⁵. */
  private int[] skewed() {
    double[] sums = new double[10_000];
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      sum += 1.0 / (i + 1);
      sums[i] = sum;
    }
    double all = sum;
    return rows(
        i -> {
          int at = Arrays.binarySearch(sums, random.nextDouble(all));
          return at < 0 ? -at - 1 : at;
        });
  }

  @Test
  void a_common_value_of_skewed_rows_is_estimated_within_a_fifth() {
    int[] rows = skewed();
    ColumnStatistics column = drawn(rows);
    for (int value : new int[] {0, 1, 2, 5, 10, 20}) {
      double share = shareBelow(rows, value + 1) - shareBelow(rows, value);
      assertThat(equal(column, value) / share).as("value " + value).isBetween(0.8, 1.25);
    }
  }

  @Test
  void a_rare_value_of_skewed_rows_is_estimated_within_a_factor_of_ten() {
    int[] rows = skewed();
    ColumnStatistics column = drawn(rows);
    for (int value : new int[] {500, 1_000, 5_000, 9_999}) {
      double share = shareBelow(rows, value + 1) - shareBelow(rows, value);
      assertThat(equal(column, value) / share).as("value " + value).isBetween(0.1, 10.0);
    }
  }

  @Test
  void a_range_of_skewed_rows_is_estimated_within_two_hundredths_of_all() {
    int[] rows = skewed();
    ColumnStatistics column = drawn(rows);
    for (int bound : new int[] {1, 3, 17, 120, 400, 2_000, 7_777}) {
      assertThat(column.share(RowKey.wrap(new byte[0]), key(bound), ROWS))
          .as("below " + bound)
          .isCloseTo(shareBelow(rows, bound), within(0.02));
    }
  }

  @Test
  void beyond_the_least_and_the_greatest_there_is_nothing() {
    ColumnStatistics column = drawn(rows(i -> i));
    assertThat(column.share(RowKey.wrap(new byte[0]), key(-5), ROWS)).isZero();
    assertThat(column.share(key(ROWS + 5), key(2 * ROWS), ROWS)).isZero();
    assertThat(column.share(key(500_000), key(510_000), ROWS)).isCloseTo(0.01, within(0.002));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 10, 100, 10_000})
  void values_that_come_equally_often_are_counted_within_a_third(int each) {
    int[] rows = rows(i -> i / each);
    double values = (double) ROWS / each;
    assertThat(drawn(rows).distinct() / values).isBetween(0.75, 1.33);
  }

  @Test
  void the_values_of_skewed_rows_are_counted_within_a_factor_of_three() {
    int[] rows = skewed();
    double values = Arrays.stream(rows).distinct().count();
    assertThat(drawn(rows).distinct() / values).isBetween(0.33, 3.0);
  }

  @Test
  void a_unique_column_grows_with_its_table_and_one_of_few_values_does_not() {
    assertThat(drawn(rows(i -> i)).distinct(10.0 * ROWS)).isCloseTo(1e7, within(1e6));
    assertThat(drawn(rows(i -> i % 25)).distinct(10.0 * ROWS)).isEqualTo(25);
  }

  @Test
  void of_a_small_table_everything_is_exact() {
    ColumnSample sample = new ColumnSample(NUMBER);
    for (int i = 0; i < 100; i++) {
      sample.add(i % 5 == 0 ? null : (Object) (i % 20));
    }
    ColumnStatistics column = sample.statistics(100, BYTES_MAX);
    assertThat(column.nullShare()).isEqualTo(0.2);
    assertThat(column.distinct()).isEqualTo(16);
    assertThat(column.common()).hasSize(16);
    assertThat(column.bounds()).isEmpty();
    assertThat(column.min()).contains(key(1));
    assertThat(column.max()).contains(key(19));
    assertThat(equal(column, 7)).isEqualTo(0.05);
    assertThat(equal(column, 5)).isZero();
  }

  @Test
  void nothing_but_null_and_nothing_at_all_have_no_values() {
    ColumnSample nulls = new ColumnSample(NUMBER);
    nulls.add(null);
    assertThat(nulls.statistics(1, BYTES_MAX).nullShare()).isEqualTo(1);
    assertThat(equal(nulls.statistics(1, BYTES_MAX), 1)).isZero();
    ColumnStatistics empty = new ColumnSample(NUMBER).statistics(0, BYTES_MAX);
    assertThat(empty.distinct()).isZero();
    assertThat(empty.distinct(0)).isEqualTo(1);
    assertThat(empty.min()).isEmpty();
  }

  @Test
  void long_values_are_counted_and_not_kept() {
    ColumnSample sample = new ColumnSample(TEXT);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      texts.add("x".repeat(1000) + i);
      texts.add("a" + i % 2);
    }
    texts.forEach(sample::add);
    ColumnStatistics column = sample.statistics(100, BYTES_MAX);
    assertThat(column.distinct()).isEqualTo(52);
    assertThat(column.common()).hasSize(2);
    assertThat(column.otherShare()).isEqualTo(0.5);
    assertThat(column.bounds()).isEmpty();
  }

  @Test
  void what_is_kept_stays_within_its_bytes() {
    ColumnSample sample = new ColumnSample(TEXT);
    for (int i = 0; i < 1000; i++) {
      sample.add("y".repeat(100) + i % 500);
      sample.add("z".repeat(100) + i);
    }
    int bytes = 4096;
    ColumnStatistics column = sample.statistics(2000, bytes);
    int kept =
        column.bounds().stream().mapToInt(each -> each.unsafeBytes().length).sum()
            + column.common().stream().mapToInt(each -> each.value().unsafeBytes().length).sum();
    assertThat(kept).isBetween(bytes / 4, bytes);
  }
}

package io.quorate.sql.statistics;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.codec.KeyCodec;
import io.quorate.sql.statistics.ColumnStatistics.Common;
import io.quorate.sql.store.RowKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of one column in the rows that were drawn, and what follows from them. Confined to one
 * thread.
 */
final class ColumnSample {
  /** A longer value takes part in no comparison worth estimating, and would fill the memory. */
  private static final int VALUE_BYTES_MAX = 128;

  /** Most common values, and ranges of the histogram: what PostgreSQL keeps. */
  private static final int TARGET_MAX = 100;

  private static final int TARGET_MIN = 8;

  /** How much more often than the average a value must be to be a common one. */
  private static final double COMMON_FACTOR = 1.25;

  private final ColumnDef column;
  private final KeyCodec codec;
  private final boolean comparable;
  private final List<RowKey> values = new ArrayList<>();
  private long nulls;
  private long longs;

  ColumnSample(ColumnDef column) {
    this.column = column;
    this.codec = new KeyCodec(List.of(column.type()));
    this.comparable = isComparable(column.type().name());
  }

  private static boolean isComparable(SqlType.Name type) {
    return switch (type) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, DOUBLE -> true;
      case CHAR, VARCHAR, BINARY, VARBINARY, DATE, TIME, TIMESTAMP, UUID -> true;
      case TIMESTAMP_TZ, INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME -> true;
      default -> false;
    };
  }

  void add(@Nullable Object value) {
    if (value == null) {
      nulls++;
    } else if (!comparable || isLong(value)) {
      longs++;
    } else {
      byte[] key = codec.prefix(new Object[] {value}, 1);
      if (key.length > VALUE_BYTES_MAX) {
        longs++;
      } else {
        values.add(RowKey.wrap(key));
      }
    }
  }

  private static boolean isLong(Object value) {
    return (value instanceof String text && text.length() > VALUE_BYTES_MAX)
        || (value instanceof byte[] bytes && bytes.length > VALUE_BYTES_MAX);
  }

  /**
   * @param rowCount of the table
   * @param bytesMax about how much the values that are kept may take
   */
  ColumnStatistics statistics(long rowCount, int bytesMax) {
    Collections.sort(values);
    int target = TARGET_MAX;
    ColumnStatistics made = statistics(rowCount, new Runs(values), target);
    while (bytes(made) > bytesMax && target > TARGET_MIN) {
      target /= 2;
      made = statistics(rowCount, new Runs(values), target);
    }
    return made;
  }

  private static long bytes(ColumnStatistics made) {
    long bytes = 0;
    for (Common each : made.common()) {
      bytes += each.value().unsafeBytes().length;
    }
    for (RowKey each : made.bounds()) {
      bytes += each.unsafeBytes().length;
    }
    return bytes;
  }

  private ColumnStatistics statistics(long rowCount, Runs runs, int target) {
    long sampled = nulls + longs + values.size();
    double nullShare = sampled == 0 ? 0 : (double) nulls / sampled;
    double distinct = distinct(runs, sampled, rowCount);
    List<Runs.Run> kept = common(runs, sampled, distinct, target);
    List<Common> common = new ArrayList<>();
    for (Runs.Run run : kept) {
      common.add(new Common(values.get(run.first()), (double) run.count() / sampled));
    }
    return new ColumnStatistics(
        column.name(),
        column.type().name(),
        rowCount,
        nullShare,
        distinct,
        common,
        bounds(kept, target));
  }

  /**
   * How many values the table has: the estimator Duj1 of Haas and Stokes, "Estimating the number of
   * classes in a finite population", 1998, as other databases have it. Long values are taken to
   * differ.
   */
  private double distinct(Runs runs, long sampled, long rowCount) {
    double count = sampled - nulls;
    double found = runs.count() + longs;
    if (count == 0 || sampled >= rowCount) {
      return found;
    }
    double all = Math.max(count, rowCount * (count / sampled));
    double once = runs.single() + longs;
    double estimated = count * found / (count - once + once * count / all);
    return Math.min(all, Math.max(found, estimated));
  }

  /**
   * Values that are clearly more common than the average, or all of them where they are few and
   * none was seen only once, so that there can hardly be others.
   */
  private List<Runs.Run> common(Runs runs, long sampled, double distinct, int target) {
    List<Runs.Run> byCount = runs.repeated();
    byCount.sort(
        Comparator.comparingInt(Runs.Run::count).reversed().thenComparingInt(Runs.Run::first));
    if (longs == 0 && runs.single() == 0 && runs.count() <= target) {
      return byCount;
    }
    double least = COMMON_FACTOR * (sampled - nulls) / distinct;
    return byCount.stream().filter(run -> run.count() > least).limit(target).toList();
  }

  /** At equal distances among the values that are not common. */
  private List<RowKey> bounds(List<Runs.Run> common, int target) {
    List<Runs.Run> left = new ArrayList<>(common);
    left.sort(Comparator.comparingInt(Runs.Run::first));
    List<RowKey> others = new ArrayList<>(values.size());
    int from = 0;
    for (Runs.Run run : left) {
      others.addAll(values.subList(from, run.first()));
      from = run.first() + run.count();
    }
    others.addAll(values.subList(from, values.size()));
    int ranges = Math.min(target, others.size() - 1);
    if (ranges < 1) {
      return others;
    }
    List<RowKey> bounds = new ArrayList<>(ranges + 1);
    for (int i = 0; i <= ranges; i++) {
      bounds.add(others.get((int) ((long) i * (others.size() - 1) / ranges)));
    }
    return bounds;
  }
}

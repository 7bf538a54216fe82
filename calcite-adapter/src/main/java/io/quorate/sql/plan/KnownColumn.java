package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.codec.KeyCodec;
import io.quorate.sql.exec.AccessPath.Interval;
import io.quorate.sql.exec.KeyRange;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.statistics.ColumnStatistics;
import io.quorate.sql.statistics.ColumnStatistics.Common;
import io.quorate.sql.store.RowKey;
import java.util.ArrayList;
import java.util.List;

/**
 * A column that was looked at by ANALYZE, in a table as large as it is now. Immutable.
 *
 * @param rows of the table
 */
record KnownColumn(ColumnStatistics statistics, SqlType type, double rows) {
  /** Of a range whose bounds are not known yet. */
  private static final double BOUNDED_SHARE = 0.05;

  private static final double HALF_BOUNDED_SHARE = 0.34;

  /** Fewer ends of ranges say nothing of how many values look like a pattern. */
  private static final int BOUNDS_MIN = 20;

  private static final double LIKE_SHARE = 0.1;

  double distinct() {
    return statistics.distinct(rows);
  }

  double nullShare() {
    return statistics.nullShare();
  }

  /** The share of rows whose value lies in the range. */
  double share(ColumnRange range) {
    if (range.intervals().stream().allMatch(Interval::isConstant)) {
      try {
        return constantShare(range);
      } catch (SqlFailure e) {
        // Compared with what is no value of the column; whoever runs it is told.
        return statistics.equalShare(rows);
      }
    }
    if (range.isPoints()) {
      return Math.min(1, statistics.equalShare(rows) * range.intervals().size());
    }
    return (1 - nullShare()) * (range.isBounded() ? BOUNDED_SHARE : HALF_BOUNDED_SHARE);
  }

  /**
   * What the share is for some values of the range, and the share that it is at most: what a value
   * is that is not known yet, makes the one 0 and the other that of the most common.
   */
  AccessPaths.Shares shares(ColumnRange range) {
    double share = share(range);
    if (range.intervals().stream().allMatch(Interval::isConstant)) {
      return new AccessPaths.Shares(share, share, share);
    }
    if (!range.isPoints()) {
      return new AccessPaths.Shares(0, share, 1);
    }
    double most = statistics.equalShare(rows);
    for (Common each : statistics.common()) {
      most = Math.max(most, each.share());
    }
    return new AccessPaths.Shares(0, share, Math.min(1, most * range.intervals().size()));
  }

  private double constantShare(ColumnRange range) {
    List<KeyRange> keys = new ArrayList<>();
    for (Interval interval : range.intervals()) {
      interval.constantRange(type).ifPresent(keys::add);
    }
    double share = 0;
    for (KeyRange each : KeyRange.merge(keys)) {
      share += statistics.share(each.from(), each.to(), rows);
    }
    return Math.min(1, share);
  }

  /** The share of rows whose value looks like the pattern; those that are kept stand for all. */
  double share(LikePattern pattern) {
    if (type.name() != Name.CHAR && type.name() != Name.VARCHAR) {
      return LIKE_SHARE;
    }
    double share = 0;
    for (Common each : statistics.common()) {
      share += matches(pattern, each.value()) ? each.share() : 0;
    }
    List<RowKey> others = statistics.bounds();
    double othersShare = LIKE_SHARE;
    if (others.size() >= BOUNDS_MIN) {
      double matching = others.stream().filter(key -> matches(pattern, key)).count();
      othersShare = Math.max(0.5, matching) / others.size();
    }
    return share + statistics.otherShare() * othersShare;
  }

  private boolean matches(LikePattern pattern, RowKey key) {
    return new KeyCodec(List.of(type)).decode(key)[0] instanceof String text
        && pattern.matches(text);
  }
}

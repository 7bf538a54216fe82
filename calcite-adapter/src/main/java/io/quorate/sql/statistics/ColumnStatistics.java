package io.quorate.sql.statistics;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.codec.KeyCodec;
import io.quorate.sql.store.RowKey;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * How the values of a column are distributed. Values are in memory-comparable form, as a key of the
 * column alone has them; those that are too long for that are counted only. Immutable.
 *
 * @param column its name
 * @param rowCount of the table, when it was looked at
 * @param nullShare of the rows
 * @param distinct how many values there are, NULL not among them; estimated unless all rows were
 *     looked at
 * @param common the values that many rows have, the most common first
 * @param bounds ends of ranges that hold equally many of the other values each, ascending; the
 *     first is the least of them and the last the greatest. Empty if there are no others
 */
public record ColumnStatistics(
    String column,
    SqlType.Name type,
    long rowCount,
    double nullShare,
    double distinct,
    List<Common> common,
    List<RowKey> bounds) {
  /** Above it the number of values grows with the table, below it stays. */
  private static final double GROWING_SHARE = 0.1;

  public ColumnStatistics {
    common = List.copyOf(common);
    bounds = List.copyOf(bounds);
  }

  /** A value and the share of the rows that have it. */
  public record Common(RowKey value, double share) {}

  boolean isOf(ColumnDef def) {
    return column.equals(def.name()) && type == def.type().name();
  }

  /** How many values there are when the table has that many rows; at least 1. */
  public double distinct(double rows) {
    boolean grows = distinct > GROWING_SHARE * rowCount;
    double now = grows ? distinct / Math.max(1, rowCount) * rows : distinct;
    return Math.max(1, Math.min(now, rows));
  }

  /** The share of the rows that a value has of which nothing is known. */
  public double equalShare(double rows) {
    return (1 - nullShare) / distinct(rows);
  }

  /** The share of rows whose value is among neither the common ones nor NULL. */
  public double otherShare() {
    double others = 1 - nullShare;
    for (Common each : common) {
      others -= each.share;
    }
    return Math.max(0, others);
  }

  /** The least value that was seen. */
  public Optional<RowKey> min() {
    Optional<RowKey> least = common.stream().map(Common::value).min(RowKey::compareTo);
    return bounds.isEmpty() || (least.isPresent() && least.get().compareTo(bounds.get(0)) < 0)
        ? least
        : Optional.of(bounds.get(0));
  }

  /** The greatest value that was seen. */
  public Optional<RowKey> max() {
    Optional<RowKey> greatest = common.stream().map(Common::value).max(RowKey::compareTo);
    RowKey last = bounds.isEmpty() ? null : bounds.get(bounds.size() - 1);
    return last == null || (greatest.isPresent() && greatest.get().compareTo(last) > 0)
        ? greatest
        : Optional.of(last);
  }

  /** The share of the rows with {@code from} ≤ value &lt; {@code to}, when there are that many. */
  public double share(RowKey from, RowKey to, double rows) {
    double share = 0;
    int found = 0;
    for (Common each : common) {
      if (each.value.compareTo(from) >= 0 && each.value.compareTo(to) < 0) {
        share += each.share;
        found++;
      }
    }
    if (to.equals(KeyCodec.after(from.unsafeBytes()))) {
      return found > 0 ? share : otherShare() / Math.max(1, distinct(rows) - common.size());
    }
    return share + otherShare() * Math.max(0, position(to) - position(from));
  }

  /** The share of the other values that are below a key. */
  private double position(RowKey key) {
    if (bounds.isEmpty()) {
      return 0;
    }
    int below = countBelow(key);
    if (below == 0 || below == bounds.size()) {
      return below == 0 ? 0 : 1;
    }
    double within = Interpolation.position(bounds.get(below - 1), bounds.get(below), key);
    return (below - 1 + within) / (bounds.size() - 1);
  }

  private int countBelow(RowKey key) {
    int at = Collections.binarySearch(bounds, key);
    while (at > 0 && bounds.get(at - 1).equals(key)) {
      at--;
    }
    return at < 0 ? -at - 1 : at;
  }
}

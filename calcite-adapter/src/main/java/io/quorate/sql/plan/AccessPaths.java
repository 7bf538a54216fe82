package io.quorate.sql.plan;

import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.codec.IndexCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.AccessPath;
import io.quorate.sql.exec.Expression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexNode;

/**
 * Chooses between a table's keys: by how many rows each is thought to lead to, four times as dear
 * through an index because each row is looked up, and by whether it spares a sort, walked forward
 * or backward. How many rows, is what ANALYZE has found of the columns, or a guess.
 */
final class AccessPaths {
  private static final double INDEX_ROW_COST = 4;
  private static final double EQUAL_SHARE = 0.01;
  private static final double BOUNDED_SHARE = 0.05;
  private static final double HALF_BOUNDED_SHARE = 0.34;
  private static final double SORTED_ROW_COST = 2;
  private static final double ROWS_MIN = 10_000;

  /** So that a key that leads to one row is never second to one that may lead to more. */
  private static final double RANGE_ROWS_MIN = 2;

  private AccessPaths() {}

  /** A column in an order, with NULL as its greatest value. */
  record Ordered(int column, boolean descending) {
    Ordered reversed() {
      return new Ordered(column, !descending);
    }
  }

  /**
   * A path and what is thought of it.
   *
   * @param share of the table's rows that it leads to
   * @param ordered whether its rows come in the order that was wished for
   * @param condition which of its rows it keeps, and what is still to be asked of them
   * @param forAllValues whether it is as cheap as any whatever the parameters are, as far as is
   *     known of their columns
   */
  record Choice(
      AccessPath path,
      double share,
      boolean ordered,
      ScanCondition condition,
      boolean forAllValues) {}

  /**
   * The share of rows that a range or path is thought to lead to.
   *
   * @param least for the values of the parameters that make it least
   * @param likely what the choice goes by
   * @param most for those that make it most
   */
  record Shares(double least, double likely, double most) {
    static final Shares ALL = of(1);

    static Shares of(double share) {
      return new Shares(share, share, share);
    }

    Shares and(Shares other) {
      return new Shares(least * other.least, likely * other.likely, most * other.most);
    }

    Shares atLeast(double min) {
      return new Shares(Math.max(min, least), Math.max(min, likely), Math.max(min, most));
    }
  }

  /**
   * The cheapest path to the rows that satisfy the condition.
   *
   * @param condition over the table's columns; true for all rows
   * @param order columns by which the rows are to be sorted; empty for any order
   * @param limited whether only the first of that order are wanted
   */
  static Choice choose(StoreTable table, RexNode condition, List<Ordered> order, boolean limited) {
    Map<Integer, Known> ranges = ranges(table, condition);
    TableCodec codec = table.codec();
    Candidate best =
        candidate(
            table, Optional.empty(), ascending(codec.definition().primaryKey()), ranges, order);
    List<Candidate> all = new ArrayList<>(List.of(best));
    Costs costs = new Costs(table.rowCount(), order, limited);
    for (IndexCodec index : codec.indexes()) {
      List<Ordered> columns = columns(index.definition());
      Candidate next = candidate(table, Optional.of(index), columns, ranges, order);
      all.add(next);
      if (costs.of(next, next.shares.likely) < costs.of(best, best.shares.likely)) {
        best = next;
      }
    }
    // A row that is looked up is there already.
    ScanCondition parts =
        best.path.isPoint()
            ? ScanCondition.none(condition)
            : ScanCondition.of(condition, codec.definition().visibleColumns());
    return new Choice(
        best.path.keeping(parts.columns()),
        best.shares.likely,
        best.ordered,
        parts,
        isForAllValues(best, all, costs));
  }

  /** A point is good for all values; else it must be cheaper at its worst than others at best. */
  private static boolean isForAllValues(Candidate best, List<Candidate> all, Costs costs) {
    if (best.path.isPoint()) {
      return true;
    }
    double worst = costs.of(best, best.shares.most);
    for (Candidate each : all) {
      boolean other = !each.path.equals(best.path);
      if (other && costs.of(each, each.shares.least) < worst && !isCertain(best, each)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isCertain(Candidate one, Candidate other) {
    return one.shares.least == one.shares.most && other.shares.least == other.shares.most;
  }

  private static List<Ordered> ascending(List<Integer> columns) {
    return columns.stream().map(column -> new Ordered(column, false)).toList();
  }

  private static List<Ordered> columns(IndexDef index) {
    List<Ordered> columns = new ArrayList<>();
    for (int column : index.columns()) {
      columns.add(new Ordered(column, index.descending().contains(columns.size())));
    }
    return columns;
  }

  /**
   * What the condition says of a column.
   *
   * @param shares of the rows; empty when nothing is known of the column
   */
  private record Known(ColumnRange range, Optional<Shares> shares) {}

  private static Map<Integer, Known> ranges(StoreTable table, RexNode condition) {
    Map<Integer, ColumnRange> ranges = new HashMap<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(condition)) {
      ColumnRange.of(conjunct)
          .ifPresent(range -> ranges.merge(range.column(), range, ColumnRange::and));
    }
    if (ranges.isEmpty()) {
      return Map.of();
    }
    List<Optional<KnownColumn>> columns = table.knownColumns();
    Map<Integer, Known> known = new HashMap<>();
    for (ColumnRange range : ranges.values()) {
      Optional<Shares> shares =
          range.column() < columns.size()
              ? columns.get(range.column()).map(column -> column.shares(range))
              : Optional.empty();
      known.put(range.column(), new Known(range, shares));
    }
    return known;
  }

  private static Candidate candidate(
      StoreTable table,
      Optional<IndexCodec> index,
      List<Ordered> columns,
      Map<Integer, Known> ranges,
      List<Ordered> order) {
    List<Expression> equal = new ArrayList<>();
    Shares shares = Shares.ALL;
    while (equal.size() < columns.size()) {
      Known known = ranges.get(columns.get(equal.size()).column());
      Optional<Expression> value = known == null ? Optional.empty() : known.range.equal();
      if (known == null || value.isEmpty()) {
        break;
      }
      equal.add(value.get());
      shares = shares.and(known.shares.orElse(Shares.of(EQUAL_SHARE)));
    }
    Known next =
        equal.size() < columns.size() ? ranges.get(columns.get(equal.size()).column()) : null;
    AccessPath path =
        new AccessPath(
            table.codec(),
            index,
            equal,
            next == null ? List.of() : next.range.intervals(),
            false,
            List.of());
    double one = 1 / Math.max(table.rowCount(), ROWS_MIN);
    if (path.isPoint()) {
      shares = Shares.of(one);
    } else if (!path.isFullScan()) {
      // Of columns that depend on each other more rows come than their shares say.
      shares = shares.and(next == null ? Shares.ALL : shares(next)).atLeast(RANGE_ROWS_MIN * one);
    }
    return candidate(path, shares, columns, order);
  }

  /** Walked backward where that gives the order. */
  private static Candidate candidate(
      AccessPath path, Shares shares, List<Ordered> columns, List<Ordered> order) {
    List<Ordered> entries = new ArrayList<>(columns);
    if (path.index().isPresent() && !path.index().get().definition().unique()) {
      entries.addAll(ascending(path.table().definition().primaryKey()));
    }
    int equal = path.equal().size();
    if (path.isPoint() || isOrdered(entries, equal, order)) {
      return new Candidate(path, shares, true);
    }
    List<Ordered> opposite = order.stream().map(Ordered::reversed).toList();
    return isOrdered(entries, equal, opposite)
        ? new Candidate(path.reversed(), shares, true)
        : new Candidate(path, shares, false);
  }

  private static Shares shares(Known known) {
    if (known.shares.isPresent()) {
      return known.shares.get();
    }
    ColumnRange range = known.range;
    if (range.isPoints()) {
      return Shares.of(Math.min(1, EQUAL_SHARE * range.intervals().size()));
    }
    return Shares.of(range.isBounded() ? BOUNDED_SHARE : HALF_BOUNDED_SHARE);
  }

  /** Columns that have one value each do not count in an order. */
  private static boolean isOrdered(List<Ordered> columns, int equal, List<Ordered> order) {
    int at = equal;
    for (Ordered wanted : order) {
      if (columns.subList(0, equal).stream().anyMatch(of -> of.column() == wanted.column())) {
        continue;
      }
      if (at >= columns.size() || !columns.get(at).equals(wanted)) {
        return false;
      }
      at++;
    }
    return true;
  }

  private record Candidate(AccessPath path, Shares shares, boolean ordered) {}

  /** What a query costs by the paths to its rows. */
  private record Costs(double rowCount, List<Ordered> order, boolean limited) {
    /** When the path leads to that share of the rows. */
    double of(Candidate candidate, double share) {
      // A plan outlives the small table that it was made for.
      double rows = Math.max(rowCount, ROWS_MIN) * share;
      double cost = candidate.path.index().isPresent() ? INDEX_ROW_COST * rows : rows;
      if (order.isEmpty()) {
        return cost;
      }
      if (!candidate.ordered) {
        return cost + SORTED_ROW_COST * rows;
      }
      return limited ? cost / SORTED_ROW_COST / INDEX_ROW_COST : cost;
    }
  }
}

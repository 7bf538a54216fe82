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
 * through an index because each row is looked up, and by whether it spares a sort.
 */
final class AccessPaths {
  private static final double INDEX_ROW_COST = 4;
  private static final double EQUAL_SHARE = 0.01;
  private static final double BOUNDED_SHARE = 0.05;
  private static final double HALF_BOUNDED_SHARE = 0.34;
  private static final double SORTED_ROW_COST = 2;
  private static final double ROWS_MIN = 10_000;

  private AccessPaths() {}

  /** A column in an order, with NULL as its greatest value. */
  record Ordered(int column, boolean descending) {}

  /**
   * A path and what is thought of it.
   *
   * @param share of the table's rows that it leads to
   * @param ordered whether its rows come in the order that was wished for
   */
  record Choice(AccessPath path, double share, boolean ordered) {}

  /**
   * The cheapest path to the rows that satisfy the condition.
   *
   * @param condition over the table's columns; true for all rows
   * @param order columns by which the rows are to be sorted; empty for any order
   * @param limited whether only the first of that order are wanted
   */
  static Choice choose(StoreTable table, RexNode condition, List<Ordered> order, boolean limited) {
    Map<Integer, ColumnRange> ranges = ranges(condition);
    TableCodec codec = table.codec();
    Candidate best =
        candidate(
            table, Optional.empty(), ascending(codec.definition().primaryKey()), ranges, order);
    double bestCost = best.cost(table.rowCount(), order, limited);
    for (IndexCodec index : codec.indexes()) {
      List<Ordered> columns = columns(index.definition());
      Candidate next = candidate(table, Optional.of(index), columns, ranges, order);
      double cost = next.cost(table.rowCount(), order, limited);
      if (cost < bestCost) {
        best = next;
        bestCost = cost;
      }
    }
    return new Choice(best.path, best.share, best.ordered);
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

  private static Map<Integer, ColumnRange> ranges(RexNode condition) {
    Map<Integer, ColumnRange> ranges = new HashMap<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(condition)) {
      ColumnRange.of(conjunct)
          .ifPresent(range -> ranges.merge(range.column(), range, ColumnRange::and));
    }
    return ranges;
  }

  private static Candidate candidate(
      StoreTable table,
      Optional<IndexCodec> index,
      List<Ordered> columns,
      Map<Integer, ColumnRange> ranges,
      List<Ordered> order) {
    List<Expression> equal = new ArrayList<>();
    while (equal.size() < columns.size()) {
      ColumnRange range = ranges.get(columns.get(equal.size()).column());
      Optional<Expression> value = range == null ? Optional.empty() : range.equal();
      if (value.isEmpty()) {
        break;
      }
      equal.add(value.get());
    }
    ColumnRange next =
        equal.size() < columns.size() ? ranges.get(columns.get(equal.size()).column()) : null;
    AccessPath path =
        new AccessPath(table.codec(), index, equal, next == null ? List.of() : next.intervals());
    double share = Math.pow(EQUAL_SHARE, equal.size());
    if (path.isPoint()) {
      share = 1 / Math.max(table.rowCount(), ROWS_MIN);
    } else if (next != null) {
      share *= share(next);
    }
    return new Candidate(path, share, isOrdered(columns, equal.size(), order, path));
  }

  private static double share(ColumnRange range) {
    if (range.isPoints()) {
      return Math.min(1, EQUAL_SHARE * range.intervals().size());
    }
    return range.isBounded() ? BOUNDED_SHARE : HALF_BOUNDED_SHARE;
  }

  /** Columns that have one value each do not count in an order. */
  private static boolean isOrdered(
      List<Ordered> columns, int equal, List<Ordered> order, AccessPath path) {
    if (path.isPoint()) {
      return true;
    }
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

  private record Candidate(AccessPath path, double share, boolean ordered) {
    double cost(double rowCount, List<Ordered> order, boolean limited) {
      // A plan outlives the small table that it was made for.
      double rows = Math.max(rowCount, ROWS_MIN) * share;
      double cost = path.index().isPresent() ? INDEX_ROW_COST * rows : rows;
      if (order.isEmpty()) {
        return cost;
      }
      if (!ordered) {
        return cost + SORTED_ROW_COST * rows;
      }
      return limited ? cost / SORTED_ROW_COST / INDEX_ROW_COST : cost;
    }
  }
}

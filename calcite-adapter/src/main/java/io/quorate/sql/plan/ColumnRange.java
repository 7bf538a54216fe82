package io.quorate.sql.plan;

import io.quorate.sql.exec.AccessPath.Bound;
import io.quorate.sql.exec.AccessPath.Interval;
import io.quorate.sql.exec.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * What a condition says about one column: that its value lies in one of some intervals. It may say
 * more; the condition itself is still to be checked.
 *
 * @param column ordinal in the table
 */
record ColumnRange(int column, List<Interval> intervals) {
  /** As many as a statement's text has room for are looked up within a second. */
  private static final int INTERVALS_MAX = 100_000;

  ColumnRange {
    intervals = List.copyOf(intervals);
  }

  /** The one value that the column must have, if there is only one. */
  Optional<Expression> equal() {
    return intervals.size() == 1 && isPoint(intervals.get(0))
        ? intervals.get(0).lower().map(Bound::value)
        : Optional.empty();
  }

  boolean isPoints() {
    return intervals.stream().allMatch(ColumnRange::isPoint);
  }

  private static boolean isPoint(Interval interval) {
    return interval.lower().isPresent()
        && interval.upper().isPresent()
        && interval.lower().get().inclusive()
        && interval.lower().get().equals(interval.upper().get());
  }

  /** Whether only NULL is left out. */
  private boolean isAll() {
    return intervals.contains(Interval.ALL);
  }

  boolean isBounded() {
    return intervals.stream().allMatch(i -> i.lower().isPresent() && i.upper().isPresent());
  }

  static Optional<ColumnRange> of(RexNode condition) {
    return switch (condition.getKind()) {
      case SEARCH -> {
        RexNode expanded = RexUtil.expandSearch(Rex.BUILDER, null, condition);
        yield expanded.getKind() == SqlKind.SEARCH ? Optional.empty() : of(expanded);
      }
      case AND -> intersection(((RexCall) condition).getOperands());
      case OR -> union(((RexCall) condition).getOperands());
      case EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          comparison((RexCall) condition);
      case IS_NOT_NULL ->
          column(((RexCall) condition).getOperands().get(0))
              .map(column -> new ColumnRange(column, List.of(Interval.ALL)));
      case OTHER_FUNCTION -> list((RexCall) condition);
      default -> Optional.empty();
    };
  }

  private static Optional<ColumnRange> intersection(List<RexNode> conditions) {
    Optional<ColumnRange> all = Optional.empty();
    for (RexNode condition : conditions) {
      Optional<ColumnRange> one = of(condition);
      if (one.isEmpty()) {
        return Optional.empty();
      }
      if (all.isEmpty()) {
        all = one;
      } else if (all.get().column == one.get().column) {
        all = Optional.of(all.get().and(one.get()));
      } else {
        return Optional.empty();
      }
    }
    return all;
  }

  /** The narrower of both, where they can be put together; else one of them. */
  ColumnRange and(ColumnRange other) {
    if (equal().isPresent() || (isPoints() && !other.isPoints()) || other.isAll()) {
      return this;
    }
    if (other.isPoints() || isAll()) {
      return other;
    }
    if (intervals.size() != 1 || other.intervals.size() != 1) {
      return this;
    }
    Interval a = intervals.get(0);
    Interval b = other.intervals.get(0);
    return new ColumnRange(
        column, List.of(new Interval(a.lower().or(b::lower), a.upper().or(b::upper))));
  }

  private static Optional<ColumnRange> union(List<RexNode> conditions) {
    List<Interval> intervals = new ArrayList<>();
    int column = -1;
    for (RexNode condition : conditions) {
      Optional<ColumnRange> one = of(condition);
      if (one.isEmpty() || (column >= 0 && one.get().column != column)) {
        return Optional.empty();
      }
      column = one.get().column;
      intervals.addAll(one.get().intervals);
    }
    return column < 0 || intervals.size() > INTERVALS_MAX
        ? Optional.empty()
        : Optional.of(new ColumnRange(column, intervals));
  }

  private static Optional<ColumnRange> comparison(RexCall call) {
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    Optional<Integer> column = column(left);
    if (column.isPresent()) {
      return comparison(column.get(), call.getKind(), right);
    }
    column = column(right);
    return column.isPresent()
        ? comparison(column.get(), call.getKind().reverse(), left)
        : Optional.empty();
  }

  private static Optional<ColumnRange> comparison(int column, SqlKind kind, RexNode value) {
    if (!RexCompiler.isConstant(value)) {
      return Optional.empty();
    }
    return RexCompiler.compile(value)
        .map(expression -> new ColumnRange(column, List.of(interval(kind, expression))));
  }

  private static Optional<ColumnRange> list(RexCall call) {
    if (!(call.getOperator() instanceof InList list)
        || call.getOperands().size() != 1
        || list.values().rows().size() > INTERVALS_MAX) {
      return Optional.empty();
    }
    return column(call.getOperands().get(0))
        .map(
            column ->
                new ColumnRange(
                    column,
                    list.values().rows().stream()
                        .map(row -> interval(SqlKind.EQUALS, row.get(0)))
                        .toList()));
  }

  private static Interval interval(SqlKind kind, Expression value) {
    boolean inclusive = kind != SqlKind.LESS_THAN && kind != SqlKind.GREATER_THAN;
    Optional<Bound> bound = Optional.of(new Bound(value, inclusive));
    return switch (kind) {
      case EQUALS -> new Interval(bound, bound);
      case LESS_THAN, LESS_THAN_OR_EQUAL -> new Interval(Optional.empty(), bound);
      default -> new Interval(bound, Optional.empty());
    };
  }

  /** The column of a bare reference, or of one cast to a type that tells all its values apart. */
  static Optional<Integer> column(RexNode node) {
    if (node instanceof RexInputRef reference) {
      return Optional.of(reference.getIndex());
    }
    if (node.getKind() == SqlKind.CAST
        && ((RexCall) node).getOperands().get(0) instanceof RexInputRef reference
        && isLossless(reference, node)) {
      return Optional.of(reference.getIndex());
    }
    return Optional.empty();
  }

  private static boolean isLossless(RexInputRef reference, RexNode cast) {
    SqlTypeName from = reference.getType().getSqlTypeName();
    SqlTypeName to = cast.getType().getSqlTypeName();
    if (SqlTypeName.INT_TYPES.contains(from)) {
      return SqlTypeUtil.isExactNumeric(cast.getType())
          && cast.getType().getPrecision() - Math.max(0, cast.getType().getScale())
              >= reference.getType().getPrecision();
    }
    if (from == SqlTypeName.DECIMAL && to == SqlTypeName.DECIMAL) {
      return cast.getType().getScale() >= reference.getType().getScale();
    }
    return SqlTypeName.CHAR_TYPES.contains(from)
        && to == SqlTypeName.VARCHAR
        && (cast.getType().getPrecision() < 0
            || cast.getType().getPrecision() >= reference.getType().getPrecision());
  }
}

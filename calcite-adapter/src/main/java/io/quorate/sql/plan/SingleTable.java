package io.quorate.sql.plan;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelFieldCollation.Direction;
import org.apache.calcite.rel.RelFieldCollation.NullDirection;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.jspecify.annotations.Nullable;

/**
 * A query of one stored table without aggregates, taken apart: all expressions are over the table's
 * columns.
 *
 * @param sort expressions to sort by; the directions are in {@code directions}
 */
record SingleTable(
    StoreTable table,
    RexNode condition,
    List<RexNode> projects,
    List<RexNode> sort,
    List<RelFieldCollation> directions,
    Optional<RexNode> offset,
    Optional<RexNode> fetch) {

  /** Empty when the query is anything else. */
  static Optional<SingleTable> of(RelNode rel) {
    if (rel instanceof TableScan scan) {
      return of(scan);
    }
    if (rel instanceof Filter filter) {
      return filter.getVariablesSet().isEmpty()
          ? of(filter.getInput()).flatMap(inside -> inside.filter(filter))
          : Optional.empty();
    }
    if (rel instanceof Project project) {
      return of(project.getInput()).flatMap(inside -> inside.project(project));
    }
    if (rel instanceof Sort sort) {
      return of(sort.getInput()).flatMap(inside -> inside.sort(sort));
    }
    return Optional.empty();
  }

  private static Optional<SingleTable> of(TableScan scan) {
    StoreTable table = scan.getTable().unwrap(StoreTable.class);
    if (table == null) {
      return Optional.empty();
    }
    RexBuilder builder = Rex.BUILDER;
    List<RexNode> columns = new ArrayList<>(builder.identityProjects(scan.getRowType()));
    return Optional.of(
        new SingleTable(
            table,
            builder.makeLiteral(true),
            columns,
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty()));
  }

  private static boolean isPlain(RexNode node) {
    return RexUtil.SubQueryFinder.find(node) == null
        && !RexOver.containsOver(node)
        && !RexUtil.containsCorrelation(node);
  }

  private Optional<SingleTable> filter(Filter filter) {
    if (isCut() || !isPlain(filter.getCondition())) {
      return Optional.empty();
    }
    RexNode all = and(condition, over(filter.getCondition()));
    return Optional.of(new SingleTable(table, all, projects, sort, directions, offset, fetch));
  }

  private boolean isCut() {
    return !sort.isEmpty() || offset.isPresent() || fetch.isPresent();
  }

  private Optional<SingleTable> project(Project project) {
    if (!project.getProjects().stream().allMatch(SingleTable::isPlain)) {
      return Optional.empty();
    }
    List<RexNode> composed = project.getProjects().stream().map(this::over).toList();
    return Optional.of(
        new SingleTable(table, condition, composed, sort, directions, offset, fetch));
  }

  private Optional<SingleTable> sort(Sort next) {
    if (isCut()) {
      return Optional.empty();
    }
    List<RelFieldCollation> wanted = next.getCollation().getFieldCollations();
    List<RexNode> by = wanted.stream().map(f -> projects.get(f.getFieldIndex())).toList();
    return Optional.of(
        new SingleTable(
            table, condition, projects, by, wanted, optional(next.offset), optional(next.fetch)));
  }

  /** The row with the least or the greatest value of a column; empty when rows are cut off here. */
  Optional<SingleTable> first(RexInputRef column, boolean greatest) {
    if (isCut()) {
      return Optional.empty();
    }
    RexNode known = Rex.BUILDER.makeCall(SqlStdOperatorTable.IS_NOT_NULL, column);
    RexNode all = column.getType().isNullable() ? and(condition, known) : condition;
    Direction direction = greatest ? Direction.DESCENDING : Direction.ASCENDING;
    NullDirection nulls = greatest ? NullDirection.FIRST : NullDirection.LAST;
    return Optional.of(
        new SingleTable(
            table,
            all,
            List.of(column),
            List.of(column),
            List.of(new RelFieldCollation(0, direction, nulls)),
            Optional.empty(),
            Optional.of(Rex.BUILDER.makeExactLiteral(BigDecimal.ONE))));
  }

  private static RexNode and(RexNode left, RexNode right) {
    return RexUtil.composeConjunction(
        Rex.BUILDER,
        RelOptUtil.conjunctions(Rex.BUILDER.makeCall(SqlStdOperatorTable.AND, left, right)));
  }

  private static Optional<RexNode> optional(@Nullable RexNode node) {
    return Optional.ofNullable(node);
  }

  /** An expression over what is projected, as one over the table's columns. */
  private RexNode over(RexNode node) {
    return node.accept(
        new org.apache.calcite.rex.RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            return projects.get(reference.getIndex());
          }
        });
  }

  /**
   * The columns to sort by where they are that, with NULL as the greatest value; else empty, as
   * keys have no other order.
   */
  List<AccessPaths.Ordered> order() {
    List<AccessPaths.Ordered> columns = new ArrayList<>();
    for (int i = 0; i < sort.size(); i++) {
      RelFieldCollation direction = directions.get(i);
      boolean descending = direction.getDirection().isDescending();
      boolean nullsFirst = direction.nullDirection == NullDirection.FIRST;
      if (!(sort.get(i) instanceof RexInputRef reference)
          || (nullsFirst != descending && reference.getType().isNullable())) {
        return List.of();
      }
      columns.add(new AccessPaths.Ordered(reference.getIndex(), descending));
    }
    return columns;
  }
}

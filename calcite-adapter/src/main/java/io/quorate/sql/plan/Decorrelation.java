package io.quorate.sql.plan;

import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.Strong;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.sql.fun.SqlCountAggFunction;
import org.apache.calcite.sql2rel.RelDecorrelator;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Makes joins of sub-queries that depend on the rows outside of them. Of some that Calcite 1.42
 * makes other joins than it should, or fails at; a statement with one of these keeps all of its
 * sub-queries as they are, which are run once for each row outside.
 */
final class Decorrelation {
  private Decorrelation() {}

  static RelNode decorrelate(RelNode rel, RelBuilder builder) {
    if (!isUnderstood(rel, false)) {
      return rel;
    }
    RelNode held = rel.accept(new HeldGroups());
    return RelDecorrelator.decorrelateQuery(held, builder).accept(new HeldGroups.Release());
  }

  /**
   * @param isNothing whether a row with NULLs on the right would not be kept above
   */
  private static boolean isUnderstood(RelNode rel, boolean isNothing) {
    if (rel instanceof Correlate correlate && isMisunderstood(correlate, isNothing)) {
      return false;
    }
    return rel.getInputs().stream()
        .allMatch(input -> isUnderstood(input, rel instanceof Filter f && dropsNulls(f, input)));
  }

  private static boolean dropsNulls(Filter filter, RelNode input) {
    int all = input.getRowType().getFieldCount();
    int right =
        input instanceof Correlate correlate ? correlate.getLeft().getRowType().getFieldCount() : 0;
    return Strong.isNotTrue(filter.getCondition(), ImmutableBitSet.range(right, all));
  }

  private static boolean isMisunderstood(Correlate correlate, boolean isNothing) {
    CorrelationId outer = correlate.getCorrelationId();
    boolean left = correlate.getJoinType() == JoinRelType.LEFT;
    return mixesRows(correlate.getRight(), outer)
        || losesEmptyAggregate(correlate.getRight(), outer, left || isNothing)
        || correlate.getRequiredColumns().asList().stream()
            .anyMatch(field -> isComputed(correlate.getLeft(), field));
  }

  /**
   * A window over rows of one outer row would become one over those of all (CALCITE-7584, 7587),
   * and the sides of a join would be of different ones (CALCITE-7661).
   */
  private static boolean mixesRows(RelNode rel, CorrelationId outer) {
    Set<CorrelationId> used = RelOptUtil.getVariablesUsed(rel);
    if (!used.contains(outer)) {
      return false;
    }
    if (rel instanceof Project project && project.containsOver()) {
      return true;
    }
    if (rel instanceof Join join
        && join.getJoinType() == JoinRelType.INNER
        && RelOptUtil.getVariablesUsed(join.getLeft()).contains(outer)
        && RelOptUtil.getVariablesUsed(join.getRight()).contains(outer)) {
      return true;
    }
    return rel.getInputs().stream().anyMatch(input -> mixesRows(input, outer));
  }

  /**
   * An aggregate without GROUP BY has a row even of no rows. Calcite forgets it unless there is a
   * COUNT or something else that makes no NULL of a NULL, which is right only where a row of NULLs
   * that is missing comes back, as by an outer join, or would not be kept.
   *
   * @param isNothing whether a row of NULLs and no row at all are the same above
   */
  private static boolean losesEmptyAggregate(RelNode rel, CorrelationId outer, boolean isNothing) {
    if (!RelOptUtil.getVariablesUsed(rel).contains(outer)) {
      return false;
    }
    if (rel instanceof Project project) {
      return project.getProjects().stream().allMatch(Strong::isStrong)
          && losesEmptyAggregate(project.getInput(), outer, isNothing);
    }
    if (rel instanceof Filter filter) {
      RelNode input = filter.getInput();
      return losesEmptyAggregate(input, outer, isNothing || dropsNulls(filter, input));
    }
    if (rel instanceof Sort sort) {
      return losesEmptyAggregate(sort.getInput(), outer, isNothing);
    }
    if (rel instanceof Aggregate aggregate
        && aggregate.getGroupSets().stream().anyMatch(ImmutableBitSet::isEmpty)
        && aggregate.getAggCallList().stream()
            .noneMatch(call -> call.getAggregation() instanceof SqlCountAggFunction)
        && !isNothing) {
      return true;
    }
    return rel.getInputs().stream().anyMatch(input -> losesEmptyAggregate(input, outer, false));
  }

  /** Whether a field is an aggregate that may be NULL, at which Calcite fails (CALCITE-7574). */
  private static boolean isComputed(RelNode rel, int field) {
    if (!rel.getRowType().getFieldList().get(field).getType().isNullable()) {
      return false;
    }
    if (rel instanceof Aggregate aggregate) {
      return field >= aggregate.getGroupCount()
          || isComputed(aggregate.getInput(), aggregate.getGroupSet().nth(field));
    }
    if (rel instanceof Project project) {
      return project.getProjects().get(field) instanceof RexInputRef reference
          && isComputed(project.getInput(), reference.getIndex());
    }
    if (rel instanceof Join join) {
      int left = join.getLeft().getRowType().getFieldCount();
      return field < left
          ? isComputed(join.getLeft(), field)
          : join.getJoinType().projectsRight() && isComputed(join.getRight(), field - left);
    }
    return rel instanceof Filter filter && isComputed(filter.getInput(), field);
  }
}

package io.quorate.sql.plan;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.JoinInfo;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;

/**
 * Makes a semi join of {@code EXISTS}, and an anti join of {@code NOT EXISTS}, whose sub-query is
 * connected with the rows outside by a condition at its top only, an equality among it. What
 * decorrelation makes of others reads the rows outside twice.
 */
final class SemiJoins extends RelHomogeneousShuttle {
  @Override
  public RelNode visit(LogicalFilter filter) {
    RelNode visited = super.visit(filter);
    return visited instanceof LogicalFilter inner && inner.getVariablesSet().size() == 1
        ? joined(inner, inner.getVariablesSet().iterator().next())
        : visited;
  }

  private static RelNode joined(LogicalFilter filter, CorrelationId outer) {
    List<RexNode> rest = new ArrayList<>();
    List<Exists> joins = new ArrayList<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(filter.getCondition())) {
      Optional<Exists> exists = Exists.of(conjunct, filter.getInput(), outer);
      exists.ifPresentOrElse(joins::add, () -> rest.add(conjunct));
    }
    if (joins.isEmpty()) {
      return filter;
    }
    RelNode rows = filter.getInput();
    if (!rest.isEmpty()) {
      RexNode condition = RexUtil.composeConjunction(Rex.BUILDER, rest);
      rows = LogicalFilter.create(rows, condition, ImmutableSet.copyOf(filter.getVariablesSet()));
    }
    for (Exists each : joins) {
      rows = LogicalJoin.create(rows, each.rows, List.of(), each.condition, Set.of(), each.type);
    }
    return rows;
  }

  /**
   * Rows that must be there, or must not.
   *
   * @param condition over the fields of the rows outside and then of these
   */
  private record Exists(RelNode rows, RexNode condition, JoinRelType type) {

    static Optional<Exists> of(RexNode conjunct, RelNode outside, CorrelationId outer) {
      boolean isNot = conjunct.getKind() == SqlKind.NOT;
      RexNode asked = isNot ? ((RexCall) conjunct).getOperands().get(0) : conjunct;
      if (!(asked instanceof RexSubQuery query) || query.getKind() != SqlKind.EXISTS) {
        return Optional.empty();
      }
      RelNode rel = query.rel;
      while (rel instanceof LogicalProject project && !project.containsOver()) {
        rel = project.getInput();
      }
      if (!(rel instanceof LogicalFilter filter)
          || RelOptUtil.getVariablesUsed(filter.getInput()).contains(outer)
          || RexUtil.SubQueryFinder.find(filter.getCondition()) != null) {
        return Optional.empty();
      }
      Joining joining = new Joining(outside, outer);
      RexNode condition = filter.getCondition().accept(joining);
      JoinInfo info = JoinInfo.of(outside, filter.getInput(), condition);
      return joining.isOfOthers || info.leftKeys.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Exists(
                  filter.getInput(), condition, isNot ? JoinRelType.ANTI : JoinRelType.SEMI));
    }
  }

  /** Makes of what a sub-query says of the rows outside a condition of a join with these. */
  private static final class Joining extends RexShuttle {
    private final RelNode outside;
    private final CorrelationId outer;
    private boolean isOfOthers;

    Joining(RelNode outside, CorrelationId outer) {
      this.outside = outside;
      this.outer = outer;
    }

    @Override
    public RexNode visitInputRef(RexInputRef reference) {
      int first = outside.getRowType().getFieldCount();
      return new RexInputRef(first + reference.getIndex(), reference.getType());
    }

    @Override
    public RexNode visitFieldAccess(RexFieldAccess access) {
      if (access.getReferenceExpr() instanceof RexCorrelVariable variable
          && variable.id.equals(outer)) {
        return RexInputRef.of(access.getField().getIndex(), outside.getRowType());
      }
      isOfOthers = true;
      return access;
    }
  }
}

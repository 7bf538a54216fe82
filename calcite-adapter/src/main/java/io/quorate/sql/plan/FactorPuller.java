package io.quorate.sql.plan;

import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/** Takes out of each OR what all its branches share: the condition of a join may be in there. */
final class FactorPuller extends RelHomogeneousShuttle {
  @Override
  public RelNode visit(LogicalFilter filter) {
    RelNode visited = super.visit(filter);
    if (!(visited instanceof LogicalFilter inner)) {
      return visited;
    }
    RexNode expanded = RexUtil.expandSearch(Rex.BUILDER, null, inner.getCondition());
    RexNode factored = RexUtil.pullFactors(Rex.BUILDER, expanded);
    boolean same = factored.equals(expanded);
    return same ? inner : inner.copy(inner.getTraitSet(), inner.getInput(), factored);
  }
}

package io.quorate.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableHashJoin;
import org.apache.calcite.adapter.enumerable.EnumerableIntersect;
import org.apache.calcite.adapter.enumerable.EnumerableMinus;
import org.apache.calcite.adapter.enumerable.EnumerableNestedLoopJoin;
import org.apache.calcite.adapter.enumerable.EnumerableSort;
import org.apache.calcite.adapter.enumerable.EnumerableWindow;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;

/** Puts a meter before each operator's input whose rows the operator keeps. */
final class MeterPlacement extends RelHomogeneousShuttle {
  @Override
  public RelNode visit(RelNode other) {
    RelNode visited = super.visit(other);
    List<RelNode> inputs = visited.getInputs();
    List<RelNode> metered = new ArrayList<>(inputs);
    if (visited instanceof EnumerableHashJoin || visited instanceof EnumerableNestedLoopJoin) {
      metered.set(1, new MeteredRows(inputs.get(1)));
    } else if (visited instanceof EnumerableSort
        || visited instanceof EnumerableWindow
        || visited instanceof EnumerableIntersect
        || visited instanceof EnumerableMinus) {
      metered.replaceAll(MeteredRows::new);
    } else if (visited instanceof Aggregate aggregate) {
      return metered(aggregate);
    } else {
      return visited;
    }
    return visited.copy(visited.getTraitSet(), metered);
  }

  /** Groups are kept, and so is what comes in where an aggregate needs it in order. */
  private static RelNode metered(Aggregate aggregate) {
    RelNode kept =
        aggregate.getAggCallList().stream().anyMatch(OrderedSetAggregates::keeps)
            ? aggregate.copy(
                aggregate.getTraitSet(), List.of(new MeteredRows(aggregate.getInput())))
            : aggregate;
    return aggregate.getGroupSet().isEmpty() ? kept : new MeteredRows(kept);
  }
}

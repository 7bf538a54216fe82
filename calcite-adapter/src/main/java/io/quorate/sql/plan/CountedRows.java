package io.quorate.sql.plan;

import io.quorate.sql.exec.RowCounter;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;

/** Passes rows on and counts them for EXPLAIN ANALYZE. */
final class CountedRows extends WatchedRows {
  private final int step;

  CountedRows(RelNode input, int step) {
    super(input);
    this.step = step;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new CountedRows(inputs.get(0), step);
  }

  @Override
  Expression watcher(EnumerableRelImplementor implementor) {
    return implementor.stash(new RowCounter(step), RowCounter.class);
  }
}

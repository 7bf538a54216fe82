package io.quorate.sql.plan;

import io.quorate.sql.exec.RowMeter;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;

/** Passes rows on and counts what they weigh. */
final class MeteredRows extends WatchedRows {
  MeteredRows(RelNode input) {
    super(input);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new MeteredRows(inputs.get(0));
  }

  @Override
  Expression watcher(EnumerableRelImplementor implementor) {
    return implementor.stash(new RowMeter(getRowType().getFieldCount()), RowMeter.class);
  }
}

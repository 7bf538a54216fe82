package io.quorate.sql.plan;

import io.quorate.sql.exec.RowMeter;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.SingleRel;

/** Passes rows on and counts what they weigh. */
final class MeteredRows extends SingleRel implements EnumerableRel {
  MeteredRows(RelNode input) {
    super(input.getCluster(), input.getTraitSet(), input);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new MeteredRows(inputs.get(0));
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    BlockBuilder block = new BlockBuilder();
    Result rows = implementor.visitChild(this, 0, (EnumerableRel) getInput(), prefer);
    Expression input = block.append("rows", rows.block);
    Expression meter =
        implementor.stash(new RowMeter(getRowType().getFieldCount()), RowMeter.class);
    block.add(
        Expressions.call(
            meter, "count", DataContext.ROOT, Expressions.convert_(input, Enumerable.class)));
    return implementor.result(rows.physType, block.toBlock());
  }
}

package io.quorate.sql.plan;

import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.SingleRel;

/** Passes rows on through something that looks at them. */
abstract class WatchedRows extends SingleRel implements EnumerableRel {
  WatchedRows(RelNode input) {
    super(input.getCluster(), input.getTraitSet(), input);
  }

  /** What has a method {@code count(DataContext, Enumerable)}, which gives the rows back. */
  abstract Expression watcher(EnumerableRelImplementor implementor);

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    BlockBuilder block = new BlockBuilder();
    Result rows = implementor.visitChild(this, 0, (EnumerableRel) getInput(), prefer);
    Expression input = block.append("rows", rows.block);
    block.add(
        Expressions.call(
            watcher(implementor),
            "count",
            DataContext.ROOT,
            Expressions.convert_(input, Enumerable.class)));
    return implementor.result(rows.physType, block.toBlock());
  }
}

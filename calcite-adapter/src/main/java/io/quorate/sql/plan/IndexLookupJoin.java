package io.quorate.sql.plan;

import io.quorate.sql.exec.LookupJoin;
import java.util.List;
import java.util.Set;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableHashJoin;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.function.Function0;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Blocks;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexNode;

/**
 * A join of which one side, the outer, is gone through in batches, and the other reads for each
 * batch what the keys of its rows lead to. Each batch is joined as {@link EnumerableHashJoin} joins
 * whole sides, so that what matches, what is not known and what is left over is the same there and
 * here. The order of the outer side is kept where that is the left one.
 */
final class IndexLookupJoin extends Join implements EnumerableRel {
  private final LookupJoin lookups;
  private final int outer;
  private final RelSize size;

  /**
   * A join in the place of another.
   *
   * @param outer the input that is gone through, 0 or 1
   * @param left with its {@link StoreScan} made for {@code lookups}, if it is not the outer one
   * @param size of what the join gives
   */
  IndexLookupJoin(
      Join join, RelNode left, RelNode right, int outer, LookupJoin lookups, RelSize size) {
    this(
        join.getTraitSet(),
        left,
        right,
        join.getCondition(),
        join.getJoinType(),
        outer,
        lookups,
        size);
  }

  private IndexLookupJoin(
      RelTraitSet traits,
      RelNode left,
      RelNode right,
      RexNode condition,
      JoinRelType type,
      int outer,
      LookupJoin lookups,
      RelSize size) {
    super(left.getCluster(), traits, List.of(), left, right, condition, Set.of(), type);
    this.outer = outer;
    this.lookups = lookups;
    this.size = size;
  }

  @Override
  public IndexLookupJoin copy(
      RelTraitSet traits,
      RexNode conditionExpr,
      RelNode newLeft,
      RelNode newRight,
      JoinRelType type,
      boolean semiJoinDone) {
    return new IndexLookupJoin(
        traits, newLeft, newRight, conditionExpr, type, outer, lookups, size);
  }

  /** The number of the input that is gone through. */
  int outer() {
    return outer;
  }

  /** What was thought when it was made; of its inner side no more is known than of one batch. */
  RelSize size() {
    return size;
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).item("outer", outer == 0 ? "left" : "right");
  }

  @Override
  @SuppressWarnings("unchecked") // what a lambda is, is told by a raw class
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    Result rows =
        implementor.visitChild(this, outer, (EnumerableRel) getInput(outer), Prefer.ARRAY);
    BlockBuilder block = new BlockBuilder();
    Expression outerRows =
        block.append(
            "outer",
            rows.physType.convertTo(
                block.append("rows", rows.block),
                batchType(implementor, getInput(outer)).getFormat()));
    Expression joins = implementor.stash(lookups, LookupJoin.class);
    RelNode batch = new BatchRows(getInput(outer), lookups);
    EnumerableHashJoin ofBatch =
        EnumerableHashJoin.create(
            outer == 0 ? batch : left,
            new MeteredRows(outer == 0 ? right : batch),
            condition,
            Set.of(),
            joinType);
    Result joined = ofBatch.implement(implementor, prefer);
    block.add(
        Expressions.call(
            joins,
            "rows",
            DataContext.ROOT,
            Expressions.convert_(outerRows, Enumerable.class),
            Expressions.lambda(Function0.class, joined.block)));
    return implementor.result(joined.physType, block.toBlock());
  }

  /** Of a row an array, or the value itself where there is one field. */
  private static PhysType batchType(EnumerableRelImplementor implementor, RelNode rows) {
    return PhysTypeImpl.of(implementor.getTypeFactory(), rows.getRowType(), JavaRowFormat.ARRAY);
  }

  /** The rows of the outer side that are being joined. */
  private static final class BatchRows extends AbstractRelNode implements EnumerableRel {
    private final LookupJoin lookups;

    BatchRows(RelNode outer, LookupJoin lookups) {
      super(outer.getCluster(), outer.getTraitSet());
      this.rowType = outer.getRowType();
      this.lookups = lookups;
    }

    @Override
    public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
      return implementor.result(
          batchType(implementor, this),
          Blocks.toBlock(
              Expressions.call(
                  implementor.stash(lookups, LookupJoin.class), "batch", DataContext.ROOT)));
    }
  }
}

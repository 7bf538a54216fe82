package io.quorate.sql.plan;

import io.quorate.sql.exec.RecursiveRows;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.function.Function0;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.BiRel;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;

/** A recursive query: its first part, and the one that reads what came before. */
final class RecursiveUnion extends BiRel implements EnumerableRel {
  /** How many rows one row leads to is not known before. */
  private static final double ROWS_A_ROW = 10;

  /** Has its parts made ready for generated code, and then itself. */
  static final RelOptRule RULE =
      ConverterRule.Config.INSTANCE
          .withConversion(
              RecursiveUnion.class,
              Convention.NONE,
              EnumerableConvention.INSTANCE,
              "RecursiveUnionRule")
          .withRuleFactory(Ready::new)
          .toRule(Ready.class);

  private final RecursiveRows rows;

  RecursiveUnion(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode first,
      RelNode step,
      RelDataType rowType,
      RecursiveRows rows) {
    super(cluster, traits, first, step);
    this.rowType = rowType;
    this.rows = rows;
  }

  private static final class Ready extends ConverterRule {
    Ready(Config config) {
      super(config);
    }

    @Override
    public RelNode convert(RelNode rel) {
      RecursiveUnion union = (RecursiveUnion) rel;
      RelTraitSet traits = union.getTraitSet().replace(EnumerableConvention.INSTANCE);
      return union.copy(
          traits,
          List.of(
              convert(union.left, union.left.getTraitSet().replace(EnumerableConvention.INSTANCE)),
              convert(
                  union.right, union.right.getTraitSet().replace(EnumerableConvention.INSTANCE))));
    }
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new RecursiveUnion(
        getCluster(), traits, inputs.get(0), inputs.get(1), getRowType(), rows);
  }

  @Override
  public double estimateRowCount(RelMetadataQuery query) {
    return ROWS_A_ROW * query.getRowCount(left);
  }

  @Override
  @SuppressWarnings("unchecked") // what a lambda is, is told by a raw class
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    BlockBuilder block = new BlockBuilder();
    Expression first =
        block.append(
            "first", implementor.visitChild(this, 0, (EnumerableRel) left, Prefer.ARRAY).block);
    Expression step =
        Expressions.lambda(
            Function0.class,
            implementor.visitChild(this, 1, (EnumerableRel) right, Prefer.ARRAY).block);
    block.add(
        Expressions.call(
            implementor.stash(rows, RecursiveRows.class),
            "all",
            DataContext.ROOT,
            Expressions.convert_(first, Enumerable.class),
            step));
    PhysType type =
        PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), JavaRowFormat.ARRAY);
    return implementor.result(type, block.toBlock());
  }
}

package io.quorate.sql.plan;

import io.quorate.sql.exec.AccessPath;
import io.quorate.sql.exec.ScanSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.tree.Blocks;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;

/** Reads some columns of a table, by a key or an index where the query allows. */
final class StoreScan extends TableScan implements EnumerableRel {
  private final PlannedTable source;
  private final int[] columns;
  private final Optional<AccessPath> path;
  private final double share;

  /**
   * @param path empty for a table that is not stored
   * @param share of the table's rows that the path is thought to lead to
   */
  StoreScan(
      RelOptCluster cluster,
      RelOptTable table,
      int[] columns,
      Optional<AccessPath> path,
      double share) {
    super(cluster, cluster.traitSetOf(EnumerableConvention.INSTANCE), List.of(), table);
    this.source = table.unwrapOrThrow(PlannedTable.class);
    this.columns = columns;
    this.path = path;
    this.share = share;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return this;
  }

  int[] columns() {
    return columns;
  }

  Optional<AccessPath> path() {
    return path;
  }

  @Override
  public RelDataType deriveRowType() {
    RelDataTypeFactory.Builder builder = getCluster().getTypeFactory().builder();
    for (int column : columns) {
      builder.add(source.rowType().getFieldList().get(column));
    }
    return builder.build();
  }

  @Override
  public double estimateRowCount(RelMetadataQuery query) {
    return Math.max(1, table.getRowCount() * share);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
    double rows = estimateRowCount(query);
    return planner.getCostFactory().makeCost(rows, rows * (1 + columns.length), 0);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    String names =
        deriveRowType().getFieldNames().stream().collect(Collectors.joining(", ", "(", ")"));
    return super.explainTerms(writer)
        .item("columns", names)
        .item("access", path.map(AccessPath::describe).orElse("rows of this node"));
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    PhysType type =
        PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), JavaRowFormat.ARRAY);
    Expression rows =
        Expressions.call(
            implementor.stash(source.source(path, columns), ScanSource.class),
            "scan",
            DataContext.ROOT);
    return implementor.result(type, Blocks.toBlock(rows));
  }
}

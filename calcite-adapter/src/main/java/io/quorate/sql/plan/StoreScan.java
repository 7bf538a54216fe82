package io.quorate.sql.plan;

import io.quorate.sql.exec.AccessPath;
import io.quorate.sql.exec.ScanSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads some columns of a table, by a key or an index where the query allows, and only the rows
 * that satisfy what can be told from their bytes.
 */
final class StoreScan extends TableScan implements EnumerableRel {
  private final RelOptTable whole;
  private final PlannedTable source;
  private final int[] columns;
  private final Optional<AccessPath> path;
  private final double share;
  private final String condition;

  /**
   * @param path empty for a table that is not stored
   * @param share of the table's rows that the path is thought to lead to
   * @param condition of the rows that the path keeps, as text; empty for all
   */
  StoreScan(
      RelOptCluster cluster,
      RelOptTable table,
      int[] columns,
      Optional<AccessPath> path,
      double share,
      String condition) {
    super(
        cluster,
        cluster.traitSetOf(EnumerableConvention.INSTANCE),
        List.of(),
        new ScannedTable(table, columns, cluster.getTypeFactory()));
    this.whole = table;
    this.source = table.unwrapOrThrow(PlannedTable.class);
    this.columns = columns;
    this.path = path;
    this.share = share;
    this.condition = condition;
  }

  /** Reads no column that nobody asks for; one at least, for a row needs a value. */
  @Override
  public RelNode project(ImmutableBitSet fields, Set<RelDataTypeField> extra, RelBuilder builder) {
    if (!extra.isEmpty()) {
      return super.project(fields, extra, builder);
    }
    int[] picked = fields.isEmpty() ? new int[] {0} : fields.toArray();
    int[] ordinals = Arrays.stream(picked).map(field -> columns[field]).toArray();
    return new StoreScan(getCluster(), whole, ordinals, path, share, condition);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return this;
  }

  /** Of the rows that its path is thought to lead to. */
  double share() {
    return share;
  }

  int[] columns() {
    return columns;
  }

  Optional<AccessPath> path() {
    return path;
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
        .item("access", path.map(AccessPath::describe).orElse("rows of this node"))
        .itemIf("filter", condition, !condition.isEmpty());
  }

  /** The terms do not tell one range from another. */
  @Override
  public boolean deepEquals(@Nullable Object other) {
    return super.deepEquals(other) && other instanceof StoreScan scan && path.equals(scan.path);
  }

  @Override
  public int deepHashCode() {
    return super.deepHashCode();
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    return scan(this, source.source(path, columns), implementor);
  }

  /** The code of an operator whose rows are those of a source. */
  static Result scan(RelNode operator, ScanSource from, EnumerableRelImplementor implementor) {
    PhysType type =
        PhysTypeImpl.of(implementor.getTypeFactory(), operator.getRowType(), JavaRowFormat.ARRAY);
    Expression rows =
        Expressions.call(implementor.stash(from, ScanSource.class), "scan", DataContext.ROOT);
    return implementor.result(type, Blocks.toBlock(rows));
  }
}

package io.quorate.sql.plan;

import io.quorate.sql.exec.AccessPath;
import io.quorate.sql.exec.LookupJoin;
import io.quorate.sql.exec.LookupSource;
import io.quorate.sql.exec.ScanSource;
import io.quorate.sql.exec.TableSource;
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
  private final Optional<LookupJoin> lookup;

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
    this(cluster, table, columns, path, share, condition, Optional.empty());
  }

  private StoreScan(
      RelOptCluster cluster,
      RelOptTable table,
      int[] columns,
      Optional<AccessPath> path,
      double share,
      String condition,
      Optional<LookupJoin> lookup) {
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
    this.lookup = lookup;
  }

  /**
   * The same for a join that looks its rows up.
   *
   * @param part of its rows that each batch of the join is thought to find
   */
  StoreScan lookedUp(LookupJoin join, double part) {
    return new StoreScan(
        getCluster(), whole, columns, path, share * part, condition, Optional.of(join));
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

  /** Empty for a table that is not stored. */
  Optional<StoreTable> stored() {
    return source instanceof StoreTable table ? Optional.of(table) : Optional.empty();
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
        .item("access", access())
        .itemIf("filter", condition, !condition.isEmpty());
  }

  boolean isLookup() {
    return lookup.isPresent();
  }

  private String access() {
    return lookup
        .map(join -> join.key().describe())
        .or(() -> path.map(AccessPath::describe))
        .orElse("rows of this node");
  }

  /** The terms do not tell one range from another. */
  @Override
  public boolean deepEquals(@Nullable Object other) {
    return super.deepEquals(other)
        && other instanceof StoreScan scan
        && path.equals(scan.path)
        && lookup.equals(scan.lookup);
  }

  @Override
  public int deepHashCode() {
    return super.deepHashCode();
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    ScanSource rows = source.source(path, columns);
    return scan(
        this,
        lookup.isPresent() ? new LookupSource(lookup.get(), (TableSource) rows) : rows,
        implementor);
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

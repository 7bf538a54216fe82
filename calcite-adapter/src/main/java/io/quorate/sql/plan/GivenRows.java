package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.GivenSource;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.jspecify.annotations.Nullable;

/**
 * Many rows of constants and parameters, kept beside the plan: Calcite has an operator for each
 * that is no literal, and generated code has no room for them.
 */
final class GivenRows extends AbstractRelNode implements EnumerableRel {
  /** Fewer are left to Calcite, which knows what to make of single values. */
  private static final int CODED_ROWS_MAX = 100;

  private final List<List<Expression>> rows;

  private GivenRows(RelOptCluster cluster, RelDataType rowType, List<List<Expression>> rows) {
    super(cluster, cluster.traitSetOf(EnumerableConvention.INSTANCE));
    this.rowType = rowType;
    this.rows = rows;
  }

  /** Puts itself where there are that many, in sub-queries too. */
  static RelNode place(RelNode root) {
    RexShuttle inside =
        new RexShuttle() {
          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            RexSubQuery visited = (RexSubQuery) super.visitSubQuery(query);
            return visited.clone(place(visited.rel));
          }
        };
    return root.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode operator) {
            Optional<RelNode> given = of(operator);
            return given.isPresent() ? given.get() : super.visit(operator).accept(inside);
          }
        });
  }

  private static Optional<RelNode> of(RelNode operator) {
    return ConstantRows.of(operator)
        .filter(rows -> rows.size() > CODED_ROWS_MAX)
        .filter(rows -> rows.stream().flatMap(List::stream).allMatch(RexCompiler::isConstant))
        .flatMap(RexCompiler::compileRows)
        .map(rows -> new GivenRows(operator.getCluster(), operator.getRowType(), rows));
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return this;
  }

  @Override
  public double estimateRowCount(RelMetadataQuery query) {
    return rows.size();
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).item("rows", rows.size());
  }

  /** The terms do not tell one from another. */
  @Override
  public boolean deepEquals(@Nullable Object other) {
    return super.deepEquals(other) && other instanceof GivenRows given && rows.equals(given.rows);
  }

  @Override
  public int deepHashCode() {
    return super.deepHashCode();
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    List<SqlType> types =
        getRowType().getFieldList().stream().map(f -> Types.fromCalcite(f.getType())).toList();
    return StoreScan.scan(this, new GivenSource(types, rows), implementor);
  }
}

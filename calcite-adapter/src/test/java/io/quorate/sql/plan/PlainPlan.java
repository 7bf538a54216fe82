package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.parse.StatementParser;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableNestedLoopJoin;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRules;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRules;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql2rel.ConvertToChecked;

/**
 * Plans without optimising: the tree as the text has it, all rows of each table, every join a
 * nested loop, every sub-query asked for each row.
 */
final class PlainPlan {
  private static final List<RelOptRule> SUB_QUERIES =
      List.of(CoreRules.FILTER_SUB_QUERY_TO_CORRELATE, CoreRules.PROJECT_SUB_QUERY_TO_CORRELATE);

  /** Generated code has no operator for them, and some sub-queries become such. */
  private static final List<RelOptRule> DISTINCT_AGGREGATES =
      List.of(CoreRules.AGGREGATE_EXPAND_DISTINCT_AGGREGATES);

  private static final List<RelOptRule> OPERATORS =
      List.of(
          NestedLoops.RULE,
          EnumerableRules.ENUMERABLE_CORRELATE_RULE,
          EnumerableRules.ENUMERABLE_CONDITIONAL_CORRELATE_RULE,
          EnumerableRules.ENUMERABLE_PROJECT_RULE,
          EnumerableRules.ENUMERABLE_FILTER_RULE,
          EnumerableRules.ENUMERABLE_AGGREGATE_RULE,
          EnumerableRules.ENUMERABLE_SORT_RULE,
          EnumerableRules.ENUMERABLE_LIMIT_RULE,
          EnumerableRules.ENUMERABLE_UNION_RULE,
          EnumerableRules.ENUMERABLE_VALUES_RULE);

  private PlainPlan() {}

  static Plan.Query of(Schemas schemas, String schema, String sql) {
    Conversions conversions = Conversions.of(StatementParser.parse(sql), schemas.reader(schema));
    RelNode rel = conversions.root().project();
    return GeneralQuery.of(
        rel, operators(rel), conversions.parameters(), conversions.columns(), false);
  }

  static Schemas schemas(TestDatabase database) {
    Catalog catalog = database.catalog();
    return new Schemas(catalog, database.statistics(), List.of());
  }

  private static EnumerableRel operators(RelNode converted) {
    RelNode rel = rewritten(rewritten(converted, SUB_QUERIES), DISTINCT_AGGREGATES);
    rel = rel.accept(new UuidOrder()).accept(new WholeTables());
    rel = new ConvertToChecked(Rex.BUILDER, true).visit(rel);
    rel = rel.accept(new DecimalRules(RelFactories.LOGICAL_BUILDER.create(rel.getCluster(), null)));
    RelOptPlanner planner = rel.getCluster().getPlanner();
    planner.clear();
    OPERATORS.forEach(planner::addRule);
    planner.setRoot(
        planner.changeTraits(
            rel, rel.getTraitSet().replace(EnumerableConvention.INSTANCE).simplify()));
    // Generated code has no operators for a projection and a filter alone.
    return (EnumerableRel) rewritten(planner.findBestExp(), RelOptRules.CALC_RULES);
  }

  private static RelNode rewritten(RelNode rel, Collection<RelOptRule> rules) {
    HepPlanner planner = new HepPlanner(new HepProgramBuilder().addRuleCollection(rules).build());
    planner.setRoot(rel);
    return planner.findBestExp();
  }

  /** All rows and columns of each table. */
  private static final class WholeTables extends RelHomogeneousShuttle {
    @Override
    public RelNode visit(TableScan scan) {
      StoreTable table = scan.getTable().unwrapOrThrow(StoreTable.class);
      RexNode all = Rex.BUILDER.makeLiteral(true);
      return new StoreScan(
          scan.getCluster(),
          scan.getTable(),
          IntStream.range(0, scan.getRowType().getFieldCount()).toArray(),
          Optional.of(AccessPaths.choose(table, all, List.of(), false).path()),
          1,
          "");
    }
  }

  private static final class NestedLoops extends ConverterRule {
    static final RelOptRule RULE =
        Config.INSTANCE
            .withConversion(
                LogicalJoin.class, Convention.NONE, EnumerableConvention.INSTANCE, "NestedLoops")
            .withRuleFactory(NestedLoops::new)
            .toRule(NestedLoops.class);

    private NestedLoops(Config config) {
      super(config);
    }

    @Override
    public RelNode convert(RelNode rel) {
      LogicalJoin join = (LogicalJoin) rel;
      return EnumerableNestedLoopJoin.create(
          operators(join.getLeft()),
          operators(join.getRight()),
          join.getCondition(),
          join.getVariablesSet(),
          join.getJoinType());
    }

    private static RelNode operators(RelNode input) {
      return convert(input, input.getTraitSet().replace(EnumerableConvention.INSTANCE));
    }
  }
}

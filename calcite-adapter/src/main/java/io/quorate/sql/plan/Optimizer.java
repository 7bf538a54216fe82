package io.quorate.sql.plan;

import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRules;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRules;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.plan.hep.HepMatchOrder;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.sql2rel.ConvertToChecked;
import org.apache.calcite.tools.RelBuilder;

/**
 * The general way from algebra to operators, in steps that each end: sub-queries become joins,
 * filters go down, joins are ordered, scans get their columns and keys, and a small Volcano turns
 * the tree as it is into generated code's operators. No step searches among orders of joins, and no
 * rule makes a merge join, which would sort both sides.
 */
final class Optimizer {
  private static final List<RelOptRule> SUB_QUERIES =
      List.of(
          CoreRules.FILTER_SUB_QUERY_TO_CORRELATE,
          CoreRules.PROJECT_SUB_QUERY_TO_CORRELATE,
          CoreRules.JOIN_SUB_QUERY_TO_CORRELATE);

  private static final List<RelOptRule> PUSH_DOWN =
      List.of(
          CoreRules.FILTER_INTO_JOIN,
          CoreRules.JOIN_CONDITION_PUSH,
          CoreRules.FILTER_PROJECT_TRANSPOSE,
          CoreRules.FILTER_AGGREGATE_TRANSPOSE,
          CoreRules.FILTER_SET_OP_TRANSPOSE,
          CoreRules.FILTER_WINDOW_TRANSPOSE,
          CoreRules.FILTER_MERGE,
          CoreRules.PROJECT_MERGE,
          CoreRules.PROJECT_REMOVE,
          CoreRules.AGGREGATE_PROJECT_MERGE);

  /**
   * Apart from what goes down: each look at an aggregate works out the keys of all below it anew,
   * and among others it would be looked at again whenever one of them has moved something.
   */
  private static final List<RelOptRule> NEEDLESS =
      List.of(CoreRules.AGGREGATE_REMOVE, CoreRules.PROJECT_MERGE, CoreRules.PROJECT_REMOVE);

  private static final List<RelOptRule> REDUCTIONS =
      List.of(
          CoreRules.AGGREGATE_EXPAND_DISTINCT_AGGREGATES,
          CoreRules.AGGREGATE_REDUCE_FUNCTIONS,
          CoreRules.PROJECT_TO_LOGICAL_PROJECT_AND_WINDOW,
          CoreRules.FILTER_REDUCE_EXPRESSIONS,
          ProjectConstants.RULE,
          CoreRules.JOIN_REDUCE_EXPRESSIONS,
          CoreRules.PROJECT_MERGE,
          CoreRules.PROJECT_REMOVE);

  private static final List<RelOptRule> OPERATORS =
      List.of(
          EnumerableRules.ENUMERABLE_JOIN_RULE,
          EnumerableRules.ENUMERABLE_ASOFJOIN_RULE,
          EnumerableRules.ENUMERABLE_CORRELATE_RULE,
          EnumerableRules.ENUMERABLE_CONDITIONAL_CORRELATE_RULE,
          EnumerableRules.ENUMERABLE_PROJECT_RULE,
          EnumerableRules.ENUMERABLE_FILTER_RULE,
          EnumerableRules.ENUMERABLE_CALC_RULE,
          EnumerableRules.ENUMERABLE_AGGREGATE_RULE,
          EnumerableRules.ENUMERABLE_SORT_RULE,
          EnumerableRules.ENUMERABLE_LIMIT_SORT_RULE,
          EnumerableRules.ENUMERABLE_LIMIT_RULE,
          EnumerableRules.ENUMERABLE_UNION_RULE,
          RecursiveUnion.RULE,
          EnumerableRules.ENUMERABLE_TABLE_SCAN_RULE,
          EnumerableRules.ENUMERABLE_INTERSECT_RULE,
          EnumerableRules.ENUMERABLE_MINUS_RULE,
          EnumerableRules.ENUMERABLE_VALUES_RULE,
          EnumerableRules.ENUMERABLE_WINDOW_RULE,
          EnumerableRules.ENUMERABLE_COLLECT_RULE,
          EnumerableRules.ENUMERABLE_UNCOLLECT_RULE,
          EnumerableRules.ENUMERABLE_TABLE_FUNCTION_SCAN_RULE,
          EnumerableRules.ENUMERABLE_MATCH_RULE);

  private Optimizer() {}

  static EnumerableRel optimize(RelNode converted) {
    return optimize(converted, LookupCosts.STANDARD);
  }

  static EnumerableRel optimize(RelNode converted, LookupCosts lookups) {
    RelNode rel = GivenRows.place(converted).accept(new UuidOrder()).accept(new SemiJoins());
    rel = rel.accept(new GuardedValues());
    rel = hep(rel, HepMatchOrder.DEPTH_FIRST, List.of(SUB_QUERIES));
    RelBuilder builder = RelFactories.LOGICAL_BUILDER.create(rel.getCluster(), null);
    // Once more, for the comparisons that quantified ones have become.
    rel = rel.accept(new UuidOrder());
    // And for what is in sub-queries.
    rel = rel.accept(new GuardedValues());
    rel = rel.accept(new NullComparisons());
    rel = rel.accept(new WindowSums());
    rel = Decorrelation.decorrelate(rel, builder);
    rel =
        rel.accept(new GuardedValues()).accept(new FactorPuller()).accept(new ImpliedConditions());
    rel = hep(rel, HepMatchOrder.ARBITRARY, List.of(PUSH_DOWN, NEEDLESS));
    rel = new FieldTrimmer(builder).trim(rel);
    rel = hep(rel, HepMatchOrder.ARBITRARY, List.of(REDUCTIONS, NEEDLESS, PUSH_DOWN));
    rel = rel.accept(new JoinOrder(builder));
    rel = trimmed(rel, builder);
    // What only a condition needed that a scan has taken over is not read any more.
    rel = trimmed(rel.accept(new ScanPlacement()), builder);
    rel = rel.accept(new RecursionPlacement());
    rel = rel.accept(new UnpaddedComparisons());
    rel = new ConvertToChecked(Rex.BUILDER, true).visit(rel);
    rel = rel.accept(new DecimalRules(builder));
    rel = operators(rel.accept(new OuterLoops()));
    rel = hep(rel, HepMatchOrder.ARBITRARY, List.of(RelOptRules.CALC_RULES));
    rel = rel.accept(new LookupJoins(lookups));
    PlanningBudget.of(rel).checkCode(rel);
    return (EnumerableRel) rel;
  }

  private static RelNode trimmed(RelNode rel, RelBuilder builder) {
    return hep(
        new FieldTrimmer(builder).trim(rel),
        HepMatchOrder.ARBITRARY,
        List.of(List.of(CoreRules.PROJECT_MERGE, CoreRules.PROJECT_REMOVE)));
  }

  /**
   * Steps one after the other on one graph, each until it changes nothing any more: what one has
   * worked out of what it leaves as it is, keys and conditions that hold, serves the next.
   */
  private static RelNode hep(RelNode rel, HepMatchOrder order, List<List<RelOptRule>> steps) {
    HepProgramBuilder program = new HepProgramBuilder().addMatchOrder(order);
    steps.forEach(program::addRuleCollection);
    HepPlanner planner =
        new HepPlanner(
            program.build(), null, true, null, rel.getCluster().getPlanner().getCostFactory());
    planner.setExecutor(rel.getCluster().getPlanner().getExecutor());
    PlanningBudget budget = PlanningBudget.of(rel);
    budget.check(rel);
    planner.addListener(budget);
    planner.setRoot(rel);
    return planner.findBestExp();
  }

  private static RelNode operators(RelNode rel) {
    RelOptPlanner planner = rel.getCluster().getPlanner();
    planner.clear();
    PlanningBudget.of(rel).check(rel);
    OPERATORS.forEach(planner::addRule);
    RelTraitSet traits = rel.getTraitSet().replace(EnumerableConvention.INSTANCE).simplify();
    planner.setRoot(rel.getTraitSet().equals(traits) ? rel : planner.changeTraits(rel, traits));
    return planner.findBestExp();
  }
}

package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.parse.StatementParser;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.rel.RelNode;

/** Plans whose joins look rows up wherever they can. */
final class LookupPlans {
  /** What they may cost: nothing, so that the second batch reads all; a scan; without end. */
  static final List<LookupCosts> COSTS =
      List.of(
          new LookupCosts(true, 0),
          new LookupCosts(true, 1),
          new LookupCosts(true, Double.POSITIVE_INFINITY));

  private static final AtomicInteger JOINS = new AtomicInteger();

  private LookupPlans() {}

  /** By the seed with one of the costs. */
  static BiFunction<TestDatabase, String, Plan.Query> of(long seed) {
    LookupCosts costs = COSTS.get((int) (seed % COSTS.size()));
    return (database, sql) -> plan(database, sql, costs);
  }

  static Plan.Query plan(TestDatabase database, String sql, LookupCosts costs) {
    Conversions conversions =
        Conversions.of(
            StatementParser.parse(sql), PlainPlan.schemas(database).reader(Catalog.DEFAULT_SCHEMA));
    RelNode rel = conversions.root().project();
    EnumerableRel operators = Optimizer.optimize(rel, costs);
    JOINS.addAndGet(joins(operators));
    return GeneralQuery.of(rel, operators, conversions.parameters(), conversions.columns(), false);
  }

  /** How many joins of all plans so far look up. */
  static int joins() {
    return JOINS.get();
  }

  private static int joins(RelNode rel) {
    int inside = rel.getInputs().stream().mapToInt(LookupPlans::joins).sum();
    return inside + (rel instanceof IndexLookupJoin ? 1 : 0);
  }
}

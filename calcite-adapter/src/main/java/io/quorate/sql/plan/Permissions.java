package io.quorate.sql.plan;

import io.quorate.sql.catalog.Authority;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.parse.StatementParser;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.sql.SqlNode;

/**
 * Decides whether users may run statements. What a statement needs is worked out once for each
 * version of the catalog, and who ran it last needs no second look. Thread-safe.
 */
final class Permissions {
  private final PlanCache<Known> known;
  private final LiteralPlans literals;

  /**
   * @param statementsMax whose needs are remembered
   * @param literals by which statements have needs in common
   */
  Permissions(int statementsMax, LiteralPlans literals) {
    this.known = new PlanCache<>(statementsMax);
    this.literals = literals;
  }

  /** Of one statement and catalog. */
  private static final class Known {
    final List<Need> needs;

    /** Who was allowed them last; empty for nobody yet. */
    volatile String allowed = "";

    Known(List<Need> needs) {
      this.needs = needs;
    }
  }

  /**
   * Refuses a user who is not allowed what the statement needs.
   *
   * @param schema for names without one
   * @param user who may not do everything
   */
  void check(Schemas tables, String schema, String sql, String user) {
    Catalog catalog = tables.catalog();
    PlanCache.Key own = new PlanCache.Key(catalog.version(), schema, sql);
    Optional<Known> ofText = known.find(own);
    Optional<LiteralPlans.Common> common =
        ofText.isPresent() ? Optional.empty() : literals.common(tables, schema, sql);
    PlanCache.Key key = common.map(LiteralPlans.Common::key).orElse(own);
    Optional<Known> before = common.isPresent() ? known.find(key) : ofText;
    Known statement =
        before.orElseGet(
            () ->
                new Known(
                    needs(
                        tables,
                        schema,
                        common
                            .map(LiteralPlans.Common::node)
                            .orElseGet(() -> StatementParser.parse(sql)))));
    if (!statement.allowed.equals(user)) {
      Authority session = Authority.of(catalog, user);
      statement.needs.forEach(need -> need.check(catalog, session));
      statement.allowed = user;
    }
    if (before.isEmpty() && !CalcitePlanner.holdsPassword(StatementParser.parse(sql))) {
      known.put(key, statement);
    }
  }

  private static List<Need> needs(Schemas tables, String schema, SqlNode node) {
    try {
      return Needs.of(tables, schema, node);
    } catch (RuntimeException | AssertionError | StackOverflowError | LinkageError e) {
      throw Failures.planning(e);
    }
  }
}

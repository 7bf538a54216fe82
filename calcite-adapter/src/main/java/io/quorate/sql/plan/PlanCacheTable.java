package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.catalog.VirtualTable;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SYSTEM.PLAN_CACHE: the plans that a node remembers. Its texts hold what users write, so it is for
 * administrators. Thread-safe.
 */
public final class PlanCacheTable {
  /** The table. */
  public static final VirtualTable DEFINITION =
      new VirtualTable(
          Catalog.SYSTEM_SCHEMA,
          "PLAN_CACHE",
          List.of(
              new ColumnDef("STATEMENT", SqlType.of(Name.VARCHAR), false, null),
              new ColumnDef("SCHEMA_NAME", SqlType.of(Name.VARCHAR), false, null),
              new ColumnDef("KIND", SqlType.of(Name.VARCHAR), false, null),
              new ColumnDef("HITS", SqlType.of(Name.BIGINT), false, null),
              new ColumnDef("MADE_AT", new SqlType(Name.TIMESTAMP, 3, 0), false, null),
              new ColumnDef("CATALOG_VERSION", SqlType.of(Name.BIGINT), false, null),
              new ColumnDef("LEVEL", SqlType.of(Name.VARCHAR), false, null)));

  private final PlanCache<RememberedPlan> plans;

  PlanCacheTable(PlanCache<RememberedPlan> plans) {
    this.plans = plans;
  }

  /** Its rows, those that were not asked for longest first. */
  List<@Nullable Object[]> rows() {
    return plans.entries().stream()
        .<@Nullable Object[]>map(entry -> row(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static @Nullable Object[] row(PlanCache.Key key, RememberedPlan remembered) {
    return new @Nullable Object[] {
      key.sql(),
      key.schema(),
      kind(remembered.plan()),
      remembered.hits(),
      LocalDateTime.ofInstant(remembered.madeAt().truncatedTo(ChronoUnit.MILLIS), ZoneOffset.UTC),
      key.catalogVersion(),
      key.level().name()
    };
  }

  private static String kind(Plan plan) {
    if (plan instanceof Plan.Definition) {
      return "DEFINITION";
    }
    if (plan instanceof Plan.Session) {
      return "SESSION";
    }
    return plan.isGenerated() ? "GENERAL" : "SHORT";
  }
}

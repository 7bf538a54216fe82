package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.Definitions;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.ObjectName;
import io.quorate.sql.parse.Statement;
import io.quorate.sql.statistics.Analysis;
import io.quorate.sql.statistics.AnalyzedTable;
import io.quorate.sql.statistics.StatisticsCodec;
import io.quorate.sql.statistics.StatisticsReader;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * ANALYZE: draws rows where it is evaluated, which is the leader, and writes what it finds, so that
 * all replicas plan alike. Immutable.
 */
final class AnalyzePlan implements Plan.Change {
  private final @Nullable ObjectName name;
  private final List<String> columns;
  private final String schema;

  AnalyzePlan(Statement.Analyze statement, String schema) {
    this.name = statement.table();
    this.columns = statement.columns();
    this.schema = schema;
  }

  @Override
  public List<ResultColumn> parameters() {
    return List.of();
  }

  @Override
  public Changes evaluate(ExecutionContext context) {
    List<StoreChange> changes = new ArrayList<>();
    List<Integer> ids = new ArrayList<>();
    for (TableDef table : tables(context.catalog())) {
      changes.add(change(table, context));
      ids.add(table.id());
    }
    return new Changes(0, changes, ids);
  }

  private List<TableDef> tables(Catalog catalog) {
    if (name != null) {
      return List.of(Definitions.require(catalog, name.schemaOr(schema), name.name()));
    }
    return catalog.tables().values().stream().flatMap(inside -> inside.values().stream()).toList();
  }

  private StoreChange change(TableDef table, ExecutionContext context) {
    RowKey key = StatisticsReader.key(table.id());
    Optional<Row> seen = context.view().find(Catalog.STATISTICS_TABLE, key);
    Analysis analysis = new Analysis(context.view(), context.random(), context.cancel());
    AnalyzedTable found =
        columns.isEmpty()
            ? analysis.table(table, context.now().toEpochMilli())
            : analysis.columns(table, chosen(table), seen.flatMap(StatisticsCodec::decode));
    return new StoreChange(
        Catalog.STATISTICS_TABLE, key, seen.orElse(null), StatisticsCodec.encode(found));
  }

  private List<ColumnDef> chosen(TableDef table) {
    List<ColumnDef> chosen = new ArrayList<>();
    for (String column : columns) {
      ColumnDef found =
          table.visibleColumns().stream()
              .filter(each -> each.name().equals(column))
              .findFirst()
              .orElseThrow(
                  () ->
                      new SqlFailure(
                          State.COLUMN_NOT_FOUND,
                          "column \"" + column + "\" of table \"" + table.name() + "\" not found"));
      if (!chosen.contains(found)) {
        chosen.add(found);
      }
    }
    return chosen;
  }
}

package io.quorate.sql.plan;

import io.quorate.sql.catalog.AccessTables;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.InformationSchema;
import io.quorate.sql.catalog.UserTable;
import io.quorate.sql.catalog.VirtualTable;
import io.quorate.sql.exec.AccessPath;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ScanSource;
import io.quorate.sql.exec.SystemTables;
import io.quorate.sql.exec.VirtualSource;
import io.quorate.sql.statistics.StatisticsTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A table that is not stored but asked for, as Calcite sees it. */
final class AskedTable extends PlannedTable {
  private final VirtualTable table;
  private final Function<ExecutionContext, List<@Nullable Object[]>> rows;

  private AskedTable(
      VirtualTable table, Function<ExecutionContext, List<@Nullable Object[]>> rows) {
    super(
        table.columns().stream()
            .map(column -> new Column(column.name(), column.type(), column.nullable()))
            .toList());
    this.table = table;
    this.rows = rows;
  }

  /** Those of INFORMATION_SCHEMA and SYSTEM. */
  static List<AskedTable> all(SystemTables system, PlanCacheTable plans) {
    List<VirtualTable> asked = system.definitions().stream().map(AskedTable::systemTable).toList();
    List<VirtualTable> others =
        Stream.of(
                asked,
                List.of(UserTable.DEFINITION, PlanCacheTable.DEFINITION),
                AccessTables.definitions(),
                StatisticsTables.definitions())
            .flatMap(List::stream)
            .toList();
    List<AskedTable> all = new ArrayList<>();
    for (VirtualTable table : InformationSchema.tables()) {
      all.add(
          new AskedTable(
              table,
              context -> new InformationSchema(context.catalog(), others).rows(table.name())));
    }
    all.add(new AskedTable(UserTable.DEFINITION, context -> UserTable.rows(context.catalog())));
    all.add(new AskedTable(PlanCacheTable.DEFINITION, context -> plans.rows()));
    for (VirtualTable table : AccessTables.definitions()) {
      all.add(
          new AskedTable(
              table,
              context -> AccessTables.rows(table.name(), context.catalog(), context.user())));
    }
    for (VirtualTable table : StatisticsTables.definitions()) {
      all.add(
          new AskedTable(
              table,
              context -> StatisticsTables.rows(table.name(), context.view(), context.catalog())));
    }
    for (VirtualTable table : asked) {
      all.add(new AskedTable(table, context -> context.system().rows(table.name())));
    }
    return all;
  }

  private static VirtualTable systemTable(SystemTables.Definition definition) {
    return new VirtualTable(
        Catalog.SYSTEM_SCHEMA,
        definition.name(),
        definition.columns().stream()
            .map(column -> new ColumnDef(column.label(), column.type(), column.nullable(), null))
            .toList());
  }

  VirtualTable definition() {
    return table;
  }

  @Override
  ScanSource source(Optional<AccessPath> path, int[] columns) {
    return new VirtualSource(rows, columns().stream().map(Column::type).toList(), columns);
  }
}

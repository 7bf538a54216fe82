package io.quorate.sql.plan;

import io.quorate.sql.exec.AccessPath;
import io.quorate.sql.exec.ScanSource;
import io.quorate.sql.exec.VirtualSource;
import java.util.Optional;

/** A virtual table as Calcite sees it. */
final class AskedTable extends PlannedTable {
  private final VirtualTable table;

  AskedTable(VirtualTable table) {
    super(
        table.columns().stream()
            .map(column -> new Column(column.label(), column.type(), column.nullable()))
            .toList());
    this.table = table;
  }

  @Override
  ScanSource source(Optional<AccessPath> path, int[] columns) {
    return new VirtualSource(table.rows(), columns().stream().map(Column::type).toList(), columns);
  }
}

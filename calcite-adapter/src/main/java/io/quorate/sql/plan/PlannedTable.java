package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.AccessPath;
import io.quorate.sql.exec.ScanSource;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.impl.AbstractTable;

/** A table that {@link StoreScan} can read. */
abstract class PlannedTable extends AbstractTable {
  private final List<Column> columns;
  private final RelDataType rowType;

  PlannedTable(List<Column> columns) {
    this.columns = List.copyOf(columns);
    RelDataTypeFactory.Builder builder = Types.FACTORY.builder();
    for (Column column : columns) {
      builder.add(column.name, Types.toCalcite(column.type, column.nullable));
    }
    this.rowType = builder.build();
  }

  record Column(String name, SqlType type, boolean nullable) {}

  List<Column> columns() {
    return columns;
  }

  RelDataType rowType() {
    return rowType;
  }

  /**
   * The rows, of each only some columns.
   *
   * @param path empty for a table that is not stored
   */
  abstract ScanSource source(Optional<AccessPath> path, int[] columns);

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    return rowType;
  }
}

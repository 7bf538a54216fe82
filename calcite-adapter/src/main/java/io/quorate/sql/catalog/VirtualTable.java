package io.quorate.sql.catalog;

import java.util.List;

/** A table that is answered rather than stored. */
public record VirtualTable(String schema, String name, List<ColumnDef> columns) {
  public VirtualTable {
    columns = List.copyOf(columns);
  }
}

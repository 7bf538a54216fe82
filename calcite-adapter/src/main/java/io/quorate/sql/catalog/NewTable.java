package io.quorate.sql.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table as CREATE TABLE describes it: without ids, keys by the names of their columns. */
public record NewTable(String schema, String name, List<ColumnDef> columns, List<NewKey> keys) {
  public NewTable {
    columns = List.copyOf(columns);
    keys = List.copyOf(keys);
  }

  /**
   * PRIMARY KEY or UNIQUE.
   *
   * @param name null where it is to be made up
   */
  public record NewKey(@Nullable String name, boolean primary, List<String> columns) {
    public NewKey {
      columns = List.copyOf(columns);
    }
  }
}

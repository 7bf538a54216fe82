package io.quorate.sql.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table as CREATE TABLE describes it: without ids, keys by the names of their columns. */
public record NewTable(
    String schema, String name, List<ColumnDef> columns, List<NewKey> keys, List<NewCheck> checks) {
  public NewTable {
    columns = List.copyOf(columns);
    keys = List.copyOf(keys);
    checks = List.copyOf(checks);
  }

  /** A table without CHECK constraints. */
  public NewTable(String schema, String name, List<ColumnDef> columns, List<NewKey> keys) {
    this(schema, name, columns, keys, List.of());
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

  /**
   * CHECK.
   *
   * @param name null where it is to be made up
   * @param column that it was written behind, for a name; null of the table
   * @param sql text of the condition
   */
  public record NewCheck(@Nullable String name, @Nullable String column, String sql) {}
}

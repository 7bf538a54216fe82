package io.quorate.sql.catalog;

import java.util.List;

/** An index as CREATE INDEX describes it. */
public record NewIndex(
    String name, String schema, String table, List<String> columns, boolean unique) {
  public NewIndex {
    columns = List.copyOf(columns);
  }
}

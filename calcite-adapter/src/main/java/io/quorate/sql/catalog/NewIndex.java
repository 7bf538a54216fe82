package io.quorate.sql.catalog;

import java.util.List;
import java.util.Set;

/**
 * An index as CREATE INDEX describes it.
 *
 * @param descending which of {@code columns}, from 0, are in descending order
 */
public record NewIndex(
    String name,
    String schema,
    String table,
    List<String> columns,
    boolean unique,
    Set<Integer> descending) {
  public NewIndex {
    columns = List.copyOf(columns);
    descending = Set.copyOf(descending);
  }

  /** With all columns in ascending order. */
  public NewIndex(String name, String schema, String table, List<String> columns, boolean unique) {
    this(name, schema, table, columns, unique, Set.of());
  }
}

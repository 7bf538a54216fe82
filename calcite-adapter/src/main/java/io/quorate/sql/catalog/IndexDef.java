package io.quorate.sql.catalog;

import java.util.List;

/**
 * An index or unique key of a table, kept in a store table of its own.
 *
 * @param id of the store table that holds its entries
 * @param columns ordinals of the columns of the table, from 0, ascending order each
 * @param constraint whether a UNIQUE constraint made it, so that DROP INDEX refuses it
 */
public record IndexDef(
    int id, String name, List<Integer> columns, boolean unique, boolean constraint) {
  public IndexDef {
    columns = List.copyOf(columns);
  }

  /** The same index of columns that have other ordinals now. */
  IndexDef withColumns(List<Integer> replacement) {
    return new IndexDef(id, name, replacement, unique, constraint);
  }

  /** The same index with its entries elsewhere. */
  IndexDef at(int storeTable) {
    return new IndexDef(storeTable, name, columns, unique, constraint);
  }
}

package io.quorate.sql.catalog;

import java.util.List;
import java.util.Set;

/**
 * An index or unique key of a table, kept in a store table of its own.
 *
 * @param id of the store table that holds its entries
 * @param columns ordinals of the columns of the table, from 0
 * @param constraint whether a constraint made it, so that DROP INDEX refuses it: UNIQUE if it is
 *     unique, else FOREIGN KEY
 * @param descending which of {@code columns}, from 0, are in descending order, NULL first; the
 *     others are in ascending order, NULL last
 */
public record IndexDef(
    int id,
    String name,
    List<Integer> columns,
    boolean unique,
    boolean constraint,
    Set<Integer> descending) {
  public IndexDef {
    columns = List.copyOf(columns);
    descending = Set.copyOf(descending);
  }

  /** With all columns in ascending order. */
  public IndexDef(int id, String name, List<Integer> columns, boolean unique, boolean constraint) {
    this(id, name, columns, unique, constraint, Set.of());
  }

  /** The same index of columns that have other ordinals now. */
  IndexDef withColumns(List<Integer> replacement) {
    return new IndexDef(id, name, replacement, unique, constraint, descending);
  }

  /** The same index under another name. */
  IndexDef withName(String replacement) {
    return new IndexDef(id, replacement, columns, unique, constraint, descending);
  }

  /** The same index with its entries elsewhere. */
  IndexDef at(int storeTable) {
    return new IndexDef(storeTable, name, columns, unique, constraint, descending);
  }
}

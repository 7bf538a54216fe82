package io.quorate.sql.catalog;

import java.util.List;

/**
 * An index or unique key of a table, kept in a store table of its own.
 *
 * @param id of the store table that holds its entries
 * @param columns ordinals of the columns of the table, from 0, ascending order each
 * @param constraint whether a constraint made it, so that DROP INDEX refuses it: UNIQUE if it is
 *     unique, else FOREIGN KEY
 */
public record IndexDef(
    int id, String name, List<Integer> columns, boolean unique, boolean constraint) {
  public IndexDef {
    columns = List.copyOf(columns);
  }
}

package io.quorate.server.tx;

import io.quorate.sql.store.RowKey;
import org.jspecify.annotations.Nullable;

/**
 * What can be locked: an entry of the store, or the definition of a table.
 *
 * @param table a store table; for a definition, the table's id
 * @param key null for the definition
 */
record LockName(int table, @Nullable RowKey key) implements Comparable<LockName> {

  static LockName definition(int table) {
    return new LockName(table, null);
  }

  /**
   * Definitions first: one order for all keeps statements from waiting for each other in a ring.
   */
  @Override
  public int compareTo(LockName other) {
    if (key == null || other.key == null) {
      int kind = Boolean.compare(key != null, other.key != null);
      return kind != 0 ? kind : Integer.compare(table, other.table);
    }
    int byTable = Integer.compare(table, other.table);
    return byTable != 0 ? byTable : key.compareTo(other.key);
  }

  @Override
  public String toString() {
    return key == null ? "table " + table : "table " + table + " key " + key;
  }
}

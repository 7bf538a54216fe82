package io.quorate.server.tx;

import io.quorate.sql.store.RowKey;
import org.jspecify.annotations.Nullable;

/**
 * What can be locked: an entry of the store, the definition of a table, or that a key is there for
 * rows that refer to it. The last is not the entry under that key: a row may change while others
 * come to refer to it.
 *
 * @param table a store table; for a definition, the table's id
 * @param key null for the definition
 * @param reference whether it is about those who refer to the key
 */
record LockName(int table, @Nullable RowKey key, boolean reference)
    implements Comparable<LockName> {

  /** An entry of the store. */
  LockName(int table, RowKey key) {
    this(table, key, false);
  }

  static LockName definition(int table) {
    return new LockName(table, null, false);
  }

  static LockName reference(int table, RowKey key) {
    return new LockName(table, key, true);
  }

  /**
   * Definitions first, references last: one order for all keeps statements from waiting for each
   * other in a ring.
   */
  @Override
  public int compareTo(LockName other) {
    if (key == null || other.key == null) {
      int kind = Boolean.compare(key != null, other.key != null);
      return kind != 0 ? kind : Integer.compare(table, other.table);
    }
    int kind = Boolean.compare(reference, other.reference);
    if (kind != 0) {
      return kind;
    }
    int byTable = Integer.compare(table, other.table);
    return byTable != 0 ? byTable : key.compareTo(other.key);
  }

  @Override
  public String toString() {
    String name = key == null ? "table " + table : "table " + table + " key " + key;
    return reference ? "references to " + name : name;
  }
}

package io.quorate.sql.store;

import java.util.List;

/**
 * A key that foreign keys refer to and that a statement has to do with: a row that it writes refers
 * to the key, or the key goes. Neither may happen at once in two writes that do not see each other.
 *
 * @param table id of the store table that has the key: a table's or a unique index's
 * @param leaves whether the key goes; else a row refers to it, and it must stay where it is
 * @param referrers where entries of rows that refer to it lie, when it leaves; nobody else may have
 *     come or gone there since the statement looked
 */
public record ReferencedKey(int table, RowKey key, boolean leaves, List<Range> referrers) {
  public ReferencedKey {
    referrers = List.copyOf(referrers);
  }

  /** Entries with {@code from} ≤ key &lt; {@code to}. */
  public record Range(int table, RowKey from, RowKey to) {}
}

package io.quorate.server.replica;

import java.util.Set;

/**
 * Of which tables a replica holds the rows: of all, or, on a witness, of those alone by which it
 * knows the members, the users and what tables there are. Immutable.
 */
public final class Holding {
  /** The rows of all tables. */
  public static final Holding ALL = new Holding(Set.of(), true);

  private final Set<Integer> tables;
  private final boolean all;

  private Holding(Set<Integer> tables, boolean all) {
    this.tables = Set.copyOf(tables);
    this.all = all;
  }

  /** The rows of these store tables alone. */
  public static Holding only(Set<Integer> tables) {
    return new Holding(tables, false);
  }

  public boolean isAll() {
    return all;
  }

  public boolean holds(int table) {
    return all || tables.contains(table);
  }
}

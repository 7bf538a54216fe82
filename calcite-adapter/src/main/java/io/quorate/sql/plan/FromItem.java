package io.quorate.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What stands in FROM, as it is written: a table or something else with a name, or a join. Calcite
 * rewrites its own nodes while it validates them.
 *
 * @param name that the query knows it by; of a join, none
 * @param table that may be written to; empty for whatever else it is
 * @param sides of a join, two; else none
 */
record FromItem(String name, Optional<StoreTable> table, List<FromItem> sides) {
  FromItem {
    sides = List.copyOf(sides);
  }

  boolean isLeaf() {
    return sides.isEmpty();
  }

  /** All that are no joins, from left to right. */
  List<FromItem> leaves() {
    if (isLeaf()) {
      return List.of(this);
    }
    List<FromItem> all = new ArrayList<>();
    sides.forEach(side -> all.addAll(side.leaves()));
    return all;
  }
}

package io.quorate.server.tx;

import io.quorate.server.lang.Invariant;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.IdentityDef;
import io.quorate.sql.store.ReadView;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The counters of one leadership: one for each identity column that it was asked a value of, some
 * 200 bytes each, until it ends. Those of tables that are dropped stay that long, as nobody asks
 * for them and their ids are not used again. Thread-safe.
 */
final class IdentityCounters {
  private final ConcurrentHashMap<Integer, IdentityCounter> counters = new ConcurrentHashMap<>();

  /**
   * The counter of a column.
   *
   * @param view opened under this leadership, before the column was first asked for, or later
   */
  IdentityCounter of(ColumnDef column, ReadView view) {
    IdentityDef identity = column.identity();
    if (identity == null) {
      throw Invariant.violation("column " + column.name() + " is no identity column");
    }
    IdentityCounter known = counters.get(identity.counter());
    return known != null
        ? known
        : counters.computeIfAbsent(
            identity.counter(), id -> new IdentityCounter(column, identity, view));
  }
}

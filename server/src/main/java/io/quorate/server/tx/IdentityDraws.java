package io.quorate.server.tx;

import io.quorate.server.format.WriteSet;
import io.quorate.server.tx.IdentityCounter.Reservation;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.exec.IdentityValues;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.RowKey;
import java.util.HashMap;
import java.util.Map;

/**
 * The values of identity columns that one write has taken, and what the log has to say so that
 * nobody gets them again. Confined to the write.
 *
 * <p>A reservation is no {@linkplain io.quorate.sql.store.StoreChange change} of the write's: it is
 * neither locked nor compared with what was seen, for all that are made hold, in any order. So
 * writes that need the same one do not wait for each other.
 */
final class IdentityDraws implements IdentityValues {
  private final IdentityCounters counters;
  private final ReadView view;

  /** How many values of the counter must be reserved. */
  private final Map<IdentityCounter, Long> needed = new HashMap<>(2);

  /**
   * @param view opened under the leadership that the counters are of
   */
  IdentityDraws(IdentityCounters counters, ReadView view) {
    this.counters = counters;
    this.view = view;
  }

  @Override
  public long next(ColumnDef column) {
    IdentityCounter counter = counters.of(column, view);
    long before = counter.take();
    needed.merge(counter, before + 1, Math::max);
    return counter.value(before);
  }

  /** Whether the log is known to have said all. */
  boolean areReserved() {
    for (Map.Entry<IdentityCounter, Long> each : needed.entrySet()) {
      if (!each.getKey().isConfirmed(each.getValue())) {
        return false;
      }
    }
    return true;
  }

  /** The writes, and before them in the same entry of the log what it has yet to say. */
  WriteSet with(WriteSet writes, ReadView newest) {
    if (areReserved()) {
      return writes;
    }
    WriteSet.Builder all = WriteSet.newBuilder();
    needed.forEach(
        (counter, count) ->
            counter.reservation(count, newest).ifPresent(reservation -> add(all, reservation)));
    // The count of what the client asked for is a field of the writes.
    return all.getChangesCount() == 0 ? writes : all.mergeFrom(writes).build();
  }

  private static void add(WriteSet.Builder all, Reservation reservation) {
    int table = reservation.table();
    all.addChanges(WriteBuffer.change(table, reservation.key(), Reservation.VALUE));
    for (RowKey outdated : reservation.outdated()) {
      all.addChanges(WriteBuffer.change(table, outdated, null));
    }
  }
}

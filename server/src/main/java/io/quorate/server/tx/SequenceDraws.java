package io.quorate.server.tx;

import io.quorate.server.format.WriteSet;
import io.quorate.server.tx.SequenceCounter.Reservation;
import io.quorate.sql.catalog.SequenceDef;
import io.quorate.sql.catalog.SequenceGenerator;
import io.quorate.sql.exec.SequenceValues;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.RowKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The values of sequences and identity columns that one statement has taken, and what the log has
 * to say so that nobody gets them again. Confined to the statement.
 *
 * <p>A reservation is no {@linkplain io.quorate.sql.store.StoreChange change} of the write's: it is
 * neither locked nor compared with what was seen, for all that are made hold, in any order. So
 * writes that need the same one do not wait for each other.
 */
public final class SequenceDraws implements SequenceValues {
  private final SequenceCounters counters;
  private final ReadView view;

  /** How many values of the counter must be reserved. */
  private final Map<SequenceCounter, Long> needed = new HashMap<>(2);

  /** Ids of those whose definitions must not change before the log has said all. */
  private final Set<Integer> sequences = new TreeSet<>();

  /**
   * @param view opened under the leadership that the counters are of
   */
  SequenceDraws(SequenceCounters counters, ReadView view) {
    this.counters = counters;
    this.view = view;
  }

  @Override
  public long next(SequenceGenerator generator) {
    SequenceCounter counter = counters.of(generator, view);
    long before = counter.take();
    if (generator instanceof SequenceDef sequence) {
      sequences.add(sequence.id());
    }
    needed.merge(counter, before + 1, Math::max);
    return counter.value(before);
  }

  /**
   * What must stay as it is defined: these tables, and the sequences of which values were taken.
   */
  List<Integer> definitions(List<Integer> tables) {
    if (sequences.isEmpty()) {
      return tables;
    }
    List<Integer> all = new ArrayList<>(tables);
    all.addAll(sequences);
    return all;
  }

  /** Whether the log is known to have said all. */
  boolean areReserved() {
    for (Map.Entry<SequenceCounter, Long> each : needed.entrySet()) {
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

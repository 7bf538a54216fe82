package io.quorate.server.tx;

import io.quorate.sql.catalog.SequenceGenerator;
import io.quorate.sql.store.ReadView;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The counters of one leadership: one for each sequence and identity column that it was asked a
 * value of, some 200 bytes each, until it ends. Those that are dropped stay that long, as nobody
 * asks for them and their ids are not used again. Thread-safe.
 */
final class SequenceCounters {
  private final ConcurrentHashMap<Integer, SequenceCounter> counters = new ConcurrentHashMap<>();

  /**
   * The counter of a generator.
   *
   * @param view opened under this leadership, before the generator was first asked, or later
   */
  SequenceCounter of(SequenceGenerator generator, ReadView view) {
    SequenceCounter known = counters.get(generator.counter());
    return known != null
        ? known
        : counters.computeIfAbsent(generator.counter(), id -> new SequenceCounter(generator, view));
  }
}

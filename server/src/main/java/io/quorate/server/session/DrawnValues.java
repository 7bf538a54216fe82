package io.quorate.server.session;

import io.quorate.sql.catalog.SequenceDef;
import io.quorate.sql.catalog.SequenceGenerator;
import io.quorate.sql.exec.SequenceValues;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The values of sequences that a session was given last, which CURRVAL tells. They go with its
 * statements to the leader and come back with the answers. Thread-safe.
 */
final class DrawnValues {
  /** A session uses few sequences; one that has used more asks for a next value first. */
  private static final int SEQUENCES_MAX = 256;

  /** By the sequence's id. */
  private final ConcurrentHashMap<Integer, Long> last = new ConcurrentHashMap<>();

  private void put(int sequence, long value) {
    if (last.size() >= SEQUENCES_MAX && !last.containsKey(sequence)) {
      last.clear();
    }
    last.put(sequence, value);
  }

  void learn(Map<Integer, Long> values) {
    values.forEach(this::put);
  }

  Map<Integer, Long> all() {
    return Map.copyOf(last);
  }

  /** Nobody knows which values a write took that may have run before: better none than old ones. */
  void forget() {
    last.clear();
  }

  /** The values of {@code source}, remembered as they are taken. */
  SequenceValues over(SequenceValues source) {
    return new SequenceValues() {
      @Override
      public long next(SequenceGenerator generator) {
        long value = source.next(generator);
        if (generator instanceof SequenceDef sequence) {
          put(sequence.id(), value);
        }
        return value;
      }

      @Override
      public long last(SequenceDef sequence) {
        Long value = last.get(sequence.id());
        return value == null ? SequenceValues.super.last(sequence) : value;
      }
    };
  }
}

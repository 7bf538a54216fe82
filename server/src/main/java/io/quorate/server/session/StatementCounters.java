package io.quorate.server.session;

import static java.util.Objects.requireNonNull;

import io.quorate.server.dispatch.ReadLevel;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What this node has done for clients since it was started, by kind: SYSTEM.METRICS, and {@code
 * /metrics} on the admin port. Thread-safe; counting is one addition that threads do not contend
 * for.
 */
public final class StatementCounters {
  private final Map<Kind, LongAdder> counts = new EnumMap<>(Kind.class);

  /** What is counted; the names are a promise. */
  public enum Kind {
    /** Queries that commit by themselves or only read, answered from this replica. */
    READS_LOCAL,
    READS_SESSION,
    READS_BOUNDED,
    READS_LINEARIZABLE,
    /** Reads that were refused because this replica was behind. */
    READS_REFUSED_LAGGING,
    /** Reads that were refused because no leader told how far the log reaches. */
    READS_REFUSED_NO_LEADER,
    /** Writes that commit by themselves, evaluated here for a client of this node. */
    WRITES_LED,
    /** Writes of a client of this node that the leader, another node, evaluated. */
    WRITES_FORWARDED,
    /** Writes and transactions' statements that other nodes handed on to this one. */
    FORWARDED_SERVED,
    /** Transactions begun here, by where they run. */
    TRANSACTIONS_LED,
    TRANSACTIONS_FORWARDED,
    TRANSACTIONS_READ_ONLY;

    static Kind of(ReadLevel level) {
      return switch (level) {
        case LOCAL -> READS_LOCAL;
        case SESSION -> READS_SESSION;
        case BOUNDED -> READS_BOUNDED;
        case LINEARIZABLE -> READS_LINEARIZABLE;
      };
    }

    String metric() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public StatementCounters() {
    for (Kind kind : Kind.values()) {
      counts.put(kind, new LongAdder());
    }
  }

  void count(Kind kind) {
    requireNonNull(counts.get(kind)).increment();
  }

  /** All of them, by name in lower case. */
  public SortedMap<String, Long> all() {
    SortedMap<String, Long> all = new TreeMap<>();
    counts.forEach((kind, count) -> all.put(kind.metric(), count.sum()));
    return all;
  }
}

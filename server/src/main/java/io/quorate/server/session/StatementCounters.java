package io.quorate.server.session;

import static java.util.Objects.requireNonNull;

import io.quorate.server.dispatch.ReadLevel;
import io.quorate.server.lang.Metric;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    READS_LOCAL("queries answered from this replica as it is"),
    READS_SESSION("queries answered from this replica, with what the session has seen"),
    READS_BOUNDED("queries answered from this replica, not older than asked for"),
    READS_LINEARIZABLE("queries answered from this replica after asking the leader"),
    READS_REFUSED_LAGGING("reads refused because this replica was behind"),
    READS_REFUSED_NO_LEADER("reads refused because no leader told how far the log reaches"),
    WRITES_LED("writes that commit by themselves, of clients of this node, evaluated here"),
    WRITES_FORWARDED("writes of clients of this node that the leader, another node, evaluated"),
    FORWARDED_SERVED("writes and statements of transactions that other nodes handed on"),
    TRANSACTIONS_LED("transactions of clients of this node that run here"),
    TRANSACTIONS_FORWARDED("transactions of clients of this node that run on the leader"),
    TRANSACTIONS_READ_ONLY("transactions of clients of this node that only read"),
    COMMITS_DEGRADED_ALL("commits at level ALL that did not wait for a voter that is silent");

    private final String meaning;

    Kind(String meaning) {
      this.meaning = meaning;
    }

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

  /** All of them. */
  public List<Metric> all() {
    return counts.entrySet().stream()
        .map(
            count ->
                Metric.counter(
                    count.getKey().metric(), count.getKey().meaning, count.getValue().sum()))
        .toList();
  }
}

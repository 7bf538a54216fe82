package io.quorate.server.sim;

import io.quorate.server.dispatch.ReadGate.Demand;
import io.quorate.server.lang.Outcome;
import io.quorate.server.lang.RequestId;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Holds every answer that a client was given against the log itself. */
final class SimOracle {
  private final SimLog log;
  private final ModelReplica model;
  private final Map<RequestId, Long> acknowledged = new HashMap<>();

  /** When each revision was first acknowledged to anybody, in virtual microseconds. */
  private final TreeMap<Long, Long> times = new TreeMap<>();

  /** The highest revision that was acknowledged up to a time. */
  private final TreeMap<Long, Long> highest = new TreeMap<>();

  SimOracle(SimLog log, int windowCapacity) {
    this.log = log;
    this.model = new ModelReplica(windowCapacity);
  }

  private void catchUp() {
    while (model.index() < log.lastIndex()) {
      model.apply(log.entry(model.index() + 1));
    }
  }

  void answered(RequestId request, long index, Outcome outcome, long now) {
    catchUp();
    Long before = acknowledged.get(request);
    if (outcome.code() == Outcome.Code.APPLIED) {
      if (before != null && before != index) {
        throw new AssertionError(request + " was acknowledged at " + before + " and at " + index);
      }
      if (!model.hasRun(request)) {
        throw new AssertionError(request + " was acknowledged and has not run");
      }
      acknowledged.put(request, index);
      times.putIfAbsent(index, now);
      long last = highest.isEmpty() ? 0 : highest.lastEntry().getValue();
      highest.put(now, Math.max(index, last));
    } else if (before != null && outcome.code() == Outcome.Code.FENCED) {
      throw new AssertionError(request + " was acknowledged at " + before + ", then fenced");
    }
  }

  /** The least revision that a read may show which begins now; docs/consistency.md. */
  long leastRevision(Demand demand, long now) {
    return switch (demand.level()) {
      case LOCAL -> 0;
      case SESSION -> demand.token();
      case BOUNDED ->
          Math.max(
              demand.token(), acknowledgedBefore(now - demand.stalenessMax().toNanos() / 1000));
      case LINEARIZABLE -> Math.max(demand.token(), acknowledgedBefore(now));
    };
  }

  private long acknowledgedBefore(long micros) {
    Map.Entry<Long, Long> found = highest.floorEntry(micros);
    return found == null ? 0 : found.getValue();
  }

  /** How long ago the first was acknowledged that a view of this revision misses; 0 if none. */
  long ageMicros(long revision, long now) {
    return times.tailMap(revision, false).values().stream()
        .mapToLong(at -> now - at)
        .max()
        .orElse(0);
  }

  int acknowledgedCount() {
    return acknowledged.size();
  }

  /** The state after the whole log, with every acknowledged request's row in it. */
  ModelReplica.At finalState() {
    catchUp();
    ModelReplica.At state = model.now();
    for (RequestId request : acknowledged.keySet()) {
      if (!state.rows().containsKey(SimClient.ownRowKey(request))) {
        throw new AssertionError("acknowledged and lost: " + request);
      }
    }
    return state;
  }
}

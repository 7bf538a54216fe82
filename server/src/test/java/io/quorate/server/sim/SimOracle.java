package io.quorate.server.sim;

import io.quorate.server.lang.Outcome;
import io.quorate.server.lang.RequestId;
import java.util.HashMap;
import java.util.Map;

/** Holds every answer that a client was given against the log itself. */
final class SimOracle {
  private final SimLog log;
  private final ModelReplica model;
  private final Map<RequestId, Long> acknowledged = new HashMap<>();

  SimOracle(SimLog log, int windowCapacity) {
    this.log = log;
    this.model = new ModelReplica(windowCapacity);
  }

  private void catchUp() {
    while (model.index() < log.lastIndex()) {
      model.apply(log.entry(model.index() + 1));
    }
  }

  void answered(RequestId request, long index, Outcome outcome) {
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
    } else if (before != null && outcome.code() == Outcome.Code.FENCED) {
      throw new AssertionError(request + " was acknowledged at " + before + ", then fenced");
    }
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

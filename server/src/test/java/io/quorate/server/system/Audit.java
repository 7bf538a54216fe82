package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.lang.RequestId;
import io.quorate.server.system.Writers.Ack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads every row back through every node and holds it against what was acknowledged.
 *
 * @param requests acknowledged
 * @param lost acknowledged, and not there on some node
 * @param doubled applied by more than one of their attempts
 * @param foreign rows and traces that no acknowledged request explains
 * @param conflated requests that share a place in the log with another
 */
record Audit(int requests, int lost, int doubled, int foreign, int conflated) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The writers have stopped; waits until all running nodes have everything. */
  static Audit of(SystemCluster cluster, Collection<Ack> acks) throws IOException {
    cluster.awaitAllAt(acks.stream().mapToLong(Ack::index).max().orElse(0));
    Map<RequestId, Ack> acknowledged = new HashMap<>();
    Set<Long> indexes = new HashSet<>();
    int conflated = 0;
    for (Ack ack : acks) {
      acknowledged.put(ack.request(), ack);
      conflated += indexes.add(ack.index()) ? 0 : 1;
    }
    int lost = 0;
    int doubled = 0;
    int foreign = 0;
    for (SystemNode node : cluster.nodes()) {
      if (node.isRunning()) {
        Rows rows = Rows.of(node);
        lost += rows.lost(acknowledged.keySet());
        doubled += rows.doubled();
        foreign += rows.foreign(acknowledged);
      }
    }
    return new Audit(acknowledged.size(), lost, doubled, foreign, conflated);
  }

  void assertNothingLostOrDoubled() {
    assertThat(this).isEqualTo(new Audit(requests, 0, 0, 0, 0));
  }

  /** What one node holds: the attempt in each row, and the attempts that left a trace. */
  private record Rows(Map<RequestId, Integer> attempts, Map<RequestId, List<Integer>> traces) {

    static Rows of(SystemNode node) throws IOException {
      Rows rows = new Rows(new HashMap<>(), new HashMap<>());
      try (ProbeClient client = node.connect(PATIENCE)) {
        client.scan(
            Writers.ROWS,
            (key, row) -> rows.attempts.put(request(key), ByteBuffer.wrap(row).getInt()));
        client.scan(
            Writers.TRACES,
            (key, row) ->
                rows.traces
                    .computeIfAbsent(request(key), request -> new ArrayList<>())
                    .add(ByteBuffer.wrap(key).getInt(2 * Long.BYTES)));
      }
      return rows;
    }

    private static RequestId request(byte[] key) {
      ByteBuffer buffer = ByteBuffer.wrap(key);
      return new RequestId(buffer.getLong(), buffer.getLong());
    }

    int lost(Set<RequestId> acknowledged) {
      return (int)
          acknowledged.stream()
              .filter(request -> !attempts.containsKey(request) || !traces.containsKey(request))
              .count();
    }

    int doubled() {
      return (int) traces.values().stream().filter(each -> each.size() > 1).count();
    }

    /** The row's attempt is the one that left the trace, and one that was made. */
    int foreign(Map<RequestId, Ack> acknowledged) {
      int foreign = 0;
      for (Map.Entry<RequestId, Integer> row : attempts.entrySet()) {
        Ack ack = acknowledged.get(row.getKey());
        boolean explained =
            ack != null
                && row.getValue() >= 1
                && row.getValue() <= ack.attempts()
                && traces.getOrDefault(row.getKey(), List.of()).contains(row.getValue());
        foreign += explained ? 0 : 1;
      }
      return foreign
          + (int) traces.keySet().stream().filter(key -> !attempts.containsKey(key)).count();
    }
  }
}

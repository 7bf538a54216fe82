package io.quorate.server.sim;

import com.google.protobuf.ByteString;
import io.quorate.server.cluster.Consensus.ProposalListener;
import io.quorate.server.cluster.Consensus.Refusal;
import io.quorate.server.format.RowChange;
import io.quorate.server.format.WriteSet;
import io.quorate.server.lang.Outcome;
import io.quorate.server.lang.RequestId;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes one request at a time, and repeats it under the same id until it has an answer. Each
 * attempt of a request writes another value, so that the rows show which attempt ran.
 */
final class SimClient {
  private static final int SHARED_TABLE = 1;
  private static final int OWN_TABLE = 2;
  private static final int CLEARING_EVERY = 20;

  private final SimWorld world;
  private final List<SimNode> nodes;
  private final SimOracle oracle;
  private final SimSession session = new SimSession();
  private final long id;
  private long sequence;
  private long base;
  private int attempt;
  private boolean stopped;

  SimClient(SimWorld world, List<SimNode> nodes, SimOracle oracle, long id) {
    this.world = world;
    this.nodes = nodes;
    this.oracle = oracle;
    this.id = id;
  }

  void start() {
    world.after(world.between(1, 5000), this::nextRequest);
  }

  SimSession session() {
    return session;
  }

  /** No new requests; the one under way goes on. */
  void stop() {
    stopped = true;
  }

  private void nextRequest() {
    if (!stopped) {
      sequence++;
      attempt = 0;
      base = aNode().revision();
      send();
    }
  }

  private void send() {
    attempt++;
    RequestId request = new RequestId(id, sequence);
    Attempt sent = new Attempt(request, attempt);
    aNode().propose(request, base, writes(), sent);
    world.after(world.between(5_000, 40_000), sent::timeOut);
  }

  private SimNode aNode() {
    SimNode leading = nodes.stream().filter(SimNode::takesWrites).findFirst().orElse(null);
    return leading != null && !world.oneIn(10)
        ? leading
        : nodes.get(world.random().nextInt(nodes.size()));
  }

  private WriteSet writes() {
    WriteSet.Builder writes = WriteSet.newBuilder();
    writes.addChanges(
        RowChange.newBuilder()
            .setTable(OWN_TABLE)
            .setKey(ByteString.copyFrom(ownKey(new RequestId(id, sequence))))
            .setPut(ByteString.copyFromUtf8("attempt " + attempt)));
    int others = world.random().nextInt(4);
    for (int i = 0; i < others; i++) {
      RowChange.Builder change =
          RowChange.newBuilder()
              .setTable(SHARED_TABLE)
              .setKey(ByteString.copyFromUtf8("key " + world.random().nextInt(30)));
      writes.addChanges(
          world.oneIn(4)
              ? change.setDelete(true)
              : change.setPut(ByteString.copyFromUtf8("value " + world.random().nextInt())));
    }
    if (sequence % CLEARING_EVERY == 0) {
      writes.addClearedTables(SHARED_TABLE);
    }
    return writes.setUpdateCount(sequence).build();
  }

  private static byte[] ownKey(RequestId request) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(request.client())
        .putLong(request.sequence())
        .array();
  }

  /** Where the row of a request is found. */
  static ByteString ownRowKey(RequestId request) {
    return ModelReplica.rowKey(OWN_TABLE, ByteString.copyFrom(ownKey(request)));
  }

  /** What has become of one attempt; the first news counts. */
  private final class Attempt implements ProposalListener {
    private final RequestId request;
    private final int number;
    private boolean told;

    Attempt(RequestId request, int number) {
      this.request = request;
      this.number = number;
    }

    private boolean isCurrent() {
      boolean current = !told && sequence == request.sequence() && attempt == number;
      told = true;
      return current;
    }

    @Override
    public void applied(long index, Outcome outcome) {
      oracle.answered(request, index, outcome, world.now());
      if (outcome.code() == Outcome.Code.APPLIED) {
        session.wrote(request, index);
      }
      if (isCurrent()) {
        boolean again = outcome.code() == Outcome.Code.FENCED;
        world.after(
            world.between(1, 500), again ? SimClient.this::send : SimClient.this::nextRequest);
      }
    }

    @Override
    public void refused(Refusal reason) {
      repeatLater();
    }

    @Override
    public void inDoubt(String why) {
      repeatLater();
    }

    private void repeatLater() {
      if (isCurrent()) {
        // Now and then long enough for the window to forget.
        int pause = world.oneIn(8) ? world.between(50_000, 300_000) : world.between(100, 5000);
        world.after(pause, SimClient.this::send);
      }
    }

    /** The node died with the answer, or is slow: ask again under the same id. */
    void timeOut() {
      repeatLater();
    }
  }
}

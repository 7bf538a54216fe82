package io.quorate.server.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.quorate.server.Node;
import io.quorate.server.cluster.Consensus.ProposalListener;
import io.quorate.server.cluster.Consensus.Refusal;
import io.quorate.server.config.ConfigReader;
import io.quorate.server.config.ConfigSources;
import io.quorate.server.format.RowChange;
import io.quorate.server.format.WriteSet;
import io.quorate.server.lang.Outcome;
import io.quorate.server.lang.RequestId;
import io.quorate.server.replica.Replica;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A whole node. One write puts one row of 150 bytes under one of 100 000 keys, or, to see what the
 * store costs, deletes a row that is not there, with a command of the same size.
 */
final class QuorateSubject implements Subject {
  private static final int KEYS = 100_000;
  private static final int ROW_BYTES = 150;
  private static final int TABLE = 1;

  private final Node node;
  private final Replica replica;
  private final boolean rows;
  private final long client = new SplittableRandom().nextLong();
  private final AtomicLong sequence = new AtomicLong();
  private final ByteString row;
  private final ByteString absent;

  /**
   * @param number of the member, from 1; the first begins the cluster and the others join it
   * @param rows whether writes change the store
   */
  QuorateSubject(int number, int[] ports, Path data, Duration election, boolean rows) {
    this.rows = rows;
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("node.id", "n" + number);
    flags.put("node.data", data.toString());
    flags.put("node.mode", "cluster");
    flags.put("cluster.election_timeout", election.toMillis() + "ms");
    int port = ports[number - 1];
    flags.put("network.peer_addr", "127.0.0.1:" + port);
    flags.put("network.admin_addr", "127.0.0.1:" + (port + 1));
    flags.put("network.client_addr", "127.0.0.1:" + (port + 2));
    if (number == 1) {
      flags.put("cluster.bootstrap", "true");
    } else {
      flags.put("cluster.join", "127.0.0.1:" + ports[0]);
    }
    ConfigSources sources =
        new ConfigSources(flags, Map.of(), null, Runtime.getRuntime().maxMemory());
    node = new Node(ConfigReader.read(sources).config());
    node.open();
    replica = node.parts().replica();
    byte[] bytes = new byte[ROW_BYTES];
    new SplittableRandom(1).nextBytes(bytes);
    row = UnsafeByteOperations.unsafeWrap(bytes);
    absent = UnsafeByteOperations.unsafeWrap(Arrays.copyOf(bytes, ROW_BYTES + Long.BYTES));
  }

  @Override
  public boolean leads() {
    return replica.proposer().isReady();
  }

  @Override
  public long unapplied() {
    return Math.max(0, node.parts().log().getLastLogIndex() - replica.applied().current());
  }

  @Override
  public void propose(Done done) {
    WriteSet.Builder writes = WriteSet.newBuilder();
    RowChange.Builder change = RowChange.newBuilder().setTable(TABLE);
    if (rows) {
      byte[] key = new byte[Long.BYTES];
      ByteBuffer.wrap(key).putLong(ThreadLocalRandom.current().nextInt(KEYS));
      change.setKey(UnsafeByteOperations.unsafeWrap(key)).setPut(row);
    } else {
      change.setKey(absent).setDelete(true);
    }
    writes.addChanges(change);
    RequestId request = new RequestId(client, sequence.incrementAndGet());
    replica
        .proposer()
        .propose(request, replica.applied().current(), writes.build(), new Listener(done));
  }

  private record Listener(Done done) implements ProposalListener {
    @Override
    public void applied(long index, Outcome outcome) {
      if (outcome.code() == Outcome.Code.APPLIED) {
        done.applied();
      } else {
        done.failed(outcome.code().name());
      }
    }

    @Override
    public void refused(Refusal reason) {
      done.failed(reason.name());
    }

    @Override
    public void inDoubt(String why) {
      done.failed("in doubt: " + why);
    }
  }

  @Override
  public void close() {
    node.close();
  }
}

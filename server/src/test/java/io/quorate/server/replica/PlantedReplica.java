package io.quorate.server.replica;

import com.google.protobuf.ByteString;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.replica.Replica.ReplicaConfig;
import java.util.SortedMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Replicas with a fault planted in them, for showing that the simulator finds it. */
public final class PlantedReplica {
  private PlantedReplica() {}

  /** Moves a revision that no replica has applied. */
  public static void advance(AppliedRevision revision, long next) {
    revision.advanceTo(next);
  }

  /** A replica whose snapshots leave out the remembered requests. */
  public static Replica forgettingRequestsInSnapshots(
      ReplicaConfig config,
      Consensus consensus,
      Executor io,
      Executor soon,
      Consumer<Throwable> failure) {
    ReplicaState forgetful =
        new ReplicaState(config.requestsRemembered()) {
          @Override
          SortedMap<String, ByteString> snapshot() {
            SortedMap<String, ByteString> whole = super.snapshot();
            whole.keySet().removeIf(key -> key.contains("block"));
            return whole;
          }
        };
    return new Replica(config, consensus, io, soon, failure, forgetful);
  }
}

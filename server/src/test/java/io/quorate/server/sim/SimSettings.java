package io.quorate.server.sim;

import io.quorate.server.cluster.Consensus;
import io.quorate.server.replica.PlantedReplica;
import io.quorate.server.replica.Replica;
import io.quorate.server.replica.Replica.ReplicaConfig;
import io.quorate.server.store.HalfLoadedStore;
import io.quorate.server.store.StoreConfig;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * How a simulated cluster is made.
 *
 * @param windowCapacity requests remembered; small, so that forgetting happens
 * @param plant a fault put in on purpose, to show that it is found
 */
record SimSettings(int nodes, int clients, int windowCapacity, Plant plant) {
  enum Plant {
    NONE,
    /** After a restart the log goes on behind a revision that was kept beside the store. */
    REVISION_OUTSIDE,
    /** Snapshots carry the rows and the epoch, not the remembered requests. */
    REQUESTS_NOT_IN_SNAPSHOT,
    /** The read gate goes by what a replica has received, instead of what it shows. */
    READ_BELOW_TOKEN,
    /** A store keeps no note of a load that was cut short, and opens as if it were whole. */
    SNAPSHOT_INSTALLED_HALF
  }

  private static final long BYTES_IN_FLIGHT = 1 << 20;
  private static final int ENTRY_BYTES = 1 << 16;

  Replica newReplica(
      String name,
      StoreConfig store,
      Consensus consensus,
      Executor io,
      Executor soon,
      Consumer<Throwable> failure) {
    if (plant == Plant.SNAPSHOT_INSTALLED_HALF) {
      HalfLoadedStore.passOffAsWhole(store);
    }
    ReplicaConfig config =
        new ReplicaConfig(name, windowCapacity, BYTES_IN_FLIGHT, ENTRY_BYTES, store);
    return plant == Plant.REQUESTS_NOT_IN_SNAPSHOT
        ? PlantedReplica.forgettingRequestsInSnapshots(config, consensus, io, soon, failure)
        : new Replica(config, consensus, io, soon, failure);
  }
}

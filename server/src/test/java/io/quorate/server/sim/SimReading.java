package io.quorate.server.sim;

import io.quorate.server.cluster.Consensus;
import io.quorate.server.dispatch.FreshnessGauge;
import io.quorate.server.dispatch.FreshnessGauge.Timing;
import io.quorate.server.dispatch.MajorityWatch;
import io.quorate.server.dispatch.ReadGate;
import io.quorate.server.dispatch.ReadGate.Patience;
import io.quorate.server.lang.Deadline;
import io.quorate.server.replica.AppliedRevision;
import io.quorate.server.replica.PlantedReplica;
import io.quorate.server.replica.Replica;
import io.quorate.sql.store.ReadView;
import java.time.Duration;

/** The way of a read into one replica, for one life of its node: production's gate and gauge. */
final class SimReading {
  private static final Timing TIMING = new Timing(Duration.ofMillis(50), Duration.ofMillis(100));
  private static final Patience PATIENCE =
      new Patience(Duration.ofMillis(100), Duration.ofMillis(100));

  private final SimWorld world;
  private final Replica replica;
  private final FreshnessGauge gauge;
  private final ReadGate gate;

  /** For the planted fault: what was received. */
  private final AppliedRevision received = new AppliedRevision();

  SimReading(SimWorld world, SimSettings settings, Replica replica, Consensus consensus) {
    this.world = world;
    this.replica = replica;
    gauge = new FreshnessGauge(consensus, replica.applied()::current, world::nanos, TIMING);
    boolean planted = settings.plant() == SimSettings.Plant.READ_BELOW_TOKEN;
    gate =
        new ReadGate(
            planted ? received : replica.applied(), consensus, gauge, PATIENCE, MajorityWatch.NONE);
  }

  FreshnessGauge gauge() {
    return gauge;
  }

  ReadGate gate() {
    return gate;
  }

  ReadView openView() {
    return replica.readView();
  }

  /** Waits for nothing: who is not let through comes again. */
  Deadline now() {
    return Deadline.after(Duration.ZERO, world::nanos);
  }

  void heard(long index) {
    PlantedReplica.advance(received, index);
  }
}

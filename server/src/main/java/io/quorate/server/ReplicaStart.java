package io.quorate.server;

import io.quorate.server.DataDirectory.Stage;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.NoConsensus;
import io.quorate.server.cluster.messaging.JGroupsMessenger;
import io.quorate.server.cluster.messaging.RpcHub;
import io.quorate.server.cluster.raft.ConsensusConfig;
import io.quorate.server.cluster.raft.JRaftConsensus;
import io.quorate.server.cluster.raft.LogServices;
import io.quorate.server.cluster.wal.DirectoryDisk;
import io.quorate.server.cluster.wal.VoteFileStorage;
import io.quorate.server.cluster.wal.WalConfig;
import io.quorate.server.cluster.wal.WalLogStorage;
import io.quorate.server.config.ClusterConfig.Election;
import io.quorate.server.config.NodeConfig;
import io.quorate.server.dispatch.FreshnessGauge;
import io.quorate.server.replica.Holding;
import io.quorate.server.replica.Replica;
import io.quorate.server.replica.Replica.ReplicaConfig;
import io.quorate.server.store.Checkpointer;
import io.quorate.server.store.StoreConfig;
import io.quorate.server.tx.ClusterSettings;
import io.quorate.server.tx.ServerEntry;
import io.quorate.sql.catalog.Catalog;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens log, consensus and rows of a node, for {@link Node}, whose life closes them. Confined to
 * the thread that opens the node.
 */
final class ReplicaStart {
  private static final Logger log = LoggerFactory.getLogger(ReplicaStart.class);

  /** Requests remembered: 11 MB, and some seconds of the writes of a busy cluster. */
  private static final int REQUESTS_REMEMBERED = 256 * 1024;

  /** For how far the log reaches; a leader that lives tells it in a millisecond. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(1);

  /** By what it knows the users, what tables there are, the members, and what is set for all. */
  private static final Holding WITNESS_HOLDS =
      Holding.only(
          Set.of(
              Catalog.STORE_TABLE,
              Catalog.STATISTICS_TABLE,
              ServerEntry.STORE_TABLE,
              ClusterSettings.STORE_TABLE));

  private final NodeConfig config;
  private final NodeThreads threads;
  private final NodeLife life;
  private final boolean maintained;

  /**
   * @param maintained whether the node takes part in no consensus
   */
  ReplicaStart(NodeConfig config, NodeThreads threads, NodeLife life, boolean maintained) {
    this.config = config;
    this.threads = threads;
    this.life = life;
    this.maintained = maintained;
  }

  Node.Parts open(DataDirectory directory, JGroupsMessenger messenger, RpcHub hub) {
    DirectoryDisk disk = new DirectoryDisk(directory.log());
    WalLogStorage wal =
        new WalLogStorage(
            disk,
            new WalConfig((int) config.log().segmentBytes(), (int) config.log().entryBytesMax()),
            threads.io,
            life::fail);
    VoteFileStorage vote = new VoteFileStorage(disk, broken -> life.failMuted(hub::mute, broken));
    Consensus consensus;
    Replica replica;
    if (maintained) {
      consensus = new NoConsensus();
      replica = openReplica(directory, consensus);
    } else {
      JRaftConsensus raft = raft(directory, hub, new LogServices(wal, vote));
      replica = openReplica(directory, raft);
      life.opened(raft);
      raft.open(replica.state());
      consensus = raft;
    }
    return new Node.Parts(
        new Node.DataDirectoryView(directory.identity().member(), directory.identity().cluster()),
        messenger,
        hub,
        consensus,
        replica,
        gauge(consensus, replica),
        wal);
  }

  private JRaftConsensus raft(DataDirectory directory, RpcHub hub, LogServices services) {
    MemberId self = directory.identity().member();
    return new JRaftConsensus(
        new ConsensusConfig(
            self,
            directory.identity().cluster(),
            directory.snapshots(),
            directory.identity().stage() == Stage.FOUNDING ? List.of(self) : List.of(),
            directory.identity().witness(),
            config.cluster().election() == Election.MANUAL,
            config.cluster().electionTimeout(),
            config.cluster().electionCheckDelay()),
        hub,
        services,
        new JRaftConsensus.Threads(threads.requests, threads.notifier),
        System::nanoTime);
  }

  private Replica openReplica(DataDirectory directory, Consensus consensus) {
    Replica replica =
        new Replica(
            new ReplicaConfig(
                directory.identity().member().name(),
                REQUESTS_REMEMBERED,
                config.log().inFlightBytes(),
                (int) config.log().entryBytesMax(),
                storeConfig(directory),
                directory.identity().witness() ? WITNESS_HOLDS : Holding.ALL),
            consensus,
            threads.io,
            threads::soon,
            life::fail);
    life.opened(replica);
    log.atInfo().addKeyValue("found", replica.open()).log("store opened");
    Checkpointer checkpointer =
        new Checkpointer(
            replica.store(),
            config.store().checkpointInterval(),
            threads.named("checkpoint"),
            life::fail);
    life.opened(checkpointer);
    checkpointer.open();
    return replica;
  }

  private FreshnessGauge gauge(Consensus consensus, Replica replica) {
    return new FreshnessGauge(
        consensus,
        replica.applied()::current,
        System::nanoTime,
        new FreshnessGauge.Timing(ANSWER_MAX, config.reads().quorateWindow()));
  }

  private StoreConfig storeConfig(DataDirectory directory) {
    return StoreConfig.of(directory.rows())
        .withCacheMebibytes(config.store().cacheMebibytes())
        .withViewAgeMax(config.store().viewAgeMax())
        .withUnsavedBytes(config.store().checkpointBytes(), config.store().unsavedBytesMax())
        .withinHeap(Runtime.getRuntime().maxMemory());
  }
}

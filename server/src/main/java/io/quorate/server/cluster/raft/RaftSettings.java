package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.StateMachine;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.option.ReadOnlyOption;
import io.quorate.server.cluster.messaging.RpcHub;

/** JRaft's settings, each given even where it is the default: silence there costs speed or data. */
final class RaftSettings {
  /** Entries of one append message; with their bytes bounded as well. */
  private static final int ENTRIES_PER_MESSAGE = 1024;

  private static final int BYTES_PER_MESSAGE = 512 * 1024;

  /** Append messages under way to one member, if the heap allows: 64 × 512 KiB = 32 MiB. */
  private static final int MESSAGES_IN_FLIGHT_MAX = 64;

  /** Of the heap, what one member that has stopped may hold. */
  private static final int IN_FLIGHT_IN_HEAP = 32;

  /** One sync for up to this many bytes of entries. */
  private static final int BYTES_PER_SYNC = 1024 * 1024;

  /** Tasks taken into one batch under the node's lock. */
  private static final int TASKS_PER_BATCH = 256;

  /** Slots of each of JRaft's rings; a full ring refuses, it does not wait. */
  private static final int RING_SLOTS = 16 * 1024;

  /** A lost answer is noticed after this long; a restarted member at once. */
  private static final int RPC_TIMEOUT_MILLIS = 1500;

  private static final int SNAPSHOT_RPC_TIMEOUT_MILLIS = 5 * 60 * 1000;

  private RaftSettings() {}

  static HubNodeOptions of(
      ConsensusConfig config, RpcHub hub, LogServices services, StateMachine machine) {
    HubNodeOptions options = new HubNodeOptions(hub);
    options.setServiceFactory(services);
    options.setFsm(machine);
    options.setInitialConf(initialMembership(config));
    options.setElectionTimeoutMs((int) config.electionTimeout().toMillis());
    options.setSnapshotUri(config.snapshotDirectory().toString());
    // A copy that was cut short goes on behind the files that it has whole.
    options.setFilterBeforeCopyRemote(true);
    options.setLogUri("wal");
    options.setRaftMetaUri("vote");
    // Snapshots are asked for by bytes of log, by the replica.
    options.setSnapshotIntervalSecs(0);
    options.setDisableCli(true);
    options.setSharedTimerPool(true);
    options.setSharedElectionTimer(true);
    options.setSharedVoteTimer(true);
    options.setSharedStepDownTimer(true);
    options.setSharedSnapshotTimer(true);
    options.setRpcConnectTimeoutMs(1000);
    options.setRpcDefaultTimeout(RPC_TIMEOUT_MILLIS);
    options.setRpcInstallSnapshotTimeout(SNAPSHOT_RPC_TIMEOUT_MILLIS);
    options.setRpcProcessorThreadPoolSize(6);
    options.setRaftOptions(raftOptions(config));
    return options;
  }

  static Configuration initialMembership(ConsensusConfig config) {
    return new Configuration(config.initialVoters().stream().map(PeerIds::of).toList());
  }

  private static RaftOptions raftOptions(ConsensusConfig config) {
    RaftOptions options = new RaftOptions();
    options.setMaxElectionDelayMs((int) config.electionDelayMax().toMillis());
    options.setElectionHeartbeatFactor(10);
    options.setMaxEntriesSize(ENTRIES_PER_MESSAGE);
    options.setMaxBodySize(BYTES_PER_MESSAGE);
    options.setMaxReplicatorInflightMsgs(messagesInFlight(Runtime.getRuntime().maxMemory()));
    options.setReplicatorPipeline(true);
    options.setMaxAppendBufferSize(BYTES_PER_SYNC);
    options.setApplyBatch(TASKS_PER_BATCH);
    options.setDisruptorBufferSize(RING_SLOTS);
    options.setSync(true);
    options.setSyncMeta(true);
    options.setEnableLogEntryChecksum(false);
    options.setReadOnlyOptions(ReadOnlyOption.ReadOnlySafe);
    options.setStepDownWhenVoteTimedout(true);
    return options;
  }

  /**
   * How many append messages may be under way to one member: a heap of 256 MiB was seen to run out
   * while a member caught up with 32 MiB under way to it, beside the pages and unsaved rows of the
   * store. From 1 GiB on it is 64.
   */
  static int messagesInFlight(long heapBytes) {
    long fitting = heapBytes / IN_FLIGHT_IN_HEAP / BYTES_PER_MESSAGE;
    return (int) Math.max(1, Math.min(MESSAGES_IN_FLIGHT_MAX, fitting));
  }
}

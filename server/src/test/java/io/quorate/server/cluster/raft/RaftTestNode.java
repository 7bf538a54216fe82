package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.JRaftServiceFactory;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.RaftServiceFactory;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.entity.codec.LogEntryCodecFactory;
import com.alipay.sofa.jraft.entity.codec.v2.LogEntryV2CodecFactory;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import com.alipay.sofa.jraft.storage.SnapshotStorage;
import com.alipay.sofa.jraft.storage.impl.LocalRaftMetaStorage;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.Messenger;
import io.quorate.server.cluster.messaging.RpcHub;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One JRaft node on a messenger, with a log in memory and a list of texts as its state. */
final class RaftTestNode implements AutoCloseable {
  static final String GROUP = "quorate";
  static final int ELECTION_TIMEOUT_MILLIS = 500;

  private final MemberId member;
  private final ScheduledExecutorService timeouts = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService workers =
      new ThreadPoolExecutor(4, 4, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(10_000));
  private final RpcHub hub;
  private final HubRpcServer server;

  @GuardedBy("applied")
  private final List<String> applied = new ArrayList<>();

  private final Node node;

  /** Starts the node; {@code log} and {@code directory} are what it remembers. */
  RaftTestNode(Messenger messenger, List<MemberId> voters, MemoryLog log, Path directory) {
    member = messenger.self();
    long firstCallId = new SplittableRandom().nextLong();
    hub =
        new RpcHub(
            messenger,
            new RpcHub.Threads(timeouts, workers, workers),
            System::nanoTime,
            firstCallId);
    server = new HubRpcServer(hub, workers, () -> 0, member -> true, () -> {});
    server.registerRaftProcessors();
    HubNodeOptions options = new HubNodeOptions(hub).scaleTo(ELECTION_TIMEOUT_MILLIS);
    options.setInitialConf(new Configuration(voters.stream().map(PeerIds::of).toList()));
    options.setFsm(new Texts());
    options.setLogUri("memory");
    options.setRaftMetaUri(directory.resolve(member.name()).toString());
    options.setServiceFactory(new Storages(log));
    hub.open();
    NodeManager.getInstance().addAddress(PeerIds.endpointOf(member));
    node = RaftServiceFactory.createAndInitRaftNode(GROUP, PeerIds.of(member), options);
    server.init(null);
  }

  MemberId member() {
    return member;
  }

  RpcHub hub() {
    return hub;
  }

  Node node() {
    return node;
  }

  boolean leads() {
    return node.isLeader();
  }

  List<String> applied() {
    synchronized (applied) {
      return List.copyOf(applied);
    }
  }

  /** Proposes; the status says what JRaft knows of it. */
  CompletableFuture<Status> propose(String text) {
    CompletableFuture<Status> done = new CompletableFuture<>();
    Task task = new Task();
    task.setData(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    task.setDone(done::complete);
    node.apply(task);
    return done;
  }

  @Override
  public void close() {
    server.shutdown();
    node.shutdown();
    try {
      node.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    hub.close();
    NodeManager.getInstance().removeAddress(PeerIds.endpointOf(member));
    timeouts.shutdownNow();
    workers.shutdownNow();
  }

  private final class Texts extends StateMachineAdapter {
    @Override
    public void onApply(Iterator entries) {
      while (entries.hasNext()) {
        synchronized (applied) {
          applied.add(StandardCharsets.UTF_8.decode(entries.getData().duplicate()).toString());
        }
        if (entries.done() != null) {
          entries.done().run(Status.OK());
        }
        entries.next();
      }
    }
  }

  private record Storages(LogStorage log) implements JRaftServiceFactory {
    @Override
    public LogStorage createLogStorage(String uri, RaftOptions options) {
      return log;
    }

    @Override
    public SnapshotStorage createSnapshotStorage(NodeOptions options) {
      throw new UnsupportedOperationException("no snapshots in this test");
    }

    @Override
    public RaftMetaStorage createRaftMetaStorage(String uri, RaftOptions options) {
      return new LocalRaftMetaStorage(uri, options);
    }

    @Override
    public LogEntryCodecFactory createLogEntryCodecFactory() {
      return LogEntryV2CodecFactory.getInstance();
    }
  }
}

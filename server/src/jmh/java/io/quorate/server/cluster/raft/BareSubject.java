package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.Task;
import io.quorate.server.bench.Subject;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.JGroupsMessenger;
import io.quorate.server.cluster.messaging.MessengerConfig;
import io.quorate.server.cluster.messaging.RpcHub;
import io.quorate.server.cluster.wal.DirectoryDisk;
import io.quorate.server.cluster.wal.VoteFileStorage;
import io.quorate.server.cluster.wal.WalConfig;
import io.quorate.server.cluster.wal.WalLogStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * JRaft by itself on a node's transport, log and settings: the state machine counts, and tells the
 * proposer on its own thread. It stands in this room for its package-private parts.
 */
public final class BareSubject implements Subject {
  private static final int COMMAND_BYTES = 200;
  private static final int QUEUED = 16 * 1024;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService answers = pool(2);
  private final ExecutorService requests = pool(3);
  private final ExecutorService io = pool(1);
  private final RpcHub hub;
  private final HubRpcServer server;
  private final NodeImpl node;
  private final byte[] command = new byte[COMMAND_BYTES];

  /**
   * @param number of the member, from 1
   * @param ports peer ports of all members
   */
  public BareSubject(int number, int[] ports, Path data, Duration election) {
    new SplittableRandom(1).nextBytes(command);
    List<MemberId> members =
        IntStream.rangeClosed(1, ports.length).mapToObj(n -> new MemberId("n" + n, n)).toList();
    MemberId self = members.get(number - 1);
    List<InetSocketAddress> addresses =
        Arrays.stream(ports)
            .mapToObj(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .toList();
    MessengerConfig messaging =
        new MessengerConfig(
            self, "bare", addresses.get(number - 1), addresses, MessengerConfig.Timeouts.DEFAULT);
    hub =
        new RpcHub(
            new JGroupsMessenger(messaging, System::nanoTime),
            new RpcHub.Threads(timer, answers, answers),
            System::nanoTime,
            new SplittableRandom().nextLong());
    hub.open();
    ConsensusConfig config =
        new ConsensusConfig(
            self,
            "bare",
            directory(data, "snapshots"),
            members,
            false,
            false,
            election,
            Duration.ofMillis(100));
    DirectoryDisk disk = new DirectoryDisk(directory(data, "log"));
    WalLogStorage log =
        new WalLogStorage(disk, WalConfig.defaults(), io, Throwable::printStackTrace);
    VoteFileStorage vote = new VoteFileStorage(disk, Throwable::printStackTrace);
    RaftThreads.bound("bare");
    NodeManager.getInstance().addAddress(PeerIds.endpointOf(self));
    server = new HubRpcServer(hub, requests, () -> 0, member -> true, () -> {});
    server.registerRaftProcessors();
    server.init(null);
    node = new NodeImpl("bare", PeerIds.of(self));
    LogServices services = new LogServices(log, vote);
    if (!node.init(RaftSettings.of(config, hub, services, new Counter()))) {
      throw new IllegalStateException("the bare node does not open");
    }
  }

  private static ExecutorService pool(int threads) {
    return new ThreadPoolExecutor(
        threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUED));
  }

  private static Path directory(Path data, String name) {
    try {
      return Files.createDirectories(data.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean leads() {
    return node.isLeader();
  }

  @Override
  public long unapplied() {
    return 0;
  }

  @Override
  public void propose(Done done) {
    node.apply(new Task(ByteBuffer.wrap(command.clone()), new Told(done)));
  }

  private record Told(Done done) implements Closure {
    @Override
    public void run(Status status) {
      if (status.isOk()) {
        done.applied();
      } else {
        done.failed(status.toString());
      }
    }
  }

  /** Confined to the state machine's thread. */
  private static final class Counter extends StateMachineAdapter {
    private long entries;

    @Override
    public void onApply(Iterator committed) {
      while (committed.hasNext()) {
        entries++;
        if (committed.done() != null) {
          committed.done().run(Status.OK());
        }
        committed.next();
      }
    }

    @Override
    public String toString() {
      return entries + " entries";
    }
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
    List.of(timer, answers, requests, io).forEach(ExecutorService::shutdownNow);
  }
}

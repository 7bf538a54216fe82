package io.quorate.server.session;

import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.cluster.ReplicatedState.Applied;
import io.quorate.server.cluster.UnusedConsensus;
import io.quorate.server.dispatch.AllVoters;
import io.quorate.server.dispatch.FreshnessGauge;
import io.quorate.server.dispatch.LeaderRoad;
import io.quorate.server.dispatch.MajorityWatch;
import io.quorate.server.dispatch.ReadGate;
import io.quorate.server.format.NodeStatus;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.format.PeerQuestion;
import io.quorate.server.format.StatementAnswer;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.ServerRow;
import io.quorate.server.replica.Replica;
import io.quorate.server.replica.Replica.ReplicaConfig;
import io.quorate.server.store.StoreConfig;
import io.quorate.server.tx.Rows;
import io.quorate.server.tx.Transactions;
import io.quorate.server.tx.TxConfig;
import io.quorate.sql.exec.SystemTables;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Nodes with sessions on one log in memory, which a single thread applies everywhere in order. */
final class LocalCluster implements AutoCloseable {
  private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
  private final ExecutorService log = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, queue);
  private final ExecutorService answers = Executors.newCachedThreadPool();
  private final List<Node> nodes = new ArrayList<>();
  private long index;
  private long term;
  private volatile @Nullable Node leader;

  /** How much later it is for sessions than it is. */
  final AtomicLong laterNanos = new AtomicLong();

  /** Answers to questions that never come, and nobody says so. */
  final AtomicInteger answersToSwallow = new AtomicInteger();

  /** Answers to questions that get lost. */
  final AtomicInteger answersToLose = new AtomicInteger();

  /** Those that do not answer heartbeats. */
  final Set<MemberId> silent = ConcurrentHashMap.newKeySet();

  LocalCluster(Path directory, int size) {
    for (int i = 1; i <= size; i++) {
      nodes.add(new Node(new MemberId("n" + i, i), directory.resolve("n" + i + ".mv")));
    }
    nodes.forEach(node -> node.replica.open());
    lead(1);
  }

  Node node(int number) {
    return nodes.get(number - 1);
  }

  /** Makes a node the leader and waits until it takes writes. */
  void lead(int number) {
    Node next = node(number);
    nobodyLeads();
    run(
        () -> {
          term++;
          leader = next;
          next.replica.state().leadershipStarted(term);
        });
    run(() -> {});
    run(() -> {});
  }

  void nobodyLeads() {
    run(
        () -> {
          Node old = leader;
          leader = null;
          if (old != null) {
            old.replica.state().leadershipStopped();
          }
        });
  }

  /** Tasks that wait for the log's thread. */
  int queued() {
    return queue.size();
  }

  void run(Runnable task) {
    try {
      log.submit(task).get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    nodes.forEach(node -> node.service.close());
    answers.shutdownNow();
    log.shutdownNow();
    nodes.forEach(node -> node.replica.close());
  }

  /** One node. */
  final class Node extends UnusedConsensus implements Peers, ClusterFacts {
    final MemberId id;
    final Replica replica;
    final Transactions transactions;
    final FreshnessGauge gauge;
    final StatementCounters counters = new StatementCounters();
    final SessionService service;
    private final ForwardedStatements forwarded;
    private final List<Runnable> behind = new ArrayList<>();
    private boolean lags;

    Node(MemberId id, Path store) {
      this.id = id;
      this.replica =
          new Replica(
              new ReplicaConfig(id.name(), 1000, 64 << 20, 1 << 20, StoreConfig.of(store)),
              this,
              log,
              log,
              failure -> {
                throw new AssertionError(failure);
              });
      this.gauge =
          new FreshnessGauge(
              this, replica.applied()::current, System::nanoTime, FreshnessGauge.Timing.DEFAULT);
      this.transactions =
          new Transactions(replica, Rows::catalog, TxConfig.DEFAULT, System::nanoTime, id.number());
      this.service = new SessionService(rooms());
      this.forwarded = service.forwarded();
    }

    private Rooms rooms() {
      return new Rooms(
          replica,
          Rows::catalog,
          new FakePlanner(),
          SystemTables.NONE,
          new MetadataAnswers(new TreeMap<>()),
          transactions,
          new ReadGate(
              replica.applied(),
              this,
              gauge,
              new ReadGate.Patience(Duration.ofMillis(300), Duration.ofSeconds(10)),
              MajorityWatch.NONE),
          gauge,
          new LeaderRoad(
              id, this, this, transactions::isLeading, MajorityWatch.NONE, System::nanoTime),
          new AllVoters(
              id,
              this,
              this,
              replica.applied(),
              member -> !silent.contains(member),
              System::nanoTime),
          this,
          new FakeAdministration(),
          counters,
          new SessionConfig(
              20,
              3,
              Duration.ofHours(1),
              Duration.ofHours(1),
              1 << 20,
              Duration.ofSeconds(5),
              Duration.ofSeconds(2)),
          Admission.ALL,
          InstantSource.system(),
          () -> System.nanoTime() + laterNanos.get(),
          new SecureRandom());
    }

    Session session() {
      return service.open(new SessionOptions("tester", java.util.Map.of()));
    }

    /** From now on this node gets the log's entries late. */
    void lag() {
      run(() -> lags = true);
    }

    void catchUp() {
      run(
          () -> {
            lags = false;
            behind.forEach(Runnable::run);
            behind.clear();
          });
    }

    private void receive(long at, long in, byte[] command, @Nullable ProposalListener listener) {
      Runnable applying =
          () -> {
            Applied applied = replica.state().apply(at, in, ByteBuffer.wrap(command));
            replica.state().batchApplied(at);
            if (listener != null) {
              listener.applied(applied.index(), applied.outcome());
            }
          };
      if (lags) {
        behind.add(applying);
      } else {
        applying.run();
      }
    }

    @Override
    public void propose(byte[] command, long expected, ProposalListener listener) {
      log.execute(
          () -> {
            if (leader != this || expected != term) {
              listener.refused(Refusal.NOT_LEADER);
              return;
            }
            index++;
            // The others first, so that who is answered finds the write wherever it looks.
            for (Node node : nodes) {
              if (node != this) {
                node.receive(index, expected, command, null);
              }
            }
            receive(index, expected, command, listener);
          });
    }

    @Override
    public CompletableFuture<Long> readBarrier() {
      long target =
          nodes.stream().mapToLong(node -> node.replica.applied().current()).max().orElse(0);
      return CompletableFuture.supplyAsync(
          () -> {
            replica
                .applied()
                .await(target, Deadline.after(Duration.ofSeconds(5), System::nanoTime));
            return target;
          },
          answers);
    }

    @Override
    public Optional<MemberId> leader() {
      return Optional.ofNullable(leader).map(node -> node.id);
    }

    @Override
    public CompletableFuture<byte[]> ask(MemberId member, byte[] question, Deadline deadline) {
      Node asked = node(member.number());
      if (answersToSwallow.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        return new CompletableFuture<>();
      }
      return CompletableFuture.supplyAsync(() -> asked.answer(question), answers)
          .thenApply(
              bytes -> {
                if (answersToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                  throw new QuorateException(
                      io.quorate.driver.ErrorCode.OUTCOME_UNKNOWN, "the answer is lost");
                }
                return bytes;
              });
    }

    @Override
    public Membership membership() {
      return new Membership(nodes.stream().map(node -> node.id).toList(), List.of());
    }

    private byte[] answer(byte[] question) {
      try {
        if (PeerQuestion.parseFrom(question).hasStatus()) {
          NodeStatus status =
              NodeStatus.newBuilder().setApplied(replica.applied().current()).build();
          return PeerAnswer.newBuilder().setStatus(status).build().toByteArray();
        }
        StatementAnswer answer = forwarded.answer(PeerQuestion.parseFrom(question).getStatement());
        return PeerAnswer.newBuilder().setStatement(answer).build().toByteArray();
      } catch (com.google.protobuf.InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void answerWith(Responder responder) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String cluster() {
      return "c0";
    }

    @Override
    public Topology topology() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<ServerRow> servers() {
      return List.of();
    }

    @Override
    public List<Fact> facts() {
      return List.of();
    }
  }
}

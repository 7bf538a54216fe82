package io.quorate.server.cluster.raft.fault;

import io.quorate.server.cluster.Consensus.ProposalListener;
import io.quorate.server.cluster.Consensus.Refusal;
import io.quorate.server.cluster.Consensus.Role;
import io.quorate.server.lang.Outcome;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Proposes and reads through any member, most often through the one that leads, and repeats what
 * was left in doubt under the same request id.
 *
 * <p>One thread proposes, {@code load-…}; the listeners run on the members' threads.
 */
final class Load implements AutoCloseable {
  private static final int IN_FLIGHT_MAX = 96;

  /** The pace: bursts of up to {@link #BURST_MAX} at each, some 500 commands a second. */
  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final int BURST_MAX = 5;

  private final FaultCluster cluster;
  private final History history;
  private final SplittableRandom random;
  private final Thread thread;
  private final Queue<Long> again = new ConcurrentLinkedQueue<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean stopped;
  private long requests;
  private long attempts;

  Load(FaultCluster cluster, long seed) {
    this.cluster = cluster;
    this.history = cluster.history();
    this.random = new SplittableRandom(seed * 7 + 3);
    thread = new Thread(this::run, "load-" + seed);
    thread.setDaemon(true);
  }

  void open() {
    thread.start();
  }

  /** Proposes nothing more; what is under way goes on. */
  void stop() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  int inFlight() {
    return inFlight.get();
  }

  @Override
  public void close() {
    stop();
  }

  private void run() {
    try {
      while (!stopped) {
        step();
        // Unpaced it would take the processors from the members and measure their elections.
        LockSupport.parkNanos(PACE_NANOS);
      }
    } catch (RuntimeException e) {
      history.violated("LOAD_FAILED", e.toString());
    }
  }

  private void step() {
    List<FaultNode> nodes = cluster.nodes();
    if (nodes.isEmpty()) {
      return;
    }
    FaultNode any = nodes.get(random.nextInt(nodes.size()));
    FaultNode chosen = random.nextInt(10) == 0 ? any : cluster.leader().orElse(any);
    int burst = 1 + random.nextInt(BURST_MAX);
    for (int i = 0; i < burst && inFlight.get() < IN_FLIGHT_MAX; i++) {
      propose(chosen);
    }
    if (random.nextInt(3) == 0) {
      read(any);
    }
  }

  private void propose(FaultNode node) {
    Long repeated = again.poll();
    if (repeated == null && requests > 0 && random.nextInt(50) == 0) {
      repeated = 1 + random.nextLong(requests);
    }
    long request = repeated == null ? ++requests : repeated;
    Command command = new Command(request, ++attempts);
    inFlight.incrementAndGet();
    node.consensus().propose(command.bytes(), node.consensus().term(), new Attempt(node, command));
  }

  private void read(FaultNode node) {
    History.Ack before = history.latestAck();
    var unused =
        node.consensus()
            .readBarrier()
            .thenAccept(
                index -> {
                  if (node.killed()) {
                    return;
                  }
                  history.reads.incrementAndGet();
                  if (node.consensus().role() == Role.LEARNER) {
                    history.learnerReads.incrementAndGet();
                  }
                  long found = node.state().indexOf(before.request());
                  if (index < before.index() || found != before.index()) {
                    history.violated(
                        "STALE_READ",
                        "%s read at %d and found %d, but %s was acknowledged before"
                            .formatted(node.member(), index, found, before));
                  }
                });
  }

  private final class Attempt implements ProposalListener {
    private final FaultNode node;
    private final Command command;
    private final AtomicBoolean told = new AtomicBoolean();

    Attempt(FaultNode node, Command command) {
      this.node = node;
      this.command = command;
    }

    private void end(String how) {
      inFlight.decrementAndGet();
      if (!told.compareAndSet(false, true)) {
        history.violated("TOLD_TWICE", command + " " + how);
      }
    }

    @Override
    public void applied(long index, Outcome outcome) {
      if (node.killed()) {
        again.add(command.request());
      } else {
        history.acknowledged(command, index);
      }
      end("applied");
    }

    @Override
    public void refused(Refusal reason) {
      history.refused(command);
      end("refused");
    }

    @Override
    public void inDoubt(String why) {
      history.doubts.incrementAndGet();
      again.add(command.request());
      end("in doubt");
    }
  }
}

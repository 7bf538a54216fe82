package io.quorate.server.system;

import static org.awaitility.Awaitility.await;

import io.quorate.server.lang.RequestId;
import io.quorate.server.system.ProbeClient.Proposed;
import io.quorate.server.system.ProbeClient.Put;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients that write one row after another, each on a thread of its own, to whoever leads.
 *
 * <p>A request writes two rows: under (client, sequence) the number of the attempt, and a trace
 * under (client, sequence, attempt). What is refused, in doubt or unanswered is repeated under the
 * same id with the same base and the next attempt number. So a request that was applied twice has
 * left two traces, and one that was lost has left none. Thread-safe.
 */
final class Writers {
  static final int ROWS = 1;
  static final int TRACES = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration REQUEST_PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_NANOS = Duration.ofMillis(2).toNanos();

  private final LeaderWatch watch;
  private final List<Client> clients = new ArrayList<>();
  private final ConcurrentLinkedQueue<Ack> acks = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong repeated = new AtomicLong();
  private final int paddingBytes;
  private volatile boolean stopping;
  private volatile boolean abandoned;

  /**
   * @param paddingBytes makes each row larger
   */
  Writers(List<SystemNode> nodes, int count, int paddingBytes) {
    this.watch = new LeaderWatch(nodes);
    this.paddingBytes = paddingBytes;
    for (int i = 1; i <= count; i++) {
      clients.add(new Client(i));
    }
  }

  /**
   * An acknowledged request.
   *
   * @param attempts how often it was sent
   * @param index where it says it stands in the log
   * @param node who acknowledged it
   */
  record Ack(RequestId request, int attempts, long index, String node, long nanos) {}

  Writers start() {
    watch.open();
    clients.forEach(client -> client.thread.start());
    return this;
  }

  /** Ends when each client has an answer to its last request. */
  void stop() {
    stopping = true;
    for (Client client : clients) {
      try {
        client.thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    watch.close();
  }

  /** Ends without waiting for answers. */
  void abandon() {
    abandoned = true;
    stop();
  }

  long acknowledged() {
    return acknowledged.get();
  }

  /** Attempts beyond the first. */
  long repeated() {
    return repeated.get();
  }

  List<Ack> acks() {
    return List.copyOf(acks);
  }

  /** What must not happen to a writer: a request that expired or found no answer at all. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  /** Waits until {@code more} further requests have been acknowledged. */
  void awaitProgress(long more) {
    long target = acknowledged() + more;
    await("progress of the writers")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> acknowledged() >= target);
  }

  /**
   * Waits for the first request that is acknowledged by another node than {@code lost}, and returns
   * the time from {@code since} to it.
   */
  Duration awaitNextFromAnother(SystemNode lost, long since) {
    Ack next =
        await("a write acknowledged by another node than " + lost.name())
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofMillis(20))
            .until(() -> firstFromAnother(lost, since), Optional::isPresent)
            .orElseThrow();
    return Duration.ofNanos(next.nanos - since);
  }

  private Optional<Ack> firstFromAnother(SystemNode lost, long since) {
    return acks.stream()
        .filter(ack -> ack.nanos - since > 0 && !ack.node.equals(lost.name()))
        .findFirst();
  }

  /** The first acknowledgement after {@code since}, from any node. */
  Duration awaitNext(long since) {
    Ack next =
        await("a write acknowledged")
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofMillis(20))
            .until(
                () -> acks.stream().filter(ack -> ack.nanos - since > 0).findFirst(),
                Optional::isPresent)
            .orElseThrow();
    return Duration.ofNanos(next.nanos - since);
  }

  /** One client: confined to its thread. */
  private final class Client {
    private final long id;
    private final Thread thread;
    private long seen;
    private @Nullable SystemNode connectedTo;
    private @Nullable ProbeClient connection;

    Client(long id) {
      this.id = id;
      this.thread = new Thread(this::run, "writer-" + id);
      thread.setDaemon(true);
    }

    private void run() {
      for (long sequence = 1; !stopping; sequence++) {
        try {
          write(new RequestId(id, sequence));
        } catch (RuntimeException e) {
          problems.add("writer " + id + ": " + e);
        }
      }
      disconnect();
    }

    private void write(RequestId request) {
      long base = seen;
      long start = System.nanoTime();
      for (int attempt = 1; ; attempt++) {
        SystemNode leader = awaitLeader(start);
        if (leader == null) {
          problems.add(request + " found no leader or answer in " + REQUEST_PATIENCE);
          return;
        }
        if (abandoned) {
          return;
        }
        Proposed proposed = attempt(leader, request, base, attempt);
        if (proposed != null && proposed.kind() == Proposed.Kind.APPLIED) {
          if (proposed.detail().equals("APPLIED")) {
            seen = Math.max(seen, proposed.index());
            acks.add(new Ack(request, attempt, proposed.index(), leader.name(), System.nanoTime()));
            acknowledged.incrementAndGet();
            return;
          } else if (proposed.detail().equals("EXPIRED")) {
            problems.add(request + " expired, base " + base);
            return;
          }
        }
        repeated.incrementAndGet();
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }

    private @Nullable SystemNode awaitLeader(long start) {
      while (!abandoned && System.nanoTime() - start < REQUEST_PATIENCE.toNanos()) {
        Optional<SystemNode> leader = watch.leader();
        if (leader.isPresent()) {
          return leader.get();
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      return null;
    }

    private @Nullable Proposed attempt(
        SystemNode leader, RequestId request, long base, int attempt) {
      try {
        return connect(leader).propose(request, base, puts(request, attempt));
      } catch (IOException e) {
        disconnect();
        return null;
      }
    }

    private List<Put> puts(RequestId request, int attempt) {
      ByteBuffer value = ByteBuffer.allocate(Integer.BYTES + paddingBytes).putInt(attempt);
      byte[] key = key(request).array();
      byte[] trace =
          ByteBuffer.allocate(key.length + Integer.BYTES).put(key).putInt(attempt).array();
      return List.of(
          new Put(ROWS, RowKey.wrap(key), Row.wrap(value.array())),
          new Put(TRACES, RowKey.wrap(trace), Row.wrap(new byte[] {1})));
    }

    private ProbeClient connect(SystemNode leader) throws IOException {
      ProbeClient open = connection;
      if (open != null && connectedTo == leader) {
        return open;
      }
      disconnect();
      ProbeClient fresh = leader.connect(PATIENCE);
      connection = fresh;
      connectedTo = leader;
      return fresh;
    }

    private void disconnect() {
      ProbeClient open = connection;
      connection = null;
      connectedTo = null;
      if (open != null) {
        try {
          open.close();
        } catch (IOException e) {
          // It was broken already.
          return;
        }
      }
    }
  }

  static ByteBuffer key(RequestId request) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(request.client())
        .putLong(request.sequence());
  }
}

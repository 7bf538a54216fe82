package io.quorate.server.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.Messenger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Nodes in one JVM, on messengers that the test provides. Confined to the test's thread. */
final class RaftTestCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<MemberId> voters;
  private final Function<MemberId, Messenger> messengers;
  private final Path directory;
  private final Map<MemberId, MemoryLog> logs = new LinkedHashMap<>();
  private final Map<MemberId, RaftTestNode> nodes = new LinkedHashMap<>();

  RaftTestCluster(List<MemberId> voters, Function<MemberId, Messenger> messengers, Path directory) {
    this.voters = voters;
    this.messengers = messengers;
    this.directory = directory;
    voters.forEach(this::start);
  }

  /** Starts a member with what it remembers. */
  void start(MemberId member) {
    MemoryLog log = logs.computeIfAbsent(member, m -> new MemoryLog());
    nodes.put(member, new RaftTestNode(messengers.apply(member), voters, log, directory));
  }

  void stop(MemberId member) {
    RaftTestNode node = nodes.remove(member);
    if (node != null) {
      node.close();
    }
  }

  /** Sets how long each log takes to sync. */
  void syncTime(Duration time) {
    logs.values().forEach(log -> log.syncTime(time));
  }

  List<RaftTestNode> nodes() {
    return List.copyOf(nodes.values());
  }

  RaftTestNode awaitLeader() {
    return awaitLeaderAmong(nodes());
  }

  /** Waits until one of these leads and has committed something in its term. */
  RaftTestNode awaitLeaderAmong(List<RaftTestNode> candidates) {
    await("a leader")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> leaderAmong(candidates).isPresent());
    return leaderAmong(candidates).orElseThrow();
  }

  private static Optional<RaftTestNode> leaderAmong(List<RaftTestNode> candidates) {
    return candidates.stream().filter(RaftTestNode::leads).findFirst();
  }

  /** Commits the texts through this leader, 64 in flight, and returns those acknowledged. */
  static List<String> commit(RaftTestNode leader, String prefix, int count)
      throws InterruptedException, TimeoutException {
    Semaphore inFlight = new Semaphore(64);
    Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < count; i++) {
      String text = prefix + i;
      if (!inFlight.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new TimeoutException("nothing commits any more, at " + text);
      }
      var unused =
          leader
              .propose(text)
              .thenAccept(
                  status -> {
                    if (status.isOk()) {
                      acknowledged.add(text);
                    }
                    inFlight.release();
                  });
    }
    if (!inFlight.tryAcquire(64, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new TimeoutException("not everything was answered");
    }
    return new ArrayList<>(acknowledged);
  }

  /** Waits until all nodes have applied the same, with everything acknowledged in it. */
  void awaitAllHaveApplied(List<String> acknowledged) {
    await("all nodes to apply all that was acknowledged")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () -> {
              List<String> first = nodes().get(0).applied();
              assertThat(first).containsAll(acknowledged);
              for (RaftTestNode node : nodes()) {
                assertThat(node.applied()).as("applied by %s", node.member()).isEqualTo(first);
              }
            });
  }

  @Override
  public void close() {
    nodes.values().forEach(RaftTestNode::close);
    nodes.clear();
  }
}

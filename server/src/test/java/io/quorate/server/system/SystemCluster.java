package io.quorate.server.system;

import static org.awaitility.Awaitility.await;

import io.quorate.server.cluster.messaging.LoopbackPorts;
import io.quorate.server.system.ProbeClient.Status;
import io.quorate.server.system.SystemNode.Home;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Nodes in processes, and waiting for them. Everything that was started is killed in the end, by
 * its process; when a test fails, the end of each log is printed.
 */
final class SystemCluster implements AutoCloseable {
  private static final int LOG_LINES_PRINTED = 80;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Three a node. */
  private static final int PORTS = 48;

  private final Path directory;
  private final Function<String, Home> homes;
  private final List<InetSocketAddress> free;
  private final List<SystemNode> nodes = new ArrayList<>();
  private final List<Writers> writers = new ArrayList<>();

  private SystemCluster(Path directory, Function<String, Home> homes) {
    this.directory = directory;
    this.homes = homes;
    this.free = new ArrayList<>(LoopbackPorts.find(PORTS));
  }

  /** What a test does with a cluster. */
  @FunctionalInterface
  interface Body {
    void run(SystemCluster cluster) throws Exception;
  }

  /** Runs a test with a cluster that is empty yet. */
  static void run(Path directory, Body body) throws Exception {
    run(directory, name -> Home.LOOPBACK, body);
  }

  /**
   * The same with nodes that live elsewhere.
   *
   * @param homes by a node's name
   */
  static void run(Path directory, Function<String, Home> homes, Body body) throws Exception {
    try (SystemCluster cluster = new SystemCluster(directory, homes)) {
      try {
        body.run(cluster);
      } catch (Exception | AssertionError e) {
        cluster.printLogs();
        throw e;
      }
    }
  }

  /** Makes a node, not started yet. */
  SystemNode node(String name) {
    return node(name, name);
  }

  /** Makes a node in a directory of its own name. */
  SystemNode node(String name, String home) {
    SystemNode node =
        new SystemNode(
            name,
            directory.resolve(home),
            homes.apply(name),
            free.remove(0).getPort(),
            free.remove(0).getPort(),
            free.remove(0).getPort());
    nodes.add(node);
    return node;
  }

  /** Starts n1, n2 and n3 as voters and waits until they are. */
  void startThree(Consumer<SystemNode> settings) {
    startVoters(3, settings);
  }

  /** Starts n1, n2 … as voters and waits until they are. */
  void startVoters(int count, Consumer<SystemNode> settings) {
    SystemNode first = node("n1").withFlag("--bootstrap");
    settings.accept(first);
    first.start();
    SystemNode leader = awaitLeader();
    for (int i = 2; i <= count; i++) {
      SystemNode next = node("n" + i).withFlag("--join=" + leader.peerAddress());
      settings.accept(next);
      next.start();
    }
    nodes.forEach(SystemCluster::awaitStarted);
  }

  /** Starts a learner beside what there is; it may not be a member yet. */
  SystemNode startLearner(String name, Consumer<SystemNode> settings) {
    SystemNode learner =
        node(name).withFlag("--role=learner").withFlag("--join=" + awaitLeader().peerAddress());
    settings.accept(learner);
    learner.start();
    return learner;
  }

  /** Waits until the process that was started last says that it is a member and serves clients. */
  static void awaitStarted(SystemNode node) {
    String phrase = "node started";
    await("\"" + phrase + "\" in the log of " + node.name())
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> node.hasLoggedSinceStart(phrase));
  }

  /** The JDBC URL that names all nodes. */
  String url() {
    return nodes.stream()
        .map(SystemNode::clientAddress)
        .collect(Collectors.joining(",", "jdbc:quorate://", "/"));
  }

  List<SystemNode> nodes() {
    return List.copyOf(nodes);
  }

  SystemNode require(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }

  /** The others of the same cluster. */
  List<SystemNode> others(SystemNode node) {
    return nodes.stream().filter(each -> each != node).toList();
  }

  /** The running node that takes writes, in the highest term. */
  Optional<SystemNode> findLeader(SystemNode... except) {
    SystemNode found = null;
    long term = -1;
    for (SystemNode node : nodes) {
      Optional<Status> status =
          Arrays.asList(except).contains(node) ? Optional.empty() : node.status();
      if (status.isPresent() && status.get().ready() && status.get().term() > term) {
        found = node;
        term = status.get().term();
      }
    }
    return Optional.ofNullable(found);
  }

  SystemNode awaitLeader(SystemNode... except) {
    return await("a node leads")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> findLeader(except), Optional::isPresent)
        .orElseThrow();
  }

  /** Has {@code node} take the leadership over, if it does not lead. */
  void lead(SystemNode node) {
    await(node.name() + " leads")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              SystemNode leader = awaitLeader();
              if (leader != node) {
                handOver(leader, node);
              }
              return leader == node;
            });
  }

  /** An attempt: a leader may be another one by the time that it is asked, or decline. */
  private static void handOver(SystemNode from, SystemNode to) {
    try (ProbeClient client = from.connect(PATIENCE)) {
      client.transferLeadership(to.name());
    } catch (IOException e) {
      Figures.print(from.name() + " did not hand over: " + e.getMessage());
    }
  }

  /** Waits until each of the running nodes has applied {@code revision}. */
  void awaitAllAt(long revision) {
    await("all nodes at revision " + revision)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                nodes.stream()
                    .filter(SystemNode::isRunning)
                    .allMatch(node -> appliedOf(node) >= revision));
  }

  /** Waits until {@code node} has what the leader has now; returns how long it took. */
  Duration awaitCaughtUp(SystemNode node, Duration patience) {
    long start = System.nanoTime();
    long target = appliedOf(awaitLeader());
    await("node " + node.name() + " at revision " + target)
        .atMost(patience)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> appliedOf(node) >= target);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  static long appliedOf(SystemNode node) {
    return node.status().map(Status::applied).orElse(-1L);
  }

  private void printLogs() {
    for (SystemNode node : nodes) {
      List<String> lines = node.logFile().toFile().exists() ? node.logLines() : List.of();
      Figures.print("---- end of the log of " + node.name() + ", now " + node.status());
      lines.stream()
          .skip(Math.max(0, lines.size() - LOG_LINES_PRINTED))
          .forEach(line -> Figures.print("  " + line));
    }
  }

  /** Starts {@code count} clients that write rows of {@code paddingBytes} and a little more. */
  Writers write(int count, int paddingBytes) {
    Writers started = new Writers(nodes(), count, paddingBytes);
    writers.add(started);
    return started.start();
  }

  @Override
  public void close() {
    writers.forEach(Writers::abandon);
    nodes.forEach(SystemNode::kill9);
  }
}

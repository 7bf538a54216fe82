package io.quorate.server.cli.demo;

import io.quorate.server.Node;
import io.quorate.server.cli.demo.DemoPlan.Member;
import io.quorate.server.config.IdentityConfig;
import io.quorate.server.lang.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * The nodes of a {@link DemoPlan}, each in its process. {@link #open} is for the main thread;
 * {@link #close} may be called by any, more than once, and ends an {@code open} that is under way.
 */
public final class DemoCluster implements AutoCloseable {
  /** A fresh node has 90 s to be let in by itself. */
  private static final Duration STARTING = Duration.ofMinutes(2);

  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(50);

  /** A node writes its last checkpoint; it gives itself 10 s when something is wrong. */
  private static final Duration STOPPING = Duration.ofSeconds(20);

  private final DemoPlan plan;
  private final Progress progress;

  /** Guarded by itself, as is {@code closing}. */
  private final List<NodeProcess> nodes = new ArrayList<>();

  private boolean closing;

  public DemoCluster(DemoPlan plan, Progress progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /** Starts all nodes and returns when each of them answers statements. */
  public void open() throws InterruptedException {
    Deadline deadline = Deadline.after(STARTING, System::nanoTime);
    requireOneCluster();
    requireFreePorts();
    progress.line("Starting %d nodes in %s".formatted(plan.members().size(), plan.directory()));
    boolean fresh = plan.members().stream().allMatch(DemoCluster::isFresh);
    for (Member member : plan.members()) {
      start(member, fresh);
    }
    for (NodeProcess node : started()) {
      awaitReady(node, deadline);
    }
  }

  private void requireOneCluster() {
    Map<String, String> members = new TreeMap<>();
    for (Member member : plan.members()) {
      Node.clusterOf(member.directory())
          .ifPresent(cluster -> members.merge(cluster, member.name(), (a, b) -> a + " and " + b));
    }
    if (members.size() > 1) {
      String found =
          members.entrySet().stream()
              .map(entry -> entry.getValue() + " of cluster " + entry.getKey())
              .collect(Collectors.joining(", "));
      throw new DemoFailedException(
          plan.directory() + " holds nodes of different clusters: " + found);
    }
  }

  private void requireFreePorts() {
    for (Member member : plan.members()) {
      for (int port : member.ports()) {
        if (LocalPort.isTaken(port)) {
          throw new DemoFailedException(
              "port %d, which node %s would use, is taken; choose others with --port"
                  .formatted(port, member.name()));
        }
      }
    }
  }

  private static boolean isFresh(Member member) {
    return Node.clusterOf(member.directory()).isEmpty();
  }

  /** The first node of all begins the cluster; whoever is fresh later joins it. */
  private void start(Member member, boolean allFresh) {
    List<String> flags = new ArrayList<>();
    boolean first = member.equals(plan.members().get(0));
    if (first && (allFresh || !isFresh(member))) {
      flags.add("--bootstrap");
    } else {
      flags.add(
          plan.members().stream()
              .filter(other -> !other.equals(member))
              .map(Member::peerAddress)
              .collect(Collectors.joining(",", "--join=", "")));
    }
    if (member.role() != IdentityConfig.Role.VOTER) {
      flags.add("--role=" + member.role().name().toLowerCase(Locale.ROOT));
    }
    synchronized (nodes) {
      if (!closing) {
        nodes.add(NodeProcess.start(member, flags));
      }
    }
  }

  private void awaitReady(NodeProcess node, Deadline deadline) throws InterruptedException {
    long start = System.nanoTime();
    NodeProbe probe = new NodeProbe(node.member());
    while (true) {
      Optional<String> problem = probe.problem();
      if (problem.isEmpty()) {
        node.confirm();
        progress.line(
            "  %s answers at %s, process %d"
                .formatted(node.member().name(), node.member().clientAddress(), node.pid()));
        return;
      }
      requireGoingOn(node, deadline, problem.get());
      progress.waiting(node.member().name(), Duration.ofNanos(System.nanoTime() - start));
      LockSupport.parkNanos(BETWEEN_QUESTIONS.toNanos());
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private static void requireGoingOn(NodeProcess node, Deadline deadline, String problem) {
    String name = node.member().name();
    if (!node.isRunning()) {
      throw new DemoFailedException(
          "node %s did not start: %s; see %s"
              .formatted(
                  name, node.lastComplaint().orElse("it has ended"), node.member().logFile()));
    }
    if (deadline.expired()) {
      throw new DemoFailedException(
          "node %s is not ready after %d s: %s; see %s"
              .formatted(name, STARTING.toSeconds(), problem, node.member().logFile()));
    }
  }

  /** Tells when a node ends, and how to start it again, until {@link #close}. */
  public void watch() {
    for (NodeProcess node : started()) {
      var unused = node.ended().thenAccept(code -> onEnd(node, code));
    }
  }

  private void onEnd(NodeProcess node, int code) {
    synchronized (nodes) {
      if (closing) {
        return;
      }
    }
    progress.line(
        "node %s has ended with exit code %d; start it again by: quorate server %s"
            .formatted(
                node.member().name(),
                code,
                String.join(" ", NodeProcess.addresses(node.member()))));
  }

  private List<NodeProcess> started() {
    synchronized (nodes) {
      return List.copyOf(nodes);
    }
  }

  /** Stops every node, also one that a user has started again in its place. */
  @Override
  public void close() {
    synchronized (nodes) {
      closing = true;
    }
    Deadline deadline = Deadline.after(STOPPING, System::nanoTime);
    List<NodeProcess> stopping = started();
    stopping.forEach(NodeProcess::terminate);
    for (NodeProcess node : stopping) {
      try {
        if (!node.awaitEnd(deadline)) {
          progress.line("node " + node.member().name() + " does not stop and is killed");
          node.kill();
        }
      } catch (InterruptedException e) {
        stopping.forEach(NodeProcess::kill);
        Thread.currentThread().interrupt();
      }
    }
  }
}

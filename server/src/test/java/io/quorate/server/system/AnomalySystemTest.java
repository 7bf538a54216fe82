package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Registers and a bank on three voters and a learner while these are killed, frozen and cut off.
 * {@code -Danomaly.minutes} and {@code -Danomaly.seed} choose.
 */
@Tag("slow")
@Timeout(value = 3, unit = TimeUnit.HOURS)
final class AnomalySystemTest {
  private static final Duration FAULTS =
      Duration.ofMinutes(Integer.getInteger("anomaly.minutes", 20));
  private static final long SEED = Long.getLong("anomaly.seed", 1);
  private static final int APPLICATIONS = 4;

  @TempDir Path directory;

  @Test
  void registers_and_sums_are_never_wrong_under_faults() throws Exception {
    Optional<String> whyNot = NodeNetwork.whyNot();
    assumeTrue(whyNot.isEmpty(), () -> "no network namespaces here: " + whyNot.orElseThrow());
    try (NodeNetwork network = NodeNetwork.of(4)) {
      SystemCluster.run(directory, network::home, cluster -> run(cluster, network));
    }
  }

  private static void run(SystemCluster cluster, NodeNetwork network) throws Exception {
    cluster.startVoters(3, node -> node.withFlag("--insecure"));
    SystemCluster.awaitStarted(cluster.startLearner("n4", node -> node.withFlag("--insecure")));

    List<Workload> workloads = List.of(new Registers(cluster.nodes()), new Bank(cluster.nodes()));
    SystemNemesis nemesis = new SystemNemesis(cluster, network, SEED);
    List<Application> applications = new ArrayList<>();
    try {
      for (Workload workload : workloads) {
        try (Connection connection = DriverManager.getConnection(cluster.url())) {
          workload.prepare(connection);
        }
        for (int i = 0; i < APPLICATIONS; i++) {
          applications.add(new Application(workload, cluster.url(), SEED + i));
        }
      }
      cluster.awaitAllAt(SystemCluster.appliedOf(cluster.awaitLeader()));
      applications.forEach(Application::start);
      long end = System.nanoTime() + FAULTS.toNanos();
      while (System.nanoTime() - end < 0 && anomalies(workloads, applications).isEmpty()) {
        nemesis.strike();
      }
    } finally {
      applications.forEach(Application::stop);
      Figures.print("seed " + SEED + ", faults " + nemesis);
      workloads.forEach(workload -> Figures.print(workload.toString()));
    }
    assertThat(anomalies(workloads, applications)).isEmpty();
    cluster.nodes().forEach(SystemCluster::awaitStarted);
    cluster.awaitAllAt(SystemCluster.appliedOf(cluster.awaitLeader()));
    assertEqual(cluster);
  }

  private static List<String> anomalies(List<Workload> workloads, List<Application> applications) {
    List<String> found = new ArrayList<>();
    workloads.forEach(workload -> found.addAll(workload.anomalies()));
    applications.forEach(application -> found.addAll(application.broken));
    return found.subList(0, Math.min(found.size(), 20));
  }

  private static void assertEqual(SystemCluster cluster) throws SQLException {
    Set<String> states = new HashSet<>();
    for (SystemNode node : cluster.nodes()) {
      try (Connection connection =
          DriverManager.getConnection(node.url() + "&read_level=LINEARIZABLE")) {
        assertThat(Bank.sum(connection)).as(node.name()).isEqualTo(Bank.TOTAL);
        states.add(Registers.stateOf(connection));
      }
    }
    assertThat(states).hasSize(1);
  }

  /** A thread with a connection of its own, which it makes anew when that fails. */
  private static final class Application {
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    private final Workload workload;
    private final String url;
    private final SplittableRandom random;
    private final Thread thread = new Thread(this::run, "application");
    private final ConcurrentLinkedQueue<String> broken = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    Application(Workload workload, String url, long seed) {
      this.workload = workload;
      this.url = url + "?read_level=LINEARIZABLE&query_timeout=20000";
      this.random = new SplittableRandom(seed);
    }

    void start() {
      thread.setDaemon(true);
      thread.start();
    }

    private void run() {
      try {
        while (!stopping) {
          steps();
        }
      } catch (RuntimeException | AssertionError e) {
        broken.add(e + " at " + List.of(e.getStackTrace()));
      }
    }

    private void steps() {
      try (Connection connection = DriverManager.getConnection(url)) {
        while (!stopping) {
          workload.step(connection, random);
        }
      } catch (SQLException e) {
        // Counted by the workload; faults explain a lot, but no failure of our own.
        if (e.getSQLState() == null || e.getSQLState().startsWith("XX")) {
          broken.add(e.toString());
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }

    void stop() {
      stopping = true;
      try {
        thread.join(Duration.ofSeconds(60).toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (thread.isAlive()) {
        broken.add("an application has no answer to its last statement");
      }
    }
  }
}

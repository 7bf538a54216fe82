package io.quorate.server.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.server.cluster.raft.BareSubject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * One JVM of the cluster. Told what to do by lines of the standard input, and stopped by its end,
 * so that none outlives {@link ConsensusBenchmark}.
 */
public final class BenchMember {
  private static final ObjectMapper JSON = new ObjectMapper();

  private BenchMember() {}

  /**
   * Arguments: subject, number of the member, peer ports, data directory, election timeout in ms.
   */
  public static void main(String[] args) throws Exception {
    int[] ports = Arrays.stream(args[2].split(",")).mapToInt(Integer::parseInt).toArray();
    int number = Integer.parseInt(args[1]);
    Path data = Path.of(args[3]);
    Duration election = Duration.ofMillis(Integer.parseInt(args[4]));
    Costs.watchCollections();
    try (Subject subject =
            switch (args[0]) {
              case "bare" -> new BareSubject(number, ports, data, election);
              case "quorate" -> new QuorateSubject(number, ports, data, election, true);
              case "quorate-log" -> new QuorateSubject(number, ports, data, election, false);
              default -> throw new IllegalArgumentException("no such subject: " + args[0]);
            };
        BufferedReader orders =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      say("READY");
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        obey(subject, order.split(" "));
      }
    }
    // JRaft's and JGroups' threads may outlive their node.
    System.exit(0);
  }

  private static void obey(Subject subject, String[] order) throws Exception {
    switch (order[0]) {
      case "leads" -> say("LEADS " + subject.leads());
      case "unapplied" -> say("UNAPPLIED " + subject.unapplied());
      case "run" -> run(subject, seconds(order, 1), seconds(order, 2), seconds(order, 3));
      case "watch" -> watch(subject, seconds(order, 1), seconds(order, 2));
      default -> throw new IllegalArgumentException("no such order: " + order[0]);
    }
  }

  private static int seconds(String[] order, int at) {
    return Integer.parseInt(order[at]);
  }

  /** One cell: warms up, measures, and prints the figures. */
  private static void run(Subject subject, int inFlight, int warmUp, int measured)
      throws InterruptedException, IOException {
    try (ClosedLoop loop = new ClosedLoop(subject)) {
      loop.start(inFlight);
      TimeUnit.SECONDS.sleep(warmUp);
      say("BEGIN");
      Costs.takeLongestGcMillis();
      Costs before = Costs.now();
      long failed = loop.failed();
      loop.reset();
      long began = System.nanoTime();
      TimeUnit.SECONDS.sleep(measured);
      Latencies latencies = loop.latencies();
      long count = latencies.count();
      double seconds = (System.nanoTime() - began) / 1e9;
      Costs costs = Costs.now().since(before);
      say("END");
      double each = Math.max(1, count);
      ObjectNode cell = JSON.createObjectNode();
      cell.put("in_flight", inFlight)
          .put("ops_per_second", Math.round(count / seconds))
          .put("p50_ms", latencies.millisAt(0.5))
          .put("p99_ms", latencies.millisAt(0.99))
          .put("max_ms", latencies.millisAt(1))
          .put("failed", loop.failed() - failed)
          .put("last_failure", loop.lastFailure())
          .put("leader_cpu_us_per_op", rounded(costs.cpuNanos() / 1e3 / each))
          .put("leader_bytes_per_op", Math.round(costs.allocatedBytes() / each))
          .put("leader_calls_per_op", rounded(costs.readWriteCalls() / each))
          .put("leader_waits_per_op", rounded(costs.waits() / each))
          .put("leader_gcs", costs.gcs())
          .put("leader_gc_ms", costs.gcMillis())
          .put("leader_gc_max_ms", Costs.takeLongestGcMillis())
          .put("still_leads", subject.leads());
      say("RESULT " + JSON.writeValueAsString(cell));
    }
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /** Prints each second how many writes were applied in it. */
  private static void watch(Subject subject, int inFlight, int seconds)
      throws InterruptedException {
    try (ClosedLoop loop = new ClosedLoop(subject)) {
      loop.start(inFlight);
      long applied = 0;
      for (int second = 0; second < seconds; second++) {
        TimeUnit.SECONDS.sleep(1);
        long now = loop.applied();
        say("TICK " + (now - applied) + " " + loop.failed());
        applied = now;
      }
    }
    say("WATCHED");
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}

package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.cluster.messaging.LoopbackPorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code quorate demo} as a process, from its first start to its end. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class DemoSystemTest {
  private static final Map<String, Long> TPCH =
      new TreeMap<>(
          Map.of(
              "region", 5L,
              "nation", 25L,
              "supplier", 100L,
              "customer", 1500L,
              "part", 2000L,
              "partsupp", 8000L,
              "orders", 15_000L,
              "lineitem", 60_175L));

  private static final Duration WARM_START = Duration.ofSeconds(30);
  private static final Duration STOP = Duration.ofSeconds(30);

  @TempDir Path directory;
  private final int port = freePort();
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void stop() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void nodes_end_with_the_demo_even_when_it_is_killed() throws Exception {
    Process demo = start("--sample", "none", "--nodes", "1");
    awaitReady(demo);
    ProcessHandle node = nodes(1).get(0);
    assertThat(node.parent().map(ProcessHandle::pid)).hasValue(demo.pid());

    demo.destroyForcibly();

    Awaitility.await("the end of the node").atMost(STOP).until(() -> !node.isAlive());
  }

  @Test
  @Tag("slow")
  void the_sample_is_loaded_once_and_is_there_on_every_node_after_a_restart() throws Exception {
    Process first = start();
    awaitReady(first);
    assertCounts();
    List<ProcessHandle> nodes = nodes(3);
    terminate(first, nodes);

    long restarted = System.nanoTime();
    Process second = start();
    List<String> lines = awaitReady(second);
    Duration warm = Duration.ofNanos(System.nanoTime() - restarted);
    Figures.print("warm start of the demo with three nodes: " + warm.toMillis() + " ms");
    assertThat(lines).contains("The sample is there");
    assertThat(warm).isLessThan(WARM_START);
    assertCounts();
    terminate(second, nodes(3));
  }

  private void assertCounts() throws Exception {
    for (int i = 0; i < 3; i++) {
      String url = "jdbc:quorate://127.0.0.1:" + (port + i) + "/?target=contact";
      Map<String, Long> counts = new TreeMap<>();
      for (String table : TPCH.keySet()) {
        counts.put(
            table,
            Long.valueOf(SliceSystemTest.strings(url, "SELECT COUNT(*) FROM " + table).get(0)));
      }
      assertThat(counts).as("through node n" + (i + 1)).isEqualTo(TPCH);
    }
  }

  private static void terminate(Process demo, List<ProcessHandle> nodes) throws Exception {
    boolean asked = demo.toHandle().destroy();
    assertThat(asked).isTrue();
    assertThat(demo.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(demo.exitValue()).isZero();
    assertThat(nodes).noneMatch(ProcessHandle::isAlive);
  }

  private Process start(String... flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.quorate.server.cli.Main", "demo", "--no-shell"));
    command.addAll(List.of("--dir=" + directory, "--port=" + port));
    command.addAll(List.of(flags));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    started.add(process);
    return process;
  }

  /** The lines up to the one that says READY. */
  private List<String> awaitReady(Process demo) throws IOException {
    BufferedReader out = demo.inputReader(StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      lines.add(line);
      if (line.startsWith("READY ")) {
        assertThat(line).startsWith("READY jdbc:quorate://127.0.0.1:" + port);
        return lines;
      }
    }
    throw new AssertionError("no READY: " + lines);
  }

  private List<ProcessHandle> nodes(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> directory.resolve("n" + i).resolve("pid"))
        .map(DemoSystemTest::process)
        .toList();
  }

  private static ProcessHandle process(Path pidFile) {
    try {
      Optional<ProcessHandle> process =
          ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()));
      return process.orElseThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The first of a row of ports that are free now, as the demo uses them. */
  private static int freePort() {
    return LoopbackPorts.find(1).get(0).getPort();
  }
}

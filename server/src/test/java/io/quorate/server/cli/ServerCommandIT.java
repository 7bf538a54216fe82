package io.quorate.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.cluster.messaging.LoopbackPorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process as a supervisor sees it. */
@Timeout(60)
final class ServerCommandIT {
  @TempDir Path directory;

  @Test
  void sigterm_ends_a_running_node_with_0_and_takes_its_pid_file_away() throws Exception {
    int peerPort = LoopbackPorts.find(1).get(0).getPort();
    Process process = start("--client-addr=127.0.0.1:0", "--peer-addr=127.0.0.1:" + peerPort);
    try (BufferedReader log = process.errorReader(StandardCharsets.UTF_8)) {
      List<String> lines = new ArrayList<>();
      awaitLine(log, "node running", lines);
      assertThat(directory.resolve("pid")).hasContent(Long.toString(process.pid()));

      boolean asked = process.toHandle().destroy(); // unlike destroy() leaves its streams open
      assertThat(asked).isTrue();

      awaitLine(log, "node stopped", lines);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as("%s", lines).isZero();
      assertThat(directory.resolve("pid")).doesNotExist();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void a_start_that_fails_ends_with_1_and_one_line() throws Exception {
    Path file = Files.writeString(directory.resolve("taken"), "");
    Process process = start("--data=" + file.resolve("below"));
    try (BufferedReader log = process.errorReader(StandardCharsets.UTF_8)) {
      List<String> ours = log.lines().filter(line -> line.startsWith("quorate: ")).toList();
      assertThat(process.waitFor()).isEqualTo(1);
      assertThat(ours).hasSize(1);
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(String... flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), "server", "--admin-addr=127.0.0.1:0"));
    command.add("--data=" + directory);
    for (String flag : flags) {
      command.removeIf(earlier -> earlier.startsWith("--data=") && flag.startsWith("--data="));
      command.add(flag);
    }
    return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static void awaitLine(BufferedReader log, String phrase, List<String> seen)
      throws IOException {
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      seen.add(line);
      if (line.contains(phrase)) {
        return;
      }
    }
    throw new AssertionError("\"" + phrase + "\" was not logged: " + seen);
  }
}

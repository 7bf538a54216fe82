package io.quorate.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The distribution's launcher, as the build has made it. */
@Timeout(60)
final class LauncherIT {
  @TempDir Path elsewhere;
  private final Path launcher =
      Path.of(System.getProperty("quorate.dist", "target/none"), "bin", "quorate");

  private record Ended(int code, String output) {}

  @BeforeEach
  void requireDistribution() {
    assumeThat(launcher).isExecutable();
  }

  @Test
  void it_runs_from_anywhere_and_through_links() throws Exception {
    Path link = Files.createSymbolicLink(elsewhere.resolve("q"), launcher);
    Path second = Files.createSymbolicLink(elsewhere.resolve("second"), Path.of("q"));

    for (Path path : List.of(launcher, link, second)) {
      Ended ended = run(Map.of(), path.toString(), "--version");
      assertThat(ended.output).startsWith("quorate ").contains("Java ");
      assertThat(ended.code).isZero();
    }
  }

  @Test
  void options_of_the_user_reach_every_kind_of_command() throws Exception {
    Map<String, String> options = Map.of("QUORATE_JAVA_OPTS", "-XX:+UseParallelGC -Xmx96m");

    for (String command : List.of("server", "demo", "sql", "status")) {
      Ended ended = run(options, launcher.toString(), command, "--help");
      assertThat(ended.output).startsWith("Usage: quorate " + command);
      assertThat(ended.code).isZero();
    }
  }

  @Test
  void a_failure_is_one_line_and_its_exit_code_comes_through() throws Exception {
    assertThat(run(Map.of(), launcher.toString(), "status", "nowhere"))
        .isEqualTo(
            new Ended(
                2,
                "quorate: an address is host:port, with an IPv6 address in brackets, not \"nowhere\"\n"));
    assertThat(run(Map.of("JAVA_HOME", "/nowhere"), launcher.toString(), "status"))
        .isEqualTo(
            new Ended(1, "quorate: JAVA_HOME is /nowhere, but there is no bin/java in it\n"));
  }

  private Ended run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(List.of(command)))
            .directory(elsewhere.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
      return new Ended(process.exitValue(), output);
    } finally {
      process.destroyForcibly();
    }
  }
}

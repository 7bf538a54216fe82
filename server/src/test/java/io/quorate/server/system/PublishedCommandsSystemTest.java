package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.server.cluster.messaging.LoopbackPorts;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The commands that others have published for their clusters, by {@code curl}, against nodes in
 * processes: see {@code src/test/scripts/published-commands.sh}, which asserts the answers.
 */
@Tag("slow")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class PublishedCommandsSystemTest {
  private static final Path SCRIPT = Path.of("src", "test", "scripts", "published-commands.sh");
  private static final int PORTS = 16;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"infinity", "insidb", "infinitystore", "influxdb"})
  void every_answer_is_as_published(String whose) throws Exception {
    for (String tool : new String[] {"bash", "curl", "openssl"}) {
      assumeTrue(isThere(tool), "the script needs " + tool + ", which is not on the PATH");
    }
    ProcessBuilder script =
        new ProcessBuilder("bash", SCRIPT.toAbsolutePath().toString(), whose)
            .redirectErrorStream(true);
    script.environment().put("QUORATE", command().toString());
    script.environment().put("PORTS", ports());
    script.environment().put("TMPDIR", directory.toString());
    Process running = script.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(running.waitFor()).as(said).isZero();
    assertThat(said).contains("== " + whose, "ok: ").doesNotContain("FAILED");
  }

  private static boolean isThere(String tool) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }

  /** What stands for the launcher: the classes of this build, in a small heap. */
  private Path command() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String text =
        """
        #!/bin/sh
        exec '%s' -Xmx256m -Dcom.google.protobuf.use_unsafe_pre22_gencode %s -cp '%s' io.quorate.server.cli.Main "$@"
        """
            .formatted(
                java,
                System.getProperty("quorate.node.options", ""),
                absolute(System.getProperty("java.class.path")));
    Path command = Files.writeString(directory.resolve("quorate"), text);
    return Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
  }

  /** Nodes run in folders of their own. */
  private static String absolute(String classPath) {
    return Stream.of(classPath.split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String ports() {
    return LoopbackPorts.find(PORTS).stream()
        .map(InetSocketAddress::getPort)
        .map(String::valueOf)
        .collect(Collectors.joining(" "));
  }
}

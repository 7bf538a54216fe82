package io.quorate.server.system;

import io.quorate.server.system.ProbeClient.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One node in a JVM of its own, and what can be done to it. Its files outlive its process. For the
 * test's thread; {@link #isRunning}, {@link #connect} and the ports for any.
 */
final class SystemNode {
  private static final Duration STATUS_PATIENCE = Duration.ofSeconds(1);

  private final String name;
  private final Path home;
  private final Home address;
  private final int peerPort;
  private final int probePort;
  private int clientPort;
  private Path data;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final List<String> flags = new ArrayList<>();
  private final List<String> jvmOptions = new ArrayList<>();
  private volatile @Nullable Process process;

  /** Where the lines of the last start begin in the log. */
  private long logStart;

  /**
   * Where a node listens.
   *
   * @param host for its ports
   * @param prefix of its command, as to run it in another namespace
   */
  record Home(String host, List<String> prefix) {
    static final Home LOOPBACK = new Home("127.0.0.1", List.of());
  }

  SystemNode(String name, Path home, Home address, int peerPort, int probePort, int clientPort) {
    this.address = address;
    this.name = name;
    this.home = home;
    this.data = home.resolve("data");
    this.peerPort = peerPort;
    this.probePort = probePort;
    this.clientPort = clientPort;
  }

  String name() {
    return name;
  }

  Path data() {
    return data;
  }

  /** Has this process use the data directory of another one. */
  SystemNode onDataOf(SystemNode other) {
    data = other.data;
    return this;
  }

  /** Has this process ask for the client port of another one. */
  SystemNode onClientPortOf(SystemNode other) {
    clientPort = other.clientPort;
    return this;
  }

  Path logFile() {
    return home.resolve("stderr");
  }

  /** Where applications connect. */
  String clientAddress() {
    return address.host + ":" + clientPort;
  }

  /** The JDBC URL of this node alone, by which it also answers the reads. */
  String url() {
    return "jdbc:quorate://" + clientAddress() + "/?target=contact";
  }

  String peerAddress() {
    return address.host + ":" + peerPort;
  }

  /** A setting for every start from now on, by its key. */
  SystemNode with(String key, String value) {
    settings.put("QUORATE_" + key.replace('.', '_').toUpperCase(Locale.ROOT), value);
    return this;
  }

  /** A flag for every start from now on. */
  SystemNode withFlag(String flag) {
    flags.add(flag);
    return this;
  }

  /** An option of its JVM for every start from now on. */
  SystemNode withJvmOption(String option) {
    jvmOptions.add(option);
    return this;
  }

  void start() {
    try {
      Files.createDirectories(home);
      logStart = Files.exists(logFile()) ? Files.size(logFile()) : 0;
      List<String> command = new ArrayList<>(address.prefix);
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-Xmx256m", "-Dcom.google.protobuf.use_unsafe_pre22_gencode"));
      String options = System.getProperty("quorate.node.options", "");
      command.addAll(options.isBlank() ? List.of() : List.of(options.strip().split("\\s+", -1)));
      command.addAll(jvmOptions);
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.addAll(List.of(SystemNodeMain.class.getName(), address.host + ":" + probePort));
      command.add("--node-id=" + name);
      command.add("--data=" + data());
      command.addAll(
          List.of("--client-addr=" + clientAddress(), "--admin-addr=" + address.host + ":0"));
      command.add("--peer-addr=" + peerAddress());
      command.addAll(flags);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
      builder.environment().putAll(settings);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("node " + name + " was not started", e);
    }
  }

  long pid() {
    return requireProcess().pid();
  }

  boolean isRunning() {
    Process started = process;
    return started != null && started.isAlive();
  }

  /** SIGKILL; returns when the process is gone. */
  void kill9() {
    Process started = process;
    if (started != null) {
      started.destroyForcibly();
      awaitExit(Duration.ofSeconds(10));
    }
  }

  /** SIGKILL; returns at once. */
  void kill9Soon() {
    requireProcess().destroyForcibly();
  }

  /** SIGTERM; returns the exit code. */
  int terminate() {
    requireProcess().destroy();
    return awaitExit(Duration.ofSeconds(20));
  }

  /** SIGTERM; returns at once. */
  void terminateSoon() {
    requireProcess().destroy();
  }

  /** SIGSTOP. */
  void pause() {
    signal("-STOP");
  }

  /** SIGCONT. */
  void resume() {
    signal("-CONT");
  }

  private void signal(String signal) {
    Commands.run("kill", signal, Long.toString(requireProcess().pid()));
  }

  /** Waits until the process has ended and returns its exit code. */
  int awaitExit(Duration patience) {
    Process started = requireProcess();
    try {
      if (!started.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("node " + name + " still runs after " + patience);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    return started.exitValue();
  }

  private Process requireProcess() {
    Process started = process;
    if (started == null) {
      throw new IllegalStateException("node " + name + " was never started");
    }
    return started;
  }

  ProbeClient connect(Duration patience) throws IOException {
    return new ProbeClient(new InetSocketAddress(address.host, probePort), patience);
  }

  /** What the node says of itself, unless it is down, opening, or silent for a second. */
  Optional<Status> status() {
    if (!isRunning()) {
      return Optional.empty();
    }
    try (ProbeClient client = connect(STATUS_PATIENCE)) {
      return Optional.of(client.status());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Lines of the log since the directory was made, over all starts. */
  List<String> logLines() {
    try (Stream<String> lines = Files.lines(logFile())) {
      return lines.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the process that was started last has logged {@code phrase}. */
  boolean hasLoggedSinceStart(String phrase) {
    try {
      byte[] log = Files.readAllBytes(logFile());
      int start = (int) Math.min(logStart, log.length);
      return new String(log, start, log.length - start, StandardCharsets.UTF_8).contains(phrase);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last line that the command itself wrote for its user, without the program's name. */
  String lastComplaint() {
    String prefix = "quorate: ";
    return logLines().stream()
        .filter(line -> line.startsWith(prefix))
        .reduce((earlier, later) -> later)
        .map(line -> line.substring(prefix.length()))
        .orElse("");
  }

  /** The log segments on disk, oldest first. */
  List<Path> logSegments() {
    try (Stream<Path> files = Files.list(data().resolve("log"))) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

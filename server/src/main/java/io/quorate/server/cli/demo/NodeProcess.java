package io.quorate.server.cli.demo;

import io.quorate.server.cli.demo.DemoPlan.Member;
import io.quorate.server.lang.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A node in a JVM of its own. Its standard input is a pipe that nobody writes to: when the demo
 * ends, however it ends, the pipe closes and the node stops ({@code server --stop-at-eof}).
 * Thread-safe once started.
 */
final class NodeProcess {
  /** Set by the distribution's launcher; without it the demo was started from classes. */
  private static final String OPTIONS_PROPERTY = "quorate.node.options";

  private static final String DEFAULT_OPTIONS =
      "-Xmx512m -Dcom.google.protobuf.use_unsafe_pre22_gencode";

  /**
   * Ctrl-C at a terminal goes to every process in its foreground. In the shell it only means the
   * line or the query at hand, so the nodes ignore it; a JVM leaves a signal alone that was ignored
   * before it began.
   */
  private static final List<String> IGNORING_INTERRUPTS =
      List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "quorate");

  private static final String COMPLAINT = "quorate: ";

  /** A start that fails is told within the first pages; a log that is longer is another matter. */
  private static final int LOG_BYTES_READ = 1 << 20;

  private final Member member;
  private final Process process;

  /** Where this start begins in the log, which is kept over many. */
  private final long logStart;

  /** Whether the directory has been this process's; before, another one may run on it by right. */
  private volatile boolean holding;

  private NodeProcess(Member member, Process process, long logStart) {
    this.member = member;
    this.process = process;
    this.logStart = logStart;
  }

  /**
   * Starts the node.
   *
   * @param flags what {@code server} is told beside name, directory and addresses
   */
  static NodeProcess start(Member member, List<String> flags) {
    List<String> command = new ArrayList<>(IGNORING_INTERRUPTS);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String options = System.getProperty(OPTIONS_PROPERTY, DEFAULT_OPTIONS);
    command.addAll(Stream.of(options.split(" ")).filter(option -> !option.isBlank()).toList());
    command.addAll(List.of("io.quorate.server.cli.Main", "server", "--stop-at-eof"));
    command.addAll(addresses(member));
    command.addAll(flags);
    try {
      Files.createDirectories(member.directory());
      long logStart = Files.exists(member.logFile()) ? Files.size(member.logFile()) : 0;
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(member.logFile().toFile()));
      // The demo asks its nodes in plain text, on loopback.
      builder.environment().keySet().removeIf(name -> name.startsWith("QUORATE_TLS_"));
      builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
      return new NodeProcess(member, builder.start(), logStart);
    } catch (IOException e) {
      throw new DemoFailedException("node " + member.name() + " was not started: " + e, e);
    }
  }

  /**
   * How {@code quorate server} is told about this node; also what a user types to start it again.
   */
  static List<String> addresses(Member member) {
    return List.of(
        "--node-id=" + member.name(),
        "--data=" + member.directory(),
        "--client-addr=" + member.clientAddress(),
        "--admin-addr=" + member.adminAddress(),
        "--peer-addr=" + member.peerAddress());
  }

  Member member() {
    return member;
  }

  long pid() {
    return process.pid();
  }

  /** The node has been seen working, so the directory is its. */
  void confirm() {
    holding = true;
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** Completed with the exit code. */
  CompletableFuture<Integer> ended() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** Asks whatever runs on the node's directory to stop: this process or one that replaced it. */
  void terminate() {
    process.destroy();
    successor().ifPresent(ProcessHandle::destroy);
  }

  /**
   * Waits until it has stopped.
   *
   * @return whether it did so in time
   */
  boolean awaitEnd(Deadline deadline) throws InterruptedException {
    return process.waitFor(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS)
        && successor().map(handle -> hasEnded(handle, deadline)).orElse(true);
  }

  private static boolean hasEnded(ProcessHandle handle, Deadline deadline) {
    try {
      handle.onExit().get(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new DemoFailedException("process " + handle.pid() + " cannot be watched", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  void kill() {
    process.destroyForcibly();
    successor().ifPresent(ProcessHandle::destroyForcibly);
  }

  /**
   * The process that a user started on the same directory after this one had ended, by the file
   * that it wrote. A number that has been given to another program since is told by its command
   * line.
   */
  private Optional<ProcessHandle> successor() {
    if (!holding) {
      return Optional.empty();
    }
    return findPid()
        .filter(pid -> pid != process.pid())
        .flatMap(ProcessHandle::of)
        .filter(ProcessHandle::isAlive)
        .filter(this::runsThisNode);
  }

  private boolean runsThisNode(ProcessHandle handle) {
    List<String> arguments = List.of(handle.info().arguments().orElse(new String[0]));
    return arguments.contains("server")
        && arguments.stream().anyMatch(argument -> argument.endsWith(member.name()));
  }

  private Optional<Long> findPid() {
    try {
      return Optional.of(Long.valueOf(Files.readString(member.pidFile()).strip()));
    } catch (IOException | NumberFormatException noFileOrHalfWritten) {
      return Optional.empty();
    }
  }

  /** The last line that the node wrote for its user since this start, if it wrote one. */
  Optional<String> lastComplaint() {
    try (InputStream log = Files.newInputStream(member.logFile())) {
      log.skipNBytes(logStart);
      return new String(log.readNBytes(LOG_BYTES_READ), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith(COMPLAINT))
          .reduce((earlier, later) -> later)
          .map(line -> line.substring(COMPLAINT.length()));
    } catch (IOException noLog) {
      return Optional.empty();
    }
  }
}

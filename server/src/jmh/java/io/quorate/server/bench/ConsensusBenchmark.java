package io.quorate.server.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures writes a second through the replicated log: three JVMs on loopback, fsync on, a closed
 * loop in the leader's process. The subjects run in turn, so that what else the machine does falls
 * on all of them; see docs/benchmarks.
 */
@Command(name = "consensus-benchmark", mixinStandardHelpOptions = true)
public final class ConsensusBenchmark implements Runnable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MEMBERS = 3;
  private static final int PAUSE_SECONDS = 10;

  @Option(names = "--subject", split = ",", description = "bare, quorate, quorate-log")
  private List<String> subjects = List.of("bare", "quorate");

  @Option(names = "--in-flight", split = ",")
  private List<Integer> inFlight = List.of(1, 16, 64, 256);

  @Option(names = "--warm-up", description = "Seconds before each cell.")
  private int warmUp = 5;

  @Option(names = "--seconds", description = "Measured seconds of a cell.")
  private int seconds = 5;

  @Option(names = "--repeat", description = "Rounds; each runs every subject on a new cluster.")
  private int repeat = 3;

  @Option(names = "--pause-follower", description = "Stops one follower for 10 s by SIGSTOP.")
  private boolean pauseFollower;

  @Option(names = "--jvm", description = "Flags of the members' JVMs, split at blanks.")
  private String jvm = "-Xmx1500m";

  @Option(
      names = "--election-timeout",
      description =
          "Milliseconds; generous, for the machine is shared and throughput is asked for.")
  private int electionTimeoutMillis = 1000;

  @Option(names = "--settle", description = "Seconds at 256 in flight before the first cell.")
  private int settle = 20;

  @Option(names = "--data", description = "A directory on the disk to measure.")
  private Path data = Path.of("target", "consensus-benchmark");

  public static void main(String[] args) {
    System.exit(new CommandLine(new ConsensusBenchmark()).execute(args));
  }

  @Override
  public void run() {
    try {
      for (int round = 1; round <= repeat; round++) {
        for (String subject : subjects) {
          runSubject(subject, round);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void runSubject(String subject, int round) throws IOException, InterruptedException {
    Files.createDirectories(data);
    Path directory = Files.createTempDirectory(data.toAbsolutePath(), subject);
    List<Member> members = new ArrayList<>();
    try {
      String ports = String.join(",", freePorts().stream().map(String::valueOf).toList());
      for (int number = 1; number <= MEMBERS; number++) {
        Member member = new Member(subject, number, ports, directory.resolve("n" + number));
        members.add(member);
        // One after the other: the first begins the cluster that the others join.
        if (!subject.equals("bare")) {
          member.await("READY");
        }
      }
      if (subject.equals("bare")) {
        for (Member member : members) {
          member.await("READY");
        }
      }
      if (pauseFollower) {
        settle(members);
        for (int count : inFlight) {
          pause(subject, round, members, count);
        }
      } else {
        settle(members);
        for (int count : inFlight) {
          cell(subject, round, members, count);
        }
      }
    } finally {
      members.forEach(Member::stop);
      delete(directory);
    }
  }

  /** A peer port needs its followers for the admin and the client port, and one 100 above. */
  private static List<Integer> freePorts() throws IOException {
    List<Integer> ports = new ArrayList<>();
    List<ServerSocket> held = new ArrayList<>();
    try {
      while (ports.size() < MEMBERS) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(socket);
        int port = 20_000 + socket.getLocalPort() % 10_000 / 4 * 4;
        if (ports.stream().noneMatch(other -> Math.abs(other - port) < 200)) {
          ports.add(port);
        }
      }
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
    return ports;
  }

  private static Member leader(List<Member> members) throws IOException, InterruptedException {
    while (true) {
      for (Member member : members) {
        member.order("leads");
        if (member.await("LEADS").equals("true")) {
          return member;
        }
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /** Until the compiler has seen the path, which on a loaded machine takes longer than a cell. */
  private void settle(List<Member> members) throws IOException, InterruptedException {
    if (settle > 0) {
      Member leader = leader(members);
      leader.order("run 256 " + settle + " 0");
      leader.await("RESULT");
    }
  }

  private void cell(String subject, int round, List<Member> members, int count)
      throws IOException, InterruptedException {
    Member leader = leader(members);
    leader.order("run " + count + " " + warmUp + " " + seconds);
    leader.await("BEGIN");
    MachineTime before = MachineTime.now(members);
    leader.await("END");
    MachineTime used = MachineTime.now(members).since(before);
    long unapplied = 0;
    for (Member member : members) {
      if (member != leader) {
        member.order("unapplied");
        unapplied = Math.max(unapplied, Long.parseLong(member.await("UNAPPLIED")));
      }
    }
    ObjectNode cell = JSON.createObjectNode();
    cell.put("subject", subject).put("round", round);
    cell.setAll((ObjectNode) JSON.readTree(leader.await("RESULT")));
    cell.put("followers_unapplied_max", unapplied);
    cell.put("foreign_cpu_percent", used.foreignPercent());
    cell.put(
        "cluster_cpu_us_per_op", used.microsPer(cell.get("ops_per_second").asLong() * seconds));
    cell.put("jvm", jvm);
    System.out.println(cell);
    System.out.printf(
        "| %s | %d | %d | %,d | %.2f | %.2f | %d %% | %s |%n",
        subject,
        round,
        count,
        cell.get("ops_per_second").asLong(),
        cell.get("p50_ms").asDouble(),
        cell.get("p99_ms").asDouble(),
        used.foreignPercent(),
        cell.get("still_leads").asBoolean() ? "" : "leadership lost");
  }

  private void pause(String subject, int round, List<Member> members, int count)
      throws IOException, InterruptedException {
    Member leader = leader(members);
    Member paused = members.stream().filter(member -> member != leader).findFirst().orElseThrow();
    leader.order("watch " + count + " " + (warmUp + 3 * PAUSE_SECONDS));
    ticks(leader, warmUp);
    long before = ticks(leader, PAUSE_SECONDS);
    paused.signal("STOP");
    long during;
    try {
      during = ticks(leader, PAUSE_SECONDS);
    } finally {
      paused.signal("CONT");
    }
    long after = ticks(leader, PAUSE_SECONDS);
    leader.await("WATCHED");
    System.out.println(
        JSON.createObjectNode()
            .put("subject", subject)
            .put("mode", "pause-follower")
            .put("round", round)
            .put("in_flight", count)
            .put("before_per_second", before)
            .put("during_per_second", during)
            .put("after_per_second", after)
            .put("jvm", jvm));
    System.out.printf(
        "| %s | %d | %d | %,d | %,d (%+.0f %%) | %,d |%n",
        subject, round, count, before, during, 100.0 * during / before - 100, after);
  }

  /** The mean of so many seconds. */
  private static long ticks(Member leader, int count) throws IOException {
    long sum = 0;
    StringBuilder each = new StringBuilder("ticks");
    for (int i = 0; i < count; i++) {
      String tick = leader.await("TICK");
      sum += Long.parseLong(tick.substring(0, tick.indexOf(' ')));
      each.append(' ').append(tick.replace(' ', '/'));
    }
    System.out.println(each);
    return sum / count;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** A process of {@link BenchMember}. */
  private final class Member {
    private final Process process;
    private final BufferedReader lines;

    Member(String subject, int number, String ports, Path directory) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-Dcom.google.protobuf.use_unsafe_pre22_gencode");
      command.addAll(List.of(jvm.split(" ")));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.addAll(List.of(BenchMember.class.getName(), subject, String.valueOf(number), ports));
      command.addAll(List.of(directory.toString(), String.valueOf(electionTimeoutMillis)));
      process =
          new ProcessBuilder(command)
              .redirectError(new File(data.toFile(), subject + "-n" + number + ".log"))
              .start();
      lines = process.inputReader();
    }

    void order(String order) throws IOException {
      process.outputWriter().write(order + "\n");
      process.outputWriter().flush();
    }

    /** The rest of the next line that begins so; others are passed over. */
    String await(String word) throws IOException {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(word)) {
          return line.substring(word.length()).trim();
        }
      }
      throw new IOException("a member ended; " + data + " holds its log");
    }

    void signal(String name) throws IOException, InterruptedException {
      new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    }

    long cpuTicks() {
      return MachineTime.ofProcess(process.pid());
    }

    void stop() {
      try {
        process.outputWriter().close();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
      } catch (IOException e) {
        process.destroyForcibly();
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Processor time in ticks of 10 ms: of the machine, of all its work, and of the members. */
  private record MachineTime(long total, long busy, long members) {
    static MachineTime now(List<Member> members) throws IOException {
      String[] fields = Files.readAllLines(Path.of("/proc/stat")).get(0).trim().split(" +", -1);
      // user nice system idle iowait irq softirq steal
      long[] ticks = IntStream.range(1, 9).mapToLong(i -> Long.parseLong(fields[i])).toArray();
      long total = Arrays.stream(ticks).sum();
      long idle = ticks[3] + ticks[4];
      return new MachineTime(
          total, total - idle, members.stream().mapToLong(Member::cpuTicks).sum());
    }

    static long ofProcess(long pid) {
      try {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    MachineTime since(MachineTime earlier) {
      return new MachineTime(total - earlier.total, busy - earlier.busy, members - earlier.members);
    }

    long foreignPercent() {
      return Math.max(0, 100 * (busy - members) / Math.max(1, total));
    }

    double microsPer(long operations) {
      return Math.round(members * 10_000.0 / Math.max(1, operations) * 100) / 100.0;
    }
  }
}

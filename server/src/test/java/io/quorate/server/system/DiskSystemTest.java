package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full, and bytes that are not what was written. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class DiskSystemTest {
  private static final int WRITERS = 8;
  private static final int ROW_BYTES = 16 * 1024;
  private static final int EXIT_FAILED = 3;
  private static final Duration CATCH_UP = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void a_leader_whose_log_finds_the_disk_full_hands_over_and_stops() throws Exception {
    Path log = directory.resolve("n1").resolve("data").resolve("log");
    Files.createDirectories(log);
    Optional<String> refusal =
        Commands.tryRun("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", log.toString());
    assumeTrue(refusal.isEmpty(), () -> "a tmpfs cannot be mounted here: " + refusal);
    try {
      SystemCluster.run(directory, cluster -> fillDisk(cluster, log));
    } finally {
      Commands.run("umount", log.toString());
    }
  }

  private static void fillDisk(SystemCluster cluster, Path log) throws Exception {
    cluster.startThree(node -> node.with("log.segment_bytes", "1MiB"));
    SystemNode leader = cluster.require("n1");
    assertThat(cluster.awaitLeader()).isSameAs(leader);
    Writers writers = cluster.write(WRITERS, ROW_BYTES);
    int exit = leader.awaitExit(Duration.ofMinutes(2));
    long last = lastAckOf(leader, writers);
    Duration gap = writers.awaitNextFromAnother(leader, last);
    List<String> complaints =
        leader.logLines().stream().filter(line -> line.contains(" ERROR ")).toList();
    Figures.print("log on a full disk, next write by another: " + gap.toMillis() + " ms");
    complaints.forEach(line -> Figures.print("  " + line));
    assertThat(exit).isEqualTo(EXIT_FAILED);
    assertThat(gap).isLessThan(Duration.ofSeconds(10));
    assertThat(complaints.stream().filter(line -> line.contains("cannot go on"))).hasSize(1);
    writers.awaitProgress(100);

    Commands.run("mount", "-o", "remount,size=256m", log.toString());
    leader.start();
    var unused = cluster.awaitCaughtUp(leader, CATCH_UP);
    CrashSystemTest.finish("log on a full disk", cluster, writers);
  }

  private static long lastAckOf(SystemNode node, Writers writers) {
    return writers.acks().stream()
        .filter(ack -> ack.node().equals(node.name()))
        .mapToLong(Writers.Ack::nanos)
        .max()
        .orElseThrow();
  }

  @Test
  @Tag("slow")
  void a_node_whose_store_is_damaged_builds_it_again() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> node.with("store.checkpoint_interval", "200ms"));
          Writers writers = cluster.write(WRITERS, 0);
          writers.awaitProgress(1000);
          SystemNode follower = cluster.others(cluster.awaitLeader()).get(0);
          follower.kill9();
          overwriteMiddle(follower.data().resolve("store").resolve("rows.mv"));
          follower.start();
          var unused = cluster.awaitCaughtUp(follower, CATCH_UP);
          assertThat(lastLineWith(follower, "store opened")).contains("Discarded");
          Figures.print(lastLineWith(follower, "store opened"));
          CrashSystemTest.finish("damaged store", cluster, writers);
        });
  }

  private static String lastLineWith(SystemNode node, String phrase) {
    return node.logLines().stream()
        .filter(line -> line.contains(phrase))
        .reduce("", (earlier, later) -> later);
  }

  private static void overwriteMiddle(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long size = channel.size();
      for (long at = 0; at < size; at += 4096) {
        channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}), at + 100);
      }
      channel.force(true);
    }
  }

  @Test
  @Tag("slow")
  void a_node_with_a_flipped_bit_in_its_log_refuses_to_start_and_names_the_file() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          Writers writers = cluster.write(WRITERS, 0);
          writers.awaitProgress(1000);
          SystemNode follower = cluster.others(cluster.awaitLeader()).get(0);
          follower.kill9();
          Path segment = follower.logSegments().get(0);
          flipBit(segment);
          follower.start();
          int exit = follower.awaitExit(Duration.ofSeconds(60));
          Figures.print("flipped bit: exit " + exit + ", " + follower.lastComplaint());
          follower.logLines().stream()
              .filter(line -> line.contains(" ERROR "))
              .forEach(line -> Figures.print("  " + line));
          assertThat(exit).isEqualTo(1);
          assertThat(follower.lastComplaint()).contains(segment.getFileName().toString());
          CrashSystemTest.finish("flipped bit", cluster, writers);
        });
  }

  /** In the middle of what was written; behind it are zeros. */
  private static void flipBit(Path segment) throws IOException {
    byte[] bytes = Files.readAllBytes(segment);
    int end = bytes.length;
    while (bytes[end - 1] == 0) {
      end--;
    }
    int middle = end / 2;
    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {(byte) (bytes[middle] ^ 1)}), middle);
      channel.force(true);
    }
    Figures.print(String.format(Locale.ROOT, "flipped a bit at %d of %d", middle, end));
  }

  @Test
  @Tag("slow")
  void a_node_that_was_down_for_long_gets_a_snapshot() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(
              node ->
                  node.with("log.segment_bytes", "256KiB").with("log.snapshot_log_bytes", "1MiB"));
          Writers writers = cluster.write(WRITERS, 1024);
          writers.awaitProgress(100);
          SystemNode follower = cluster.others(cluster.awaitLeader()).get(0);
          follower.kill9();
          Path had = follower.logSegments().get(follower.logSegments().size() - 1);
          List<SystemNode> others = cluster.others(follower);
          await("log segments that the follower had are deleted")
              .atMost(Duration.ofMinutes(2))
              .until(
                  () ->
                      others.stream()
                          .allMatch(
                              node ->
                                  node.logSegments()
                                          .get(0)
                                          .getFileName()
                                          .compareTo(had.getFileName())
                                      > 0));
          Figures.print(
              "down for "
                  + writers.acknowledged()
                  + " writes; the others begin their logs at "
                  + others.stream().map(node -> node.logSegments().get(0).getFileName()).toList()
                  + ", the one that was down ends at "
                  + had.getFileName());
          long start = System.nanoTime();
          follower.start();
          var unused = cluster.awaitCaughtUp(follower, CATCH_UP);
          Figures.print(
              "start to caught up by snapshot: " + (System.nanoTime() - start) / 1_000_000 + " ms");
          CrashSystemTest.finish("snapshot", cluster, writers);
        });
  }
}

package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.system.ProbeClient.Status;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes come, leave in order, and are refused. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class MembershipSystemTest {
  private static final int WRITERS = 8;
  private static final int FOLLOWERS = 4;
  private static final int LEARNERS = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void a_learner_joins_follows_and_serves_reads() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          Writers writers = cluster.write(WRITERS, 0);
          writers.awaitProgress(500);
          long started = System.nanoTime();
          SystemNode learner = cluster.startLearner("n4", node -> {});
          SystemCluster.awaitStarted(learner);
          var unused = cluster.awaitCaughtUp(learner, PATIENCE);
          Figures.print(
              "learner, start to caught up: " + (System.nanoTime() - started) / 1_000_000 + " ms");
          assertThat(learner.status().map(Status::role)).hasValue("LEARNER");
          readThrough(learner, writers);
          CrashSystemTest.finish("learner", cluster, writers);
        });
  }

  /** What was acknowledged before the question is seen behind a barrier. */
  private static void readThrough(SystemNode node, Writers writers) throws IOException {
    try (ProbeClient client = node.connect(PATIENCE)) {
      for (int i = 0; i < 20; i++) {
        writers.awaitProgress(10);
        List<Writers.Ack> acks = writers.acks();
        byte[] key = Writers.key(acks.get(acks.size() - 1).request()).array();
        assertThat(client.getBehindBarrier(Writers.ROWS, key)).isPresent();
        assertThat(client.get(Writers.ROWS, key)).isPresent();
      }
    }
  }

  @Test
  @Tag("slow")
  void a_wiped_node_is_refused_under_its_old_name() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          Writers writers = cluster.write(WRITERS, 0);
          writers.awaitProgress(100);
          SystemNode wiped = cluster.require("n3");
          wiped.kill9();
          delete(wiped.data());
          long started = System.nanoTime();
          wiped.start();
          int exit = wiped.awaitExit(Duration.ofMinutes(2));
          Figures.print(
              "wiped node: exit "
                  + exit
                  + " after "
                  + (System.nanoTime() - started) / 1_000_000
                  + " ms, "
                  + wiped.lastComplaint());
          assertThat(exit).isEqualTo(1);
          assertThat(wiped.lastComplaint())
              .contains("n3 is a member already, with another data directory");

          wiped.start(); // must not take itself for the founder of the cluster that it knows now
          assertThat(wiped.awaitExit(Duration.ofMinutes(2))).isEqualTo(1);
          CrashSystemTest.finish("wiped node", cluster, writers);
        });
  }

  private static void delete(Path tree) throws IOException {
    var unused =
        Files.walkFileTree(
            tree,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                  throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
                  throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
              }
            });
  }

  @Test
  @Tag("slow")
  void a_data_directory_belongs_to_one_process_and_outlives_it() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          Writers writers = cluster.write(WRITERS, 0);
          writers.awaitProgress(500);

          SystemNode second = cluster.node("n2", "second").onDataOf(cluster.require("n2"));
          second.withFlag("--join=" + cluster.require("n1").peerAddress()).start();
          assertThat(second.awaitExit(PATIENCE)).isEqualTo(1);
          Figures.print("second process: " + second.lastComplaint());
          assertThat(second.lastComplaint()).contains("in use by another node");

          List<SystemNode> three = cluster.nodes().subList(0, 3);
          three.forEach(SystemNode::terminateSoon);
          for (SystemNode node : three) {
            assertThat(node.awaitExit(PATIENCE)).isZero();
          }
          long started = System.nanoTime();
          three.forEach(SystemNode::start);
          Figures.print(
              "SIGTERM of all three, start to first write: "
                  + writers.awaitNext(started).toMillis()
                  + " ms");
          CrashSystemTest.finish("SIGTERM of all three", cluster, writers);
        });
  }

  @Test
  @Tag("slow")
  void four_followers_and_ten_learners_are_one_cluster_and_a_fifth_follower_is_refused()
      throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          // Fifteen processes share what cores there are.
          Consumer<SystemNode> settings = node -> node.with("cluster.election_timeout", "5s");
          cluster.startThree(settings);
          for (int number = 4; number <= 1 + FOLLOWERS + LEARNERS; number++) {
            String role = number <= 1 + FOLLOWERS ? "voter" : "learner";
            join(cluster, number, role, settings);
            SystemCluster.awaitStarted(cluster.require("n" + number));
          }
          Writers writers = cluster.write(WRITERS, 0);
          writers.awaitProgress(500);

          SystemNode sixth = join(cluster, 2 + FOLLOWERS + LEARNERS, "voter", settings);
          assertThat(sixth.awaitExit(Duration.ofMinutes(2))).isEqualTo(1);
          Figures.print("a fifth follower: " + sixth.lastComplaint());
          assertThat(sixth.lastComplaint()).contains("Too many followers, limit: 4");
          CrashSystemTest.finish("four followers and ten learners", cluster, writers);
        });
  }

  private static SystemNode join(
      SystemCluster cluster, int number, String role, Consumer<SystemNode> settings) {
    SystemNode node =
        cluster
            .node("n" + number)
            .withFlag("--join=" + cluster.awaitLeader().peerAddress())
            .withFlag("--role=" + role);
    settings.accept(node);
    node.start();
    return node;
  }
}

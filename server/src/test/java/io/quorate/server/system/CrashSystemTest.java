package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes end or stand still without warning under steady writers. The short forms show that
 * nothing is lost or doubled; the slow ones also hold the times to their bars.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
final class CrashSystemTest {
  private static final int WRITERS = 8;
  private static final long STEADY = 300;
  private static final Duration CATCH_UP = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void nothing_is_lost_or_doubled_when_the_leader_is_killed() throws Exception {
    var unused = killLeaders(2);
  }

  @Test
  @Tag("slow")
  void writes_go_on_within_a_second_after_the_leader_was_killed() throws Exception {
    Figures gaps = killLeaders(20);
    assertThat(gaps.median()).isLessThan(Duration.ofSeconds(1));
    assertThat(gaps.worst()).isLessThan(Duration.ofSeconds(2));
  }

  private Figures killLeaders(int rounds) throws Exception {
    Figures gaps = new Figures();
    Figures catchUps = new Figures();
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          Writers writers = cluster.write(WRITERS, 0);
          for (int round = 0; round < rounds; round++) {
            writers.awaitProgress(STEADY);
            SystemNode leader = cluster.awaitLeader();
            long killed = System.nanoTime();
            leader.kill9Soon();
            gaps.add(writers.awaitNextFromAnother(leader, killed));
            var unused = leader.awaitExit(Duration.ofSeconds(10));
            long restarted = System.nanoTime();
            leader.start();
            var lag = cluster.awaitCaughtUp(leader, CATCH_UP);
            catchUps.add(Duration.ofNanos(System.nanoTime() - restarted));
            Figures.print("round " + round + ": " + leader.name() + " caught up in " + lag);
          }
          finish("kill -9 of the leader", cluster, writers);
        });
    Figures.print("kill -9 of the leader, next write: " + gaps);
    Figures.print("kill -9 of the leader, start to caught up: " + catchUps);
    return gaps;
  }

  @Test
  void nothing_is_lost_or_doubled_when_all_nodes_are_killed() throws Exception {
    killAll(1);
  }

  @Test
  @Tag("slow")
  void nothing_is_lost_or_doubled_when_all_nodes_are_killed_again_and_again() throws Exception {
    killAll(10);
  }

  private void killAll(int rounds) throws Exception {
    Figures gaps = new Figures();
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          Writers writers = cluster.write(WRITERS, 0);
          for (int round = 0; round < rounds; round++) {
            writers.awaitProgress(STEADY);
            cluster.nodes().forEach(SystemNode::kill9Soon);
            cluster.nodes().forEach(node -> node.awaitExit(Duration.ofSeconds(10)));
            long restarted = System.nanoTime();
            cluster.nodes().forEach(SystemNode::start);
            gaps.add(writers.awaitNext(restarted));
            for (SystemNode node : cluster.nodes()) {
              var unused = cluster.awaitCaughtUp(node, CATCH_UP);
            }
          }
          finish("kill -9 of all three", cluster, writers);
        });
    Figures.print("kill -9 of all three, start to first write: " + gaps);
  }

  @Test
  @Tag("slow")
  void writes_go_on_within_four_seconds_after_the_leader_was_stopped() throws Exception {
    Figures gaps = new Figures();
    Figures rejoins = new Figures();
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          Writers writers = cluster.write(WRITERS, 0);
          for (int round = 0; round < 10; round++) {
            writers.awaitProgress(STEADY);
            SystemNode leader = cluster.awaitLeader();
            long paused = System.nanoTime();
            leader.pause();
            gaps.add(writers.awaitNextFromAnother(leader, paused));
            writers.awaitProgress(STEADY);
            leader.resume();
            rejoins.add(cluster.awaitCaughtUp(leader, CATCH_UP));
          }
          finish("SIGSTOP of the leader", cluster, writers);
        });
    Figures.print("SIGSTOP of the leader, next write: " + gaps);
    Figures.print("SIGSTOP of the leader, resumed to caught up: " + rejoins);
    assertThat(gaps.worst()).isLessThan(Duration.ofSeconds(4));
    assertThat(rejoins.worst()).isLessThan(Duration.ofSeconds(10));
  }

  /** The rates are printed, for the machine decides too much to assert them. */
  @Test
  @Tag("slow")
  void writers_go_on_while_a_follower_is_stopped() throws Exception {
    int writes = 15_000;
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          Writers writers = cluster.write(64, 0);
          writers.awaitProgress(3L * writes);
          double before = rate(writers, writes);
          SystemNode follower = cluster.others(cluster.awaitLeader()).get(0);
          follower.pause();
          double during = rate(writers, writes);
          follower.resume();
          Duration rejoined = cluster.awaitCaughtUp(follower, CATCH_UP);
          double after = rate(writers, writes);
          Figures.print(
              String.format(
                  Locale.ROOT,
                  "one follower under SIGSTOP, writes a second: before %.0f, during %.0f, after"
                      + " %.0f; caught up in %d ms",
                  before,
                  during,
                  after,
                  rejoined.toMillis()));
          finish("SIGSTOP of a follower", cluster, writers);
        });
  }

  /** Acknowledgements a second, over the next {@code count} of them. */
  private static double rate(Writers writers, int count) {
    long first = writers.acknowledged();
    long start = System.nanoTime();
    writers.awaitProgress(count);
    return (writers.acknowledged() - first) * 1e9 / (System.nanoTime() - start);
  }

  static void finish(String what, SystemCluster cluster, Writers writers) throws Exception {
    writers.awaitProgress(STEADY);
    writers.stop();
    Audit audit = Audit.of(cluster, writers.acks());
    Figures.print(
        what + ": " + audit + ", repeated " + writers.repeated() + ", " + writers.problems());
    audit.assertNothingLostOrDoubled();
    assertThat(writers.problems()).isEmpty();
  }
}

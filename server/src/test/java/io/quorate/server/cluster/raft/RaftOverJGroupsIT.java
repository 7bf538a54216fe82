package io.quorate.server.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.JGroupsMessenger;
import io.quorate.server.cluster.messaging.LoopbackPorts;
import io.quorate.server.cluster.messaging.Messenger;
import io.quorate.server.cluster.messaging.MessengerConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Real JRaft nodes over real channels on the loopback interface. */
@Timeout(60)
final class RaftOverJGroupsIT {
  private static final Logger log = LoggerFactory.getLogger(RaftOverJGroupsIT.class);
  private static final List<MemberId> VOTERS =
      List.of(new MemberId("n1", 11), new MemberId("n2", 22), new MemberId("n3", 33));

  @TempDir Path directory;
  private final List<InetSocketAddress> addresses = LoopbackPorts.find(VOTERS.size());
  private RaftTestCluster cluster;

  @BeforeEach
  void start() {
    cluster = new RaftTestCluster(VOTERS, this::messenger, directory);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private Messenger messenger(MemberId member) {
    return new JGroupsMessenger(
        new MessengerConfig(
            member,
            "quorate",
            addresses.get(VOTERS.indexOf(member)),
            addresses,
            MessengerConfig.Timeouts.DEFAULT),
        System::nanoTime);
  }

  @Test
  void three_nodes_elect_a_leader_and_commit() throws Exception {
    List<String> acknowledged = RaftTestCluster.commit(cluster.awaitLeader(), "entry ", 1000);

    assertThat(acknowledged).hasSize(1000);
    cluster.awaitAllHaveApplied(acknowledged);
  }

  @Test
  void a_leader_that_stops_is_replaced_and_returns_under_its_id_and_port() throws Exception {
    RaftTestNode first = cluster.awaitLeader();
    List<String> acknowledged = new ArrayList<>(RaftTestCluster.commit(first, "before ", 300));

    cluster.stop(first.member());
    acknowledged.addAll(RaftTestCluster.commit(cluster.awaitLeader(), "without ", 300));
    cluster.start(first.member());
    acknowledged.addAll(RaftTestCluster.commit(cluster.awaitLeader(), "after ", 300));

    assertThat(acknowledged).hasSize(900);
    cluster.awaitAllHaveApplied(acknowledged);
  }

  /** Prints the rate with 64 in flight, and the threads of three nodes; asserts only progress. */
  @Test
  @Tag("slow")
  void rate_and_threads_are_told() throws Exception {
    RaftTestNode leader = cluster.awaitLeader();
    rate(leader, "warm-up ", 200_000);
    for (int round = 0; round < 3; round++) {
      double rate = rate(leader, round + ": ", 200_000);
      log.atInfo().addKeyValue("opsPerSecond", (long) rate).log("rate with 64 in flight");
    }
    Thread.getAllStackTraces().keySet().stream()
        .map(thread -> thread.getName().replaceAll("[0-9]+", "#"))
        .sorted()
        .collect(
            java.util.stream.Collectors.groupingBy(
                name -> name, java.util.TreeMap::new, java.util.stream.Collectors.counting()))
        .forEach((name, count) -> log.atInfo().log("{} x {}", count, name));
    assertThat(leader.leads()).isTrue();
  }

  private static double rate(RaftTestNode leader, String prefix, int count)
      throws InterruptedException, TimeoutException {
    long start = System.nanoTime();
    assertThat(RaftTestCluster.commit(leader, prefix, count)).hasSize(count);
    return count * 1e9 / (System.nanoTime() - start);
  }
}

package io.quorate.server.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.InProcessNetwork;
import io.quorate.server.cluster.messaging.InProcessNetwork.Cut;
import io.quorate.server.cluster.messaging.InProcessNetwork.Faults;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real JRaft nodes over a network whose faults the test chooses. */
@Timeout(60)
final class RaftOverInProcessNetworkTest {
  private static final long SEED = 20261121;
  private static final List<MemberId> VOTERS =
      List.of(new MemberId("n1", 11), new MemberId("n2", 22), new MemberId("n3", 33));

  @TempDir Path directory;
  private InProcessNetwork network;
  private RaftTestCluster cluster;

  @BeforeEach
  void start() {
    network = new InProcessNetwork(SEED);
    cluster = new RaftTestCluster(VOTERS, network::join, directory);
  }

  @AfterEach
  void stop() {
    network.healAll();
    cluster.close();
    network.close();
  }

  @Test
  void three_nodes_elect_a_leader_and_commit() throws Exception {
    List<String> acknowledged = RaftTestCluster.commit(cluster.awaitLeader(), "entry ", 1000);

    assertThat(acknowledged).hasSize(1000);
    cluster.awaitAllHaveApplied(acknowledged);
  }

  @Test
  void a_crashed_leader_is_replaced_and_catches_up_when_it_returns() throws Exception {
    RaftTestNode first = cluster.awaitLeader();
    List<String> acknowledged = new ArrayList<>(RaftTestCluster.commit(first, "before ", 300));

    network.crash(first.member(), false);
    cluster.stop(first.member());
    RaftTestNode second = cluster.awaitLeader();
    acknowledged.addAll(RaftTestCluster.commit(second, "without ", 300));
    cluster.start(first.member());
    acknowledged.addAll(RaftTestCluster.commit(cluster.awaitLeader(), "after ", 300));

    assertThat(acknowledged).hasSize(900);
    cluster.awaitAllHaveApplied(acknowledged);
  }

  @Test
  void an_isolated_leader_gives_way_and_its_held_frames_do_no_harm() throws Exception {
    RaftTestNode first = cluster.awaitLeader();
    List<String> acknowledged = new ArrayList<>(RaftTestCluster.commit(first, "before ", 100));

    network.isolate(first.member(), Cut.HOLD);
    List<RaftTestNode> others = cluster.nodes().stream().filter(node -> node != first).toList();
    acknowledged.addAll(RaftTestCluster.commit(cluster.awaitLeaderAmong(others), "majority ", 100));
    network.healAll();

    await("one leader").atMost(Duration.ofSeconds(20)).until(() -> leaders() == 1);
    cluster.awaitAllHaveApplied(acknowledged);
  }

  @Test
  void a_paused_follower_catches_up_when_it_goes_on() throws Exception {
    RaftTestNode leader = cluster.awaitLeader();
    RaftTestNode follower =
        cluster.nodes().stream().filter(node -> node != leader).findFirst().orElseThrow();

    network.pause(follower.member());
    List<String> acknowledged = RaftTestCluster.commit(leader, "entry ", 500);
    network.resume(follower.member());

    cluster.awaitAllHaveApplied(acknowledged);
  }

  /**
   * That connections may end at any moment; it passes with and without RemoteConnection's count.
   */
  @Test
  void a_follower_wrongly_given_up_while_it_syncs_keeps_answering() throws Exception {
    RaftTestNode leader = cluster.awaitLeader();
    cluster.syncTime(Duration.ofMillis(10));
    List<String> acknowledged = new ArrayList<>();
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 40; i++) {
        var unused = leader.propose(round + "." + i);
      }
      // Each side is told that the other is lost, while both live and appends are under way.
      for (RaftTestNode node : cluster.nodes()) {
        network.tellLost(node.member());
      }
      acknowledged.addAll(RaftTestCluster.commit(cluster.awaitLeader(), round + ": ", 100));
    }

    assertThat(acknowledged).hasSize(1000);
    cluster.awaitAllHaveApplied(acknowledged);
  }

  @Test
  void drops_delays_duplicates_and_disorder_cost_time_only() throws Exception {
    cluster.awaitLeader();
    network.faults(new Faults(0.01, 0.05, 0.05, Duration.ofMillis(0), Duration.ofMillis(3)));
    List<String> acknowledged = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      acknowledged.addAll(RaftTestCluster.commit(cluster.awaitLeader(), round + ": ", 100));
    }
    network.healAll();

    assertThat(acknowledged).isNotEmpty();
    cluster.awaitAllHaveApplied(acknowledged);
  }

  @Test
  void a_muted_leader_is_replaced() throws Exception {
    RaftTestNode first = cluster.awaitLeader();

    first.hub().mute();

    List<RaftTestNode> others = cluster.nodes().stream().filter(node -> node != first).toList();
    RaftTestNode second = cluster.awaitLeaderAmong(others);
    assertThat(RaftTestCluster.commit(second, "entry ", 100)).hasSize(100);
  }

  private long leaders() {
    return cluster.nodes().stream().filter(RaftTestNode::leads).count();
  }
}

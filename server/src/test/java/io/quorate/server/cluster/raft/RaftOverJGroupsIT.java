package io.quorate.server.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.util.Utils;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.JGroupsMessenger;
import io.quorate.server.cluster.messaging.LoopbackPorts;
import io.quorate.server.cluster.messaging.Messenger;
import io.quorate.server.cluster.messaging.MessengerConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real JRaft nodes over real channels on the loopback interface. */
@Timeout(60)
final class RaftOverJGroupsIT {
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

  /** Said before JRaft has read it, or else hundreds of buffers a thread stay in the heap. */
  @Test
  void few_buffers_of_messages_are_kept() {
    cluster.awaitLeader();

    assertThat(Utils.MAX_COLLECTOR_SIZE_PER_THREAD).isEqualTo(HubNodeOptions.BUFFERS_KEPT);
  }
}

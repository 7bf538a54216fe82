package io.quorate.server.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.entity.LeaderChangeContext;
import com.alipay.sofa.jraft.entity.PeerId;
import io.quorate.server.cluster.ReplicatedState;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class StateMachineBridgeTest {
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final StateMachineBridge bridge =
      new StateMachineBridge(new Listening(), Runnable::run, Candidacy.atOnce());

  /** Found where a lone voter led and never took a write: its first proposal had been refused. */
  @Test
  void a_leadership_is_told_when_the_log_is_open_and_not_before() throws InterruptedException {
    Thread stateMachine = new Thread(() -> bridge.onLeaderStart(3));
    stateMachine.start();
    await().until(() -> stateMachine.getState() == Thread.State.WAITING);
    assertThat(told).isEmpty();
    assertThat(bridge.readyTerm()).isNegative();

    bridge.opened();
    stateMachine.join();
    assertThat(told).containsExactly("started 3");
    assertThat(bridge.readyTerm()).isEqualTo(3);
  }

  @Test
  void later_leaderships_are_told_at_once() {
    bridge.opened();
    bridge.onLeaderStart(4);
    bridge.onLeaderStop(Status.OK());
    bridge.onLeaderStart(6);
    assertThat(told).containsExactly("started 4", "stopped", "started 6");
  }

  @Test
  void leaderships_are_counted_whoever_leads() {
    bridge.opened();
    bridge.onLeaderStart(4);
    bridge.onLeaderStop(Status.OK());
    bridge.onStartFollowing(new LeaderChangeContext(new PeerId("other", 1), 5, Status.OK()));
    bridge.onStopFollowing(new LeaderChangeContext(new PeerId("other", 1), 5, Status.OK()));
    assertThat(bridge.leaderships()).isEqualTo(2);
  }

  private final class Listening implements ReplicatedState {
    @Override
    public Applied apply(long index, long term, ByteBuffer command) {
      throw new AssertionError("nothing is committed here");
    }

    @Override
    public void batchApplied(long index) {
      throw new AssertionError("nothing is committed here");
    }

    @Override
    public void leadershipStarted(long term) {
      told.add("started " + term);
    }

    @Override
    public void leadershipStopped() {
      told.add("stopped");
    }

    @Override
    public void saveSnapshot(Path directory, SnapshotListener listener) {
      throw new AssertionError("no snapshots here");
    }

    @Override
    public void loadSnapshot(Path directory, long index) {
      throw new AssertionError("no snapshots here");
    }

    @Override
    public void failed(Throwable cause) {
      throw new AssertionError(cause);
    }
  }
}

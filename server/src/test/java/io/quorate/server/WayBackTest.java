package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.cluster.UnusedConsensus;
import io.quorate.server.config.HostPort;
import io.quorate.server.format.JoinQuestion;
import io.quorate.server.format.NodeStatus;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.format.PeerQuestion;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** A leader lets nobody in whom it does not reach. */
final class WayBackTest {
  private static final MemberId LEADER = new MemberId("n1", 1);
  private static final MemberId JOINER = new MemberId("n2", 2);
  private static final HostPort ADDRESS = new HostPort("10.0.0.2", 8965);

  private final List<MemberId> added = new ArrayList<>();
  private final List<HostPort> tried = new ArrayList<>();
  private Optional<HostPort> address = Optional.of(ADDRESS);
  private boolean open = true;
  private Executor threads = Runnable::run;

  private final Consensus consensus =
      new UnusedConsensus() {
        @Override
        public Role role() {
          return Role.LEADER;
        }

        @Override
        public Membership membership() {
          return new Membership(List.of(LEADER), List.of());
        }

        @Override
        public CompletableFuture<Void> addVoter(MemberId member) {
          added.add(member);
          return CompletableFuture.completedFuture(null);
        }
      };

  /** A leader asks nobody. */
  private static final class Nobody implements Peers {
    @Override
    public CompletableFuture<byte[]> ask(MemberId member, byte[] question, Deadline deadline) {
      throw new AssertionError("asked " + member);
    }

    @Override
    public void answerWith(Responder responder) {
      throw new AssertionError("nobody answers by this");
    }
  }

  private PeerAnswer join() throws Exception {
    ClusterChanges changes =
        new ClusterChanges(
            LEADER,
            consensus,
            new Nobody(),
            List::of,
            Runnable::run,
            (add, patience) -> {},
            new FakeFollowerLimit(),
            System::nanoTime);
    WayBack wayBack = new WayBack(member -> address, this::connect, task -> threads.execute(task));
    PeerAnswers answers =
        new PeerAnswers(
            "c1",
            consensus,
            member -> NodeStatus.getDefaultInstance(),
            statement -> CompletableFuture.failedFuture(new AssertionError("no statement")),
            changes,
            question -> CompletableFuture.failedFuture(new AssertionError("no rows")),
            wayBack,
            false);
    JoinQuestion question =
        JoinQuestion.newBuilder().setMember(JOINER.toString()).setCluster("c1").build();
    byte[] bytes = PeerQuestion.newBuilder().setJoin(question).build().toByteArray();
    return PeerAnswer.parseFrom(answers.answer(JOINER, bytes).join());
  }

  private void connect(HostPort to) {
    tried.add(to);
    if (!open) {
      throw new QuorateException(
          ErrorCode.NODE_UNREACHABLE, "Can't connect server: " + to + ", Connection refused");
    }
  }

  @Test
  void who_is_reached_enters() throws Exception {
    assertThat(join().getCluster()).isEqualTo("c1");
    assertThat(tried).containsExactly(ADDRESS);
    assertThat(added).containsExactly(JOINER);
  }

  @Test
  void who_is_not_reached_is_told_at_once_and_changes_nothing() throws Exception {
    open = false;
    PeerAnswer answer = join();
    assertThat(answer.getRefused()).isTrue();
    assertThat(answer.getErrorNumber()).isEqualTo(7018);
    assertThat(answer.getError())
        .isEqualTo(
            "Can't connect server: 10.0.0.2:8965, Connection refused; the node reaches this one,"
                + " but not the other way: its --peer-addr must be open to all members");
    assertThat(added).isEmpty();
  }

  @Test
  void whose_address_is_not_known_is_not_looked_for() throws Exception {
    address = Optional.empty();
    open = false;
    assertThat(join().getError()).isEmpty();
    assertThat(tried).isEmpty();
    assertThat(added).containsExactly(JOINER);
  }

  @Test
  void a_leader_that_has_no_time_for_it_is_asked_again() throws Exception {
    threads =
        task -> {
          throw new RejectedExecutionException("full");
        };
    PeerAnswer answer = join();
    assertThat(answer.getRefused()).isFalse();
    assertThat(answer.getErrorNumber()).isEqualTo(ErrorCode.OVERLOADED.number());
    assertThat(added).isEmpty();
  }
}

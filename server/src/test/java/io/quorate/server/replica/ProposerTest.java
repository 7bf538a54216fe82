package io.quorate.server.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.Consensus.ProposalListener;
import io.quorate.server.cluster.Consensus.Refusal;
import io.quorate.server.cluster.ReplicatedState.Applied;
import io.quorate.server.cluster.UnusedConsensus;
import io.quorate.server.format.Command;
import io.quorate.server.format.RowChange;
import io.quorate.server.format.WriteSet;
import io.quorate.server.lang.Outcome;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.RequestId;
import io.quorate.server.replica.Replica.ReplicaConfig;
import io.quorate.server.store.StoreConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ProposerTest {
  private static final Outcome DONE = new Outcome(Outcome.Code.APPLIED, 1);
  private static final int ENTRY_BYTES = 4096;

  private final HeldConsensus consensus = new HeldConsensus();
  private final List<Runnable> soon = new ArrayList<>();
  private final Proposer proposer =
      new Proposer(
          consensus,
          new ReplicaConfig("n1", 10, 3000, ENTRY_BYTES, StoreConfig.ofFile("unused")),
          soon::add);

  @Test
  void no_write_is_taken_before_the_epoch_has_begun() throws InvalidProtocolBufferException {
    proposer.leadershipStarted(3);
    assertThat(proposer.isReady()).isFalse();
    assertFails(propose(1, 10), ErrorCode.NO_LEADER);

    assertThat(Command.parseFrom(consensus.commands.get(0)).getEpochStart().getLeader())
        .isEqualTo("n1");
    consensus.listeners.get(0).applied(7, DONE);

    assertThat(proposer.isReady()).isTrue();
    assertThat(propose(2, 10)).isNotDone();
    assertThat(Command.parseFrom(consensus.commands.get(1)).getEpoch()).isEqualTo(3);
  }

  @Test
  void an_epoch_that_begins_after_the_leadership_was_lost_opens_nothing() {
    proposer.leadershipStarted(3);
    proposer.leadershipStopped();
    consensus.listeners.get(0).applied(7, DONE);

    assertThat(proposer.isReady()).isFalse();
  }

  @Test
  void an_epoch_start_that_found_the_log_busy_is_repeated() {
    proposer.leadershipStarted(3);
    consensus.listeners.get(0).refused(Refusal.OVERLOADED);
    soon.forEach(Runnable::run);
    consensus.listeners.get(1).applied(7, DONE);

    assertThat(proposer.isReady()).isTrue();
  }

  @Test
  void bytes_under_way_are_bounded_and_given_back_however_a_proposal_ends() {
    lead();
    List<CompletableFuture<Applied>> first =
        List.of(propose(1, 900), propose(2, 900), propose(3, 900));
    assertFails(propose(4, 900), ErrorCode.OVERLOADED);

    consensus.listeners.get(1).applied(8, DONE);
    consensus.listeners.get(2).refused(Refusal.NOT_LEADER);
    consensus.listeners.get(3).inDoubt("lost");

    assertThat(proposer.bytesInFlight()).isZero();
    assertThat(first.get(0)).isCompletedWithValue(new Applied(8, DONE));
    assertFails(first.get(1), ErrorCode.NO_LEADER);
    assertFails(first.get(2), ErrorCode.OUTCOME_UNKNOWN);
  }

  @Test
  void a_command_that_no_entry_can_hold_is_refused_before_the_log_sees_it() {
    lead();

    assertFails(propose(1, ENTRY_BYTES), ErrorCode.LIMIT_EXCEEDED);
    assertThat(consensus.commands).hasSize(1);
  }

  private void lead() {
    proposer.leadershipStarted(3);
    consensus.listeners.get(0).applied(7, DONE);
  }

  private CompletableFuture<Applied> propose(long sequence, int bytes) {
    WriteSet writes =
        WriteSet.newBuilder()
            .addChanges(
                RowChange.newBuilder()
                    .setTable(1)
                    .setKey(ByteString.copyFromUtf8("k"))
                    .setPut(ByteString.copyFrom(new byte[bytes])))
            .build();
    return proposer.propose(new RequestId(1, sequence), 0, writes);
  }

  private static void assertFails(CompletableFuture<Applied> future, ErrorCode code) {
    assertThatThrownBy(future::join)
        .cause()
        .isInstanceOfSatisfying(QuorateException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  /** Holds what is proposed, for the test to decide. */
  private static final class HeldConsensus extends UnusedConsensus {
    final List<byte[]> commands = new ArrayList<>();
    final List<ProposalListener> listeners = new ArrayList<>();

    @Override
    public void propose(byte[] command, long term, ProposalListener listener) {
      commands.add(command);
      listeners.add(listener);
    }
  }
}

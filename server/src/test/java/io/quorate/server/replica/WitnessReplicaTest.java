package io.quorate.server.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.ReplicatedState;
import io.quorate.server.cluster.ReplicatedState.SnapshotFile;
import io.quorate.server.cluster.UnusedConsensus;
import io.quorate.server.format.Command;
import io.quorate.server.format.EpochStart;
import io.quorate.server.format.RequestName;
import io.quorate.server.format.RowChange;
import io.quorate.server.format.WriteSet;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.replica.Replica.ReplicaConfig;
import io.quorate.server.store.StoreConfig;
import io.quorate.server.store.StoreView;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.RowKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica that holds the rows of some tables alone, beside one that holds all. */
final class WitnessReplicaTest {
  private static final int HELD = 3;
  private static final int OTHER = 16;

  @TempDir Path directory;
  private final List<Replica> open = new ArrayList<>();
  private long sequence;

  private Replica open(String name, Holding holding) {
    Replica replica =
        new Replica(
            new ReplicaConfig(
                name, 100, 1 << 20, 1 << 20, StoreConfig.of(directory.resolve(name)), holding),
            new UnusedConsensus(),
            Runnable::run,
            Runnable::run,
            failure -> {
              throw new AssertionError(failure);
            });
    open.add(replica);
    replica.open();
    return replica;
  }

  private Replica witness(String name) {
    return open(name, Holding.only(Set.of(HELD)));
  }

  @AfterEach
  void close() {
    open.forEach(Replica::close);
  }

  private static void apply(ReplicatedState state, long index, Command command) {
    state.apply(index, 1, ByteBuffer.wrap(command.toByteArray()));
    state.batchApplied(index);
  }

  private static Command epoch() {
    return Command.newBuilder()
        .setEpoch(1)
        .setEpochStart(EpochStart.newBuilder().setLeader("n1"))
        .build();
  }

  private Command write(WriteSet.Builder writes) {
    sequence++;
    return Command.newBuilder()
        .setEpoch(1)
        .setRequest(RequestName.newBuilder().setClient(7).setSequence(sequence))
        .setWriteSet(writes)
        .build();
  }

  private static RowChange put(int table, String key) {
    return RowChange.newBuilder()
        .setTable(table)
        .setKey(ByteString.copyFromUtf8(key))
        .setPut(ByteString.copyFromUtf8("row"))
        .build();
  }

  private Command rows() {
    return write(WriteSet.newBuilder().addChanges(put(HELD, "a")).addChanges(put(OTHER, "b")));
  }

  private static List<Integer> filled(Replica replica) {
    List<Integer> tables = new ArrayList<>();
    try (StoreView view = replica.store().openView()) {
      for (int table : view.tables()) {
        if (view.rowCount(table) > 0) {
          tables.add(table);
        }
      }
    }
    return tables;
  }

  @Test
  void it_applies_all_and_keeps_some() {
    Replica witness = witness("w");
    apply(witness.state(), 1, epoch());
    apply(witness.state(), 2, rows());
    apply(
        witness.state(),
        3,
        write(
            WriteSet.newBuilder()
                .addClearedTables(OTHER)
                .addChanges(
                    RowChange.newBuilder()
                        .setTable(OTHER)
                        .setKey(ByteString.copyFromUtf8("c"))
                        .setDelete(true))));

    assertThat(witness.applied().current()).isEqualTo(3);
    assertThat(filled(witness)).containsExactly(HELD);
    apply(witness.state(), 4, write(WriteSet.newBuilder().addClearedTables(HELD)));
    assertThat(filled(witness)).isEmpty();
  }

  /** No rows is an answer, and here it would be a wrong one. */
  @Test
  void its_views_refuse_what_is_not_held() {
    Replica witness = witness("w");
    apply(witness.state(), 1, epoch());
    apply(witness.state(), 2, rows());
    RowKey key = RowKey.wrap(new byte[] {'b'});
    try (ReadView view = witness.readView()) {
      assertThat(view.rowCount(HELD)).isEqualTo(1);
      assertElsewhere(() -> view.rowCount(OTHER));
      assertElsewhere(() -> view.find(OTHER, key));
      assertElsewhere(() -> view.scan(OTHER, Optional.empty(), Optional.empty()));
      assertElsewhere(() -> view.scanBackward(OTHER, Optional.of(key), Optional.empty()));
    }
  }

  private static void assertElsewhere(Runnable read) {
    assertThatThrownBy(read::run)
        .isInstanceOfSatisfying(
            QuorateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ROWS_ELSEWHERE));
  }

  @Test
  void leading_opens_no_epoch() {
    Replica witness = witness("w");
    // The consensus of this test fails when it is asked to append anything.
    witness.state().leadershipStarted(1);
    assertThat(witness.proposer().isReady()).isFalse();
    witness.state().leadershipStopped();
  }

  private Path snapshot(Replica replica, String name) throws IOException {
    Path target = Files.createDirectory(directory.resolve(name));
    replica
        .state()
        .saveSnapshot(
            target,
            new ReplicatedState.SnapshotListener() {
              @Override
              public void written(List<SnapshotFile> files) {
                assertThat(files).isNotEmpty();
              }

              @Override
              public void failed(Throwable cause) {
                throw new AssertionError(cause);
              }
            });
    return target;
  }

  @Test
  void a_snapshot_with_all_rows_leaves_it_with_some_and_a_request_is_remembered() throws Exception {
    Replica data = open("data", Holding.ALL);
    apply(data.state(), 1, epoch());
    Command rows = rows();
    apply(data.state(), 2, rows);
    Replica witness = witness("w");

    witness.state().loadSnapshot(snapshot(data, "of-data"), 2);

    assertThat(filled(data)).containsExactly(HELD, OTHER);
    assertThat(filled(witness)).containsExactly(HELD);
    assertThat(witness.applied().current()).isEqualTo(2);
    // The same request again is answered as before.
    assertThat(witness.state().apply(3, 1, ByteBuffer.wrap(rows.toByteArray())).index())
        .isEqualTo(2);
  }

  @Test
  void its_snapshot_is_for_witnesses_alone() throws Exception {
    Replica witness = witness("w");
    apply(witness.state(), 1, epoch());
    apply(witness.state(), 2, rows());
    apply(witness.state(), 3, rows());
    Path snapshot = snapshot(witness, "of-witness");
    Replica data = open("data", Holding.ALL);
    apply(data.state(), 1, epoch());
    apply(data.state(), 2, rows());

    assertThatThrownBy(() -> data.state().loadSnapshot(snapshot, 3))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("witness");

    assertThat(filled(data)).containsExactly(HELD, OTHER);
    Replica second = witness("w2");
    second.state().loadSnapshot(snapshot, 3);
    assertThat(filled(second)).containsExactly(HELD);
  }
}

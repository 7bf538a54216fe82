package io.quorate.server.replica;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.quorate.server.cluster.ReplicatedState;
import io.quorate.server.format.Command;
import io.quorate.server.format.RequestName;
import io.quorate.server.format.RowChange;
import io.quorate.server.format.WriteSet;
import io.quorate.server.lang.Invariant;
import io.quorate.server.lang.Outcome;
import io.quorate.server.lang.RequestId;
import io.quorate.server.store.ChangeSet;
import io.quorate.server.store.MvEngine;
import io.quorate.server.store.RowWriter;
import io.quorate.server.store.SnapshotFiles;
import io.quorate.server.store.SnapshotProof;
import io.quorate.server.store.SnapshotStream;
import io.quorate.server.store.StoreView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Turns log entries into the state of this replica: the heart of the state machine.
 *
 * <pre>
 *  entry ─▶ already applied? ─▶ seen request? ─▶ too old to tell? ─▶ fenced? ─▶ store.apply ─▶ remember
 *             leave alone        first answer      EXPIRED            FENCED      APPLIED
 * </pre>
 *
 * <p>Deterministic: what happens depends on the entries alone. Neither a clock nor an order of
 * hashing nor the environment is looked at, and a refused command is a result, the same everywhere.
 * An exception means that this replica cannot go on.
 *
 * <p>Confined to the apply thread, except {@link #failed}. A restart begins with what the store has
 * kept, and the log begins again before it; entries up to the store's revision are left alone.
 * Snapshots are taken of a read view, written by {@code io}, while the apply thread goes on.
 *
 * <p>Cost of one write command: one parse, one map operation a row, 41 bytes in the request window;
 * no system call, no hand-off.
 *
 * <p>A witness remembers requests and epochs as all do, and leaves out the rows that it does not
 * hold.
 */
public final class CommandApplier implements ReplicatedState {

  private static final ChangeSet NO_CHANGE = rows -> {};

  /** Marks a snapshot that has not the rows of all tables. */
  private static final String WITNESS = "replica.witness";

  private final MvEngine store;
  private final ReplicaState state;
  private final Holding holding;
  private final AppliedRevision applied;
  private final Executor io;
  private final LeadershipListener leadership;
  private final Consumer<Throwable> failure;

  CommandApplier(
      MvEngine store,
      ReplicaState state,
      Holding holding,
      AppliedRevision applied,
      Executor io,
      LeadershipListener leadership,
      Consumer<Throwable> failure) {
    this.store = store;
    this.state = state;
    this.holding = holding;
    this.applied = applied;
    this.io = io;
    this.leadership = leadership;
    this.failure = failure;
  }

  @Override
  public Applied apply(long index, long term, ByteBuffer bytes) {
    if (index <= store.appliedRevision()) {
      return new Applied(index, new Outcome(Outcome.Code.APPLIED, 0));
    }
    Command command = parse(index, bytes);
    Invariant.check(
        command.getEpoch() == term,
        "command %s of epoch %s stands in term %s",
        index,
        command.getEpoch(),
        term);
    return switch (command.getEffectCase()) {
      case EPOCH_START -> beginEpoch(index, command);
      case WRITE_SET -> write(index, command);
      case EFFECT_NOT_SET ->
          throw Invariant.violation("command " + index + " has no effect known to this version");
    };
  }

  /** The command's keys and rows refer to {@code bytes}: {@link #writeTo} makes the one copy. */
  private static Command parse(long index, ByteBuffer bytes) {
    try {
      CodedInputStream source = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      source.enableAliasing(true);
      Command command = Command.parseFrom(source);
      source.checkLastTagWas(0);
      return command;
    } catch (IOException e) {
      throw Invariant.violation("command " + index + " cannot be read", e);
    }
  }

  /**
   * What came of a request that has been applied here; from any thread, never blocking.
   *
   * @param base a revision that the requester had seen before it first sent the request
   * @return empty when it has not run, and with {@link Outcome.Code#EXPIRED} when nobody can tell
   *     any more
   */
  Optional<Applied> findRequest(RequestId request, long base) {
    return state.requests().look(request, base);
  }

  private Applied beginEpoch(long index, Command command) {
    state.beginEpoch(command.getEpoch());
    store.apply(index, NO_CHANGE);
    return new Applied(index, new Outcome(Outcome.Code.APPLIED, 0));
  }

  private Applied write(long index, Command command) {
    RequestName name = command.getRequest();
    RequestId request = new RequestId(name.getClient(), name.getSequence());
    Applied first = state.requests().find(request);
    if (first != null) {
      store.apply(index, NO_CHANGE);
      return first;
    }
    Outcome outcome = run(index, command);
    if (outcome.code() == Outcome.Code.APPLIED) {
      state.requests().remember(request, index, outcome);
    }
    return new Applied(index, outcome);
  }

  private Outcome run(long index, Command command) {
    if (command.getBase() < state.requests().floor()) {
      store.apply(index, NO_CHANGE);
      return new Outcome(Outcome.Code.EXPIRED, 0);
    }
    if (command.getEpoch() != state.epoch()) {
      store.apply(index, NO_CHANGE);
      return new Outcome(Outcome.Code.FENCED, 0);
    }
    WriteSet writes = command.getWriteSet();
    store.apply(index, rows -> writeTo(rows, writes), writes.getMark());
    long updateCount = writes.hasUpdateCount() ? writes.getUpdateCount() : writes.getChangesCount();
    return new Outcome(Outcome.Code.APPLIED, updateCount);
  }

  private void writeTo(RowWriter rows, WriteSet writes) {
    for (int i = 0; i < writes.getClearedTablesCount(); i++) {
      int table = writes.getClearedTables(i);
      if (holding.holds(table)) {
        rows.clear(table);
      }
    }
    for (RowChange change : writes.getChangesList()) {
      if (!holding.holds(change.getTable())) {
        continue;
      }
      byte[] key = change.getKey().toByteArray();
      switch (change.getChangeCase()) {
        case PUT -> rows.put(change.getTable(), key, change.getPut().toByteArray());
        case DELETE -> rows.delete(change.getTable(), key);
        case CHANGE_NOT_SET -> throw Invariant.violation("a row change without a change");
      }
    }
  }

  @Override
  public void batchApplied(long index) {
    store.publish();
    applied.advanceTo(Math.max(applied.current(), store.appliedRevision()));
  }

  @Override
  public void leadershipStarted(long term) {
    leadership.leadershipStarted(term);
  }

  @Override
  public void leadershipStopped() {
    leadership.leadershipStopped();
  }

  @Override
  public void saveSnapshot(Path directory, SnapshotListener listener) {
    StoreView view = store.openView();
    SortedMap<String, ByteString> beside = state.snapshot();
    if (holding.isAll()) {
      beside.putAll(SnapshotProof.entries(view));
    } else {
      beside.put(WITNESS, ByteString.EMPTY);
    }
    io.execute(
        () -> {
          List<SnapshotFile> files;
          try (view) {
            files = write(directory, view, beside);
          } catch (IOException | RuntimeException e) {
            listener.failed(e);
            return;
          }
          listener.written(files);
        });
  }

  private static List<SnapshotFile> write(
      Path directory, StoreView view, SortedMap<String, ByteString> beside) throws IOException {
    return SnapshotFiles.write(
            directory,
            SnapshotFiles.FILE_BYTES,
            target -> SnapshotStream.write(view, beside, target))
        .stream()
        .map(part -> new SnapshotFile(part.name(), view.revision(), part.length(), part.crc32c()))
        .toList();
  }

  @Override
  public void loadSnapshot(Path directory, long index) throws IOException {
    if (index <= store.appliedRevision()) {
      return;
    }
    // The log may be cut behind it now.
    SnapshotFiles.syncAll(directory);
    SnapshotStream.Verified found;
    try (InputStream source = SnapshotFiles.read(directory)) {
      found = SnapshotStream.verify(source);
    }
    if (holding.isAll() && found.entries().contains(WITNESS)) {
      throw new IOException("the snapshot is a witness's and has no rows of tables");
    }
    try (InputStream source = SnapshotFiles.read(directory)) {
      SnapshotStream.load(source, store, holding::holds);
    }
    state.restore(store.systemEntries());
    applied.advanceTo(store.appliedRevision());
  }

  @Override
  public void failed(Throwable cause) {
    leadership.leadershipStopped();
    failure.accept(cause);
  }
}

package io.quorate.server.cluster.raft.fault;

import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.ReplicatedState;
import io.quorate.server.lang.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A state that remembers which requests took effect where, and tells the {@link History} of every
 * entry. It may begin as something durable would: ahead of the snapshot and of the log's beginning.
 *
 * <p>Changed by the apply thread alone; {@link #indexOf} and {@link #last} may be asked by any.
 */
final class RecordingState implements ReplicatedState {
  /** So that a snapshot has several files, and a copy of it can be cut short between them. */
  private static final int FILE_BYTES = 512;

  private final MemberId member;

  private final History history;
  private final Executor files;
  private final Consumer<Throwable> onFailure;
  private final Map<Long, Long> effects;
  private volatile long last;
  private volatile boolean killed;
  private long hash;

  /** What survives of a state that is durable by itself. */
  record Durable(long last, long hash, Map<Long, Long> effects) {
    static final Durable NOTHING = new Durable(0, 0, Map.of());
  }

  RecordingState(
      MemberId member,
      History history,
      Executor files,
      Durable durable,
      Consumer<Throwable> onFailure) {
    this.member = member;
    this.history = history;
    this.files = files;
    this.onFailure = onFailure;
    effects = new ConcurrentHashMap<>(durable.effects());
    last = durable.last();
    hash = durable.hash();
  }

  /** From now on nothing that is applied counts. */
  void kill() {
    killed = true;
  }

  /** The index of the last entry that was applied. */
  long last() {
    return last;
  }

  /** Where the request took effect, or 0. */
  long indexOf(long request) {
    return effects.getOrDefault(request, 0L);
  }

  /** The state as it was at {@code index} or, where that is the log's own entry, at none. */
  Durable asOf(long index) {
    Map<Long, Long> then = new HashMap<>();
    effects.forEach(
        (request, at) -> {
          if (at <= index) {
            then.put(request, at);
          }
        });
    return history
        .entry(index)
        .map(entry -> new Durable(index, entry.hash(), then))
        .orElse(Durable.NOTHING);
  }

  @Override
  public Applied apply(long index, long term, ByteBuffer bytes) {
    if (killed) {
      return new Applied(index, new Outcome(Outcome.Code.FENCED, 0));
    }
    Command command = Command.of(bytes);
    if (index <= last) {
      History.Entry known = history.entry(index).orElse(null);
      if (known == null || known.term() != term || !known.command().equals(command)) {
        history.violated(
            "DIVERGED", member + " replayed " + command + " at " + index + " over " + known);
      }
    } else {
      hash = (hash * 31 + index) * 31 + term * 17 + bytes.hashCode();
      history.applied(member, index, new History.Entry(last, term, command, hash));
      if (effects.putIfAbsent(command.request(), index) == null) {
        history.effect(member, command.request(), index);
      }
      last = index;
    }
    return new Applied(
        effects.getOrDefault(command.request(), 0L), new Outcome(Outcome.Code.APPLIED, 1));
  }

  @Override
  public void batchApplied(long index) {}

  @Override
  public void leadershipStarted(long term) {
    if (!killed) {
      history.leads(member, term);
    }
  }

  @Override
  public void leadershipStopped() {
    if (!killed) {
      history.event(member + " leads no more");
    }
  }

  @Override
  public void saveSnapshot(Path directory, SnapshotListener listener) {
    if (killed) {
      listener.failed(new IOException("this process is dead"));
      return;
    }
    long revision = last;
    Map<Long, Long> copy = Map.copyOf(effects);
    ByteBuffer bytes = ByteBuffer.allocate(20 + 16 * copy.size());
    bytes.putLong(last).putLong(hash).putInt(copy.size());
    copy.forEach((request, index) -> bytes.putLong(request).putLong(index));
    files.execute(
        () -> {
          List<SnapshotFile> written = new ArrayList<>();
          try {
            byte[] whole = bytes.array();
            for (int from = 0; from < whole.length; from += FILE_BYTES) {
              byte[] part =
                  Arrays.copyOfRange(whole, from, Math.min(whole.length, from + FILE_BYTES));
              CRC32C checksum = new CRC32C();
              checksum.update(part);
              String name = "part" + written.size();
              Files.write(directory.resolve(name), part);
              written.add(new SnapshotFile(name, revision, part.length, (int) checksum.getValue()));
            }
          } catch (IOException e) {
            listener.failed(e);
            return;
          }
          listener.written(written);
        });
  }

  private static byte[] read(Path directory) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (int number = 0; Files.exists(directory.resolve("part" + number)); number++) {
      whole.write(Files.readAllBytes(directory.resolve("part" + number)));
    }
    return whole.toByteArray();
  }

  @Override
  public void loadSnapshot(Path directory, long index) throws IOException {
    if (last >= index || killed) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(read(directory));
    long loadedLast = bytes.getLong();
    if (loadedLast < last) {
      history.violated("WENT_BACK", member + " loads " + loadedLast + " over " + last);
    }
    if (last == 0 && history.hasJoined(member)) {
      history.joinedBySnapshot.incrementAndGet();
    }
    hash = bytes.getLong();
    int count = bytes.getInt();
    effects.clear();
    for (int i = 0; i < count; i++) {
      effects.put(bytes.getLong(), bytes.getLong());
    }
    last = loadedLast;
    history.restored(member, last, hash);
    history.snapshotsLoaded.incrementAndGet();
    history.event(member + " loaded the snapshot of " + index);
  }

  @Override
  public void failed(Throwable cause) {
    onFailure.accept(cause);
  }
}

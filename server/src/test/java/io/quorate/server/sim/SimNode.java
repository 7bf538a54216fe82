package io.quorate.server.sim;

import com.google.protobuf.ByteString;
import io.quorate.server.cluster.Consensus.ProposalListener;
import io.quorate.server.cluster.Consensus.Refusal;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.ReplicatedState;
import io.quorate.server.cluster.ReplicatedState.Applied;
import io.quorate.server.cluster.ReplicatedState.SnapshotFile;
import io.quorate.server.cluster.ReplicatedState.SnapshotListener;
import io.quorate.server.format.WriteSet;
import io.quorate.server.lang.Outcome;
import io.quorate.server.lang.RequestId;
import io.quorate.server.replica.Replica;
import io.quorate.server.store.SimDisk;
import io.quorate.server.store.SimFilePath;
import io.quorate.server.store.StoreConfig;
import io.quorate.server.store.StoreView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A real replica on a simulated disk, fed from the {@link SimLog}, with the read gate in front of
 * it. A crash takes its memory and whatever its disk had not synced; the log begins again at its
 * last snapshot. Every entry's result and, at every stop, the whole state are held against a {@link
 * ModelReplica}.
 */
final class SimNode {
  private static final int UNSAVED_BYTES = 64 * 1024;

  private final SimWorld world;
  private final String disk;
  private final MemberId member;
  private final Path directory;
  private final SimSettings settings;
  private final Map<Long, ProposalListener> listeners = new HashMap<>();
  private final TreeMap<Long, List<Runnable>> reached = new TreeMap<>();
  private final SimLog log;
  private ModelReplica model;
  private @Nullable Replica replica;
  private @Nullable SimReading reading;

  /** Set while a load is cut short on purpose. */
  private boolean cutShort;

  /** Tasks of an earlier life are dropped. */
  private int life;

  /** The log's next entry for this node is the one behind. */
  private long position;

  private long snapshotIndex;
  private int snapshots;
  private int installed;
  private int cuts;

  /** For the planted fault: a revision kept beside the store instead of in it. */
  private long revisionOutside;

  SimNode(SimWorld world, SimLog log, SimSettings settings, int number, Path directory) {
    this.world = world;
    this.log = log;
    this.settings = settings;
    this.member = new MemberId("n" + number, number);
    this.directory = directory;
    this.disk = directory.getFileName() + "-" + number;
    this.model = new ModelReplica(settings.windowCapacity());
  }

  MemberId member() {
    return member;
  }

  boolean isUp() {
    return replica != null;
  }

  boolean takesWrites() {
    return replica != null && replica.proposer().isReady();
  }

  long revision() {
    return replica == null ? 0 : replica.applied().current();
  }

  ReplicatedState state() {
    return running().state();
  }

  private Replica running() {
    Replica now = replica;
    if (now == null) {
      throw new AssertionError(member + " is down");
    }
    return now;
  }

  /** Runs {@code task} soon, unless this node has died by then. */
  void later(Runnable task) {
    after(world.between(1, 800), task);
  }

  private void after(long micros, Runnable task) {
    int now = life;
    world.after(
        micros,
        () -> {
          if (life == now && isUp()) {
            task.run();
          }
        });
  }

  void propose(RequestId request, long base, WriteSet writes, ProposalListener listener) {
    if (replica == null) {
      listener.refused(Refusal.CLOSED);
    } else {
      replica.proposer().propose(request, base, writes, listener);
    }
  }

  /** Ends this node for good and gives its disk's memory back. */
  void discard() {
    SimDisk.drop(disk);
  }

  private StoreConfig storeConfig() {
    return StoreConfig.ofFile(SimFilePath.of(disk, "rows.mv"))
        .withPipeline(false)
        .withReclaim(0, Duration.ZERO)
        .withCacheMebibytes(1)
        .withUnsavedBytes(UNSAVED_BYTES, 4 * UNSAVED_BYTES);
  }

  // Life and death

  void start() {
    life++;
    Replica opening =
        settings.newReplica(
            member.name(),
            storeConfig(),
            new SimConsensus(log, this),
            task -> after(world.between(100, 3000), task),
            this::later,
            this::failed);
    opening.open();
    replica = opening;
    reading = new SimReading(world, settings, opening, new SimConsensus(log, this));
    position = snapshotIndex;
    if (snapshotIndex > 0) {
      loadSnapshot(snapshotDirectory(snapshotIndex), snapshotIndex);
    }
    model = new ModelReplica(settings.windowCapacity());
    replay(Math.max(position, opening.store().appliedRevision()));
    checkState();
    later(this::applySome);
    after(world.between(1, 20_000), this::tick);
    if (settings.plant() == SimSettings.Plant.REVISION_OUTSIDE) {
      position = Math.max(position, revisionOutside);
    }
  }

  private void failed(Throwable cause) {
    if (!cutShort) {
      throw new AssertionError(member + " failed", cause);
    }
  }

  /** Asks how far the log reaches, as a node does all the time. */
  private void tick() {
    reading().gauge().tick();
    after(world.between(3000, 20_000), this::tick);
  }

  void crash() {
    if (log.leader() == this) {
      replica = null;
      log.depose();
    }
    replica = null;
    reading = null;
    life++;
    listeners.clear();
    reached.clear();
    SimDisk.named(disk).crash(world.random());
  }

  void stop() {
    Replica closing = running();
    if (log.leader() == this) {
      log.depose();
    }
    replica = null;
    reading = null;
    life++;
    listeners.clear();
    reached.clear();
    closing.close();
  }

  // The log

  void listen(long index, ProposalListener listener) {
    listeners.put(index, listener);
  }

  /** Runs the task, in this life of the node, once it has applied so much. */
  void onReaching(long index, Runnable task) {
    if (isUp()) {
      reached.computeIfAbsent(index, unused -> new ArrayList<>()).add(task);
      later(this::tellReached);
    }
  }

  /** There is more of the log, which this node has yet to apply. */
  void heard(long index) {
    if (isUp()) {
      reading().heard(index);
    }
  }

  /** The office is lost: who waits is told that nobody knows. */
  void dropListeners(List<ProposalListener> others) {
    List<ProposalListener> all = new ArrayList<>(listeners.values());
    listeners.clear();
    all.addAll(others);
    if (isUp()) {
      all.forEach(listener -> later(() -> listener.inDoubt("the leadership is lost")));
      reached.clear();
      state().leadershipStopped();
    }
  }

  void applySome() {
    long end = Math.min(log.reach(this), position + world.between(1, 12));
    List<Runnable> told = new ArrayList<>();
    long last = 0;
    while (position < end) {
      SimLog.Entry entry = log.entry(position + 1);
      if (entry.command() != null) {
        Applied applied =
            state().apply(entry.index(), entry.term(), ByteBuffer.wrap(entry.command()));
        checkResult(entry, applied);
        ProposalListener listener = listeners.remove(entry.index());
        if (listener != null) {
          told.add(() -> listener.applied(applied.index(), applied.outcome()));
        }
        last = entry.index();
      } else if (entry.index() > model.index()) {
        model.apply(entry);
      }
      position++;
    }
    if (last > 0) {
      state().batchApplied(last);
      revisionOutside = Math.max(revisionOutside, last);
    }
    told.forEach(this::later);
    tellReached();
    if (position < log.reach(this)) {
      later(this::applySome);
    }
  }

  private void tellReached() {
    List<Runnable> due = new ArrayList<>();
    while (!reached.isEmpty() && reached.firstKey() <= position) {
      due.addAll(reached.pollFirstEntry().getValue());
    }
    due.forEach(Runnable::run);
  }

  private void checkResult(SimLog.Entry entry, Applied applied) {
    if (entry.index() <= model.index()) {
      return;
    }
    model.apply(entry);
    if (model.hasResult(entry.index())) {
      ModelReplica.Result expected = model.resultOf(entry.index());
      Outcome outcome = applied.outcome();
      if (applied.index() != expected.index() || outcome.code() != expected.code()) {
        throw new AssertionError(
            member + " at " + entry.index() + ": expected " + expected + ", was " + applied);
      }
    }
  }

  private void replay(long until) {
    while (model.index() < until) {
      model.apply(log.entry(model.index() + 1));
    }
  }

  // The disk

  void checkpoint() {
    running().store().checkpoint();
  }

  /** Begins a snapshot; it counts once its files are written and this node still lives. */
  void takeSnapshot() {
    long index = position;
    if (index <= snapshotIndex || running().store().appliedRevision() == 0) {
      return;
    }
    int now = life;
    Path target = snapshotDirectory(index);
    createDirectories(target);
    state()
        .saveSnapshot(
            target,
            new SnapshotListener() {
              @Override
              public void written(List<SnapshotFile> files) {
                if (life == now && index > snapshotIndex) {
                  snapshotIndex = index;
                  snapshots++;
                }
              }

              @Override
              public void failed(Throwable cause) {
                throw new AssertionError(member + " wrote no snapshot", cause);
              }
            });
  }

  /**
   * Takes the snapshot of another node, as one that is too far behind does; now and then the power
   * goes meanwhile.
   */
  void installFrom(SimNode other) {
    if (other.snapshotIndex <= position || !log.isMember(this)) {
      return;
    }
    Path copy = snapshotDirectory(other.snapshotIndex);
    copyDirectory(other.snapshotDirectory(other.snapshotIndex), copy);
    if (world.oneIn(4)) {
      installHalf(copy, other.snapshotIndex);
      return;
    }
    loadSnapshot(copy, other.snapshotIndex);
    installed++;
    snapshotIndex = other.snapshotIndex;
    position = snapshotIndex;
    replay(Math.max(position, running().store().appliedRevision()));
    checkState();
    tellReached();
  }

  /**
   * The power goes while the files are copied, and the copy never was; or while they are loaded,
   * when the log begins behind them already.
   */
  private void installHalf(Path copy, long index) {
    if (world.oneIn(3)) {
      crash();
      return;
    }
    snapshotIndex = index;
    cutShort = true;
    SimDisk.named(disk).freezeAt(world.between(1, 12));
    try {
      state().loadSnapshot(copy, index);
    } catch (IOException | RuntimeException e) {
      cuts++;
    }
    crash();
    cutShort = false;
  }

  private void loadSnapshot(Path from, long index) {
    try {
      state().loadSnapshot(from, index);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loses the store whole: snapshot and log must rebuild it. */
  void wipeStore() {
    SimDisk.drop(disk);
    revisionOutside = 0;
  }

  /** Everything that readers can see, against the model at the same place in the log. */
  void checkState() {
    Replica now = running();
    ModelReplica.At expected = model.now();
    Map<ByteString, ByteString> rows = SimRows.all(now);
    if (!rows.equals(expected.rows())) {
      Set<Map.Entry<ByteString, ByteString>> wrong = new HashSet<>(rows.entrySet());
      wrong.removeAll(expected.rows().entrySet());
      Set<Map.Entry<ByteString, ByteString>> missing = new HashSet<>(expected.rows().entrySet());
      missing.removeAll(rows.entrySet());
      throw new AssertionError(
          member + " at " + model.index() + " has " + wrong + " instead of " + missing);
    }
    try (StoreView view = now.store().openView()) {
      view.requireSound();
    }
  }

  long position() {
    return position;
  }

  int snapshotsTaken() {
    return snapshots;
  }

  int snapshotsInstalled() {
    return installed;
  }

  int loadsCutShort() {
    return cuts;
  }

  /** What reads meet in this life; null while the node is down. */
  @Nullable SimReading findReading() {
    return reading;
  }

  private SimReading reading() {
    SimReading now = reading;
    if (now == null) {
      throw new AssertionError(member + " is down");
    }
    return now;
  }

  /** What readers must see at the moment. */
  ModelReplica model() {
    return model;
  }

  private Path snapshotDirectory(long index) {
    return directory.resolve(member.name() + "-" + index);
  }

  private static void createDirectories(Path target) {
    try {
      Files.createDirectories(target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copyDirectory(Path from, Path to) {
    createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.write(to.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.quorate.server.store;

import com.google.protobuf.ByteString;
import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.Invariant;
import io.quorate.server.lang.QuorateException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one node: a materialisation of the log, which may lag behind it but never contradicts
 * itself.
 *
 * <pre>
 *  apply thread                       checkpoint thread                  readers
 *  apply(r, changes) ─▶ maps          capture: state, revision, commit   openView: pin, roots
 *  publish() ─▶ roots (volatile) ◀──  drain ─▶ sync ─▶ durableRevision   find, scan on the roots
 *                                     compact, shrink
 *      └────────── applierLock ──────────┘
 * </pre>
 *
 * <p><b>Who owns what.</b> The maps, the tables and {@code appliedRevision} change only under
 * {@code applierLock}: the apply thread holds it for one revision, the checkpointer for the capture
 * of all roots (0.3 ms, pipelined) or for a step of shrinking the file. {@code checkpointLock} is
 * held through a whole checkpoint and is always taken first. Readers take no lock: they pin a
 * version of MVStore, then read the published roots, and look whether those are at least as new as
 * the pin; only in the instant between a commit and the publication that follows it are they not.
 *
 * <p><b>What is on disk</b> is always one whole revision: rows, the {@link CheckpointedState} of
 * the same revision, the revision itself and the row count of each table are committed as one
 * version of MVStore. {@link OrderedFileStore} makes the file open at a version that was synced.
 * Closing is a checkpoint and nothing else, so the path taken after a crash is the only one.
 *
 * <p><b>What can go wrong.</b> Any failure while changing or saving stops the store for good: rows
 * of half a revision may be in the maps and must not become durable. A page or block that does not
 * match its checksum is reported as {@link StoreDamagedException}, and the file is renamed at once,
 * so that no later start trusts it; snapshot and log rebuild the store.
 *
 * <p><b>Cost.</b> A revision of one row is one lock and one put into a B-tree, and allocates only
 * what MVStore does (the path of pages to the leaf). Publishing is one small array and one volatile
 * write a batch. Opening a view is two atomic additions and a volatile read.
 */
public final class MvEngine implements AutoCloseable {
  private static final int VIEW_ATTEMPTS = 64;

  private final StoreConfig config;
  private final CheckpointedState state;
  private final StoreHealth health;
  private final ReentrantLock checkpointLock = new ReentrantLock();
  private final ReentrantLock applierLock = new ReentrantLock();
  private final CheckpointBell bell = new CheckpointBell();
  private final OpenViews views;

  private volatile @Nullable MvFile file;
  private volatile @Nullable Roots published;
  private volatile long appliedRevision;
  private volatile long durableRevision;
  private volatile StateMarks marks = StateMarks.NONE;
  private boolean loading;
  private boolean closed;

  /**
   * @param state what the replica keeps beside the rows
   * @param onFailure told once, from any thread, when the store has stopped or a page is damaged
   */
  public MvEngine(StoreConfig config, CheckpointedState state, Consumer<Throwable> onFailure) {
    this(config, state, onFailure, System::nanoTime);
  }

  MvEngine(
      StoreConfig config,
      CheckpointedState state,
      Consumer<Throwable> onFailure,
      LongSupplier nanoTime) {
    this.config = config;
    this.state = state;
    this.health = new StoreHealth(MvFile.settingAside(config, onFailure));
    this.views = new OpenViews(config.viewsMax(), config.viewAgeMax(), nanoTime);
  }

  /**
   * Opens the file, or begins an empty store where there is none that can be used.
   *
   * @throws StoreFailedException when another process has it, or the disk refuses
   */
  public Opened open() {
    Invariant.check(file == null && !closed, "the store is opened twice");
    SteadyFilePath.register();
    BlockSumsPath.register();
    Opened found = startOrBeginAgain();
    health.opened();
    return found;
  }

  private Opened startOrBeginAgain() {
    try {
      return start();
    } catch (StoreDamagedException e) {
      abandon();
      MvFile.setAside(config, e);
      Opened opened = start();
      Invariant.check(opened instanceof Opened.Fresh, "a new store begins with %s", opened);
      return new Opened.Discarded(String.valueOf(e.getMessage()));
    }
  }

  private Opened start() {
    MvFile opened = MvFile.open(config, health::stop);
    file = opened;
    try {
      if (opened.isEmpty() && !config.readOnly()) {
        new StoreHeader(opened).begin();
        opened.makeDurable(opened.commit());
        publish();
        return new Opened.Fresh();
      }
      resume(opened);
      return new Opened.Resumed(appliedRevision);
    } catch (RuntimeException e) {
      throw MvFile.translate(e);
    }
  }

  private void resume(MvFile opened) {
    StoreHeader header = new StoreHeader(opened);
    appliedRevision = header.requireSound();
    durableRevision = appliedRevision;
    marks = header.restoreHashes();
    publish();
  }

  private void abandon() {
    MvFile opened = file;
    if (opened != null) {
      opened.close();
    }
    file = null;
    health.forgetFailure();
  }

  /** Makes everything durable, unless the store has failed, and closes the file. */
  @Override
  public void close() {
    MvFile opened = file;
    if (closed || opened == null) {
      return;
    }
    try {
      if (health.works()) {
        checkpoint();
      }
    } finally {
      closed = true;
      health.close();
      opened.close();
    }
  }

  /** An entry as the last checkpoint, or the snapshot that was loaded, left it. */
  public Optional<ByteString> systemEntry(String name) {
    return file().system().find(name);
  }

  /** All entries of the replica, by name. */
  public SortedMap<String, ByteString> systemEntries() {
    return file().system().all();
  }

  /** As {@link #apply(long, ChangeSet)}. */
  public void apply(long revision, List<Change> changes) {
    apply(revision, target -> changes.forEach(change -> change.writeTo(target)));
  }

  /**
   * Applies one command. Called by the apply thread; waits for the disk only when far more is
   * unsaved than a checkpoint takes.
   *
   * @param revision above all earlier ones; the log's own entries leave gaps
   */
  public void apply(long revision, ChangeSet changes) {
    apply(revision, changes, false);
  }

  /**
   * As {@link #apply(long, ChangeSet)}.
   *
   * @param marked whether the state is to be marked behind it, see {@link #marks}
   */
  public void apply(long revision, ChangeSet changes, boolean marked) {
    relieve();
    applierLock.lock();
    try {
      health.requireWorking();
      if (loading || revision <= appliedRevision) {
        Invariant.check(false, "revision %s after %s", revision, appliedRevision);
      }
      markBefore(revision);
      changes.writeTo(file().tables());
      appliedRevision = revision;
      if (marked) {
        mark(revision);
      }
    } catch (RuntimeException | Error e) {
      throw stopped(e);
    } finally {
      applierLock.unlock();
    }
  }

  /** Marks the state at the last revision that has a mark, if nothing was applied since. */
  private void markBefore(long next) {
    long due = (next - 1) / StateMarks.EVERY * StateMarks.EVERY;
    if (due > 0 && due >= appliedRevision) {
      mark(due);
    }
  }

  private void mark(long revision) {
    if (revision > marks.newestRevision()) {
      marks = marks.with(revision, file().tables().hash());
    }
  }

  /** Wakes the checkpointer once a cycle; waits for it, or does its work, where it falls behind. */
  private void relieve() {
    int unsaved = file().unsavedBytes();
    if (unsaved >= config.checkpointBytes()) {
      bell.ask();
    }
    if (unsaved >= config.unsavedBytesMax()) {
      checkpointFrom(config.unsavedBytesMax());
    }
  }

  /** Shows readers everything that is applied; called at the end of a batch. */
  public void publish() {
    applierLock.lock();
    try {
      published = file().tables().roots(appliedRevision, marks);
    } finally {
      applierLock.unlock();
    }
  }

  /** The hashes that the state had lately. From any thread. */
  public StateMarks marks() {
    return marks;
  }

  public long appliedRevision() {
    return appliedRevision;
  }

  /** The revision that new views show. */
  public long publishedRevision() {
    Roots roots = published;
    return roots == null ? 0 : roots.revision();
  }

  /** The revision that a crash cannot take away. */
  public long durableRevision() {
    return durableRevision;
  }

  /**
   * Opens a view of the published revision. Cheap, and wait-free except beside a commit.
   *
   * @throws QuorateException when too many are open, or a snapshot is being loaded
   */
  public StoreView openView() {
    StoreView view = openViewNow();
    for (int attempt = 1; view == null && attempt < VIEW_ATTEMPTS; attempt++) {
      Thread.onSpinWait();
      view = openViewNow();
    }
    return view == null ? openViewAfterCommit() : view;
  }

  /** As {@link #openView}; null in the instant beside a commit in which that would have to wait. */
  public @Nullable StoreView openViewNow() {
    return views.openNow(this, file());
  }

  @Nullable Roots published() {
    return published;
  }

  private StoreView openViewAfterCommit() {
    applierLock.lock();
    try {
      StoreView view = openViewNow();
      if (view == null) {
        throw new StoreFailedException("no roots were published after a commit");
      }
      return view;
    } finally {
      applierLock.unlock();
    }
  }

  void closed(StoreView view) {
    file().unpin(view.pin());
    views.remove(view);
  }

  /** How it is doing. From any thread; walks over the open views. */
  public StoreFacts facts() {
    long applied = appliedRevision;
    return new StoreFacts(
        applied,
        durableRevision,
        views.count(),
        views.oldestRevision(applied),
        views.oldestAge(),
        file().unsavedBytes(),
        file().size(),
        file().livePercent());
  }

  RuntimeException readFailed(RuntimeException cause) {
    RuntimeException translated = MvFile.translate(cause);
    if (translated instanceof StoreDamagedException) {
      health.tell(translated);
    }
    return translated;
  }

  /** Some rows are known to be wrong: from now on none is shown. From any thread. */
  public void refuseViews(String why) {
    views.refuse(() -> new QuorateException(ErrorCode.REPLICA_DIVERGED, why));
  }

  /** As {@link #refuseViews}; the file is set aside, and the node told that it has no rows. */
  public void condemn(String why) {
    refuseViews(why);
    health.tell(new StoreDamagedException(why));
  }

  CheckpointBell bell() {
    return bell;
  }

  /**
   * Makes everything applied so far durable, then tidies the file a little. Called by the
   * checkpointer, or by the simulator; concurrent calls follow each other.
   */
  public void checkpoint() {
    checkpointFrom(0);
  }

  private void checkpointFrom(long unsavedBytes) {
    checkpointLock.lock();
    try {
      bell.checkpointBegins();
      views.expire();
      if (loading || appliedRevision == durableRevision || file().unsavedBytes() < unsavedBytes) {
        return;
      }
      health.requireWorking();
      save();
      if (file().compact()) {
        publish();
      }
      if (file().wantsShrinking()) {
        shrink();
      }
    } catch (RuntimeException | Error e) {
      throw stopped(e);
    } finally {
      checkpointLock.unlock();
    }
  }

  private void save() {
    long revision;
    long version;
    applierLock.lock();
    try {
      health.requireWorking();
      revision = appliedRevision;
      version = capture();
    } finally {
      applierLock.unlock();
    }
    file().makeDurable(version);
    durableRevision = revision;
  }

  /** Under both locks: the state beside the rows, all roots in one version, and new roots. */
  private long capture() {
    state.writeTo(file().system());
    new StoreHeader(file()).write(appliedRevision, marks);
    long version = file().commit();
    published = file().tables().roots(appliedRevision, marks);
    return version;
  }

  /** Shrinking commits by itself, so the state of this very revision is captured first. */
  private void shrink() {
    applierLock.lock();
    try {
      health.requireWorking();
      file().makeDurable(capture());
      durableRevision = appliedRevision;
      file().shrink();
      publish();
    } finally {
      applierLock.unlock();
    }
  }

  /**
   * Replaces everything by a snapshot. Called by the apply thread; until the load is finished there
   * are no new views, no checkpoints, and a crash leaves a store that opens as discarded.
   */
  public SnapshotLoader load(long revision) {
    Invariant.check(revision >= 0, "a snapshot at revision %s", revision);
    checkpointLock.lock();
    applierLock.lock();
    try {
      health.requireWorking();
      Invariant.check(!loading, "two snapshots are loaded at once");
      loading = true;
      published = null;
      new StoreHeader(file()).beginLoad(revision);
      file().makeDurable(file().commit());
    } catch (RuntimeException e) {
      throw stopped(e);
    } finally {
      applierLock.unlock();
      checkpointLock.unlock();
    }
    return new SnapshotLoader(this, revision);
  }

  /** One step of a load; saves from time to time, so that memory is bounded. */
  void loadStep(ChangeSet changes) {
    applierLock.lock();
    try {
      health.requireWorking();
      changes.writeTo(file().tables());
      if (file().unsavedBytes() >= config.checkpointBytes()) {
        file().makeDurable(file().commit());
      }
    } catch (RuntimeException e) {
      throw stopped(e);
    } finally {
      applierLock.unlock();
    }
  }

  void loadEntry(String name, ByteString value) {
    file().system().put(name, value);
  }

  void loadFinished(long revision, StateMarks known) {
    applierLock.lock();
    try {
      health.requireWorking();
      new StoreHeader(file()).endLoad(revision, known);
      file().makeDurable(file().commit());
      loading = false;
      marks = known;
      appliedRevision = revision;
      durableRevision = revision;
      publish();
    } catch (RuntimeException e) {
      throw stopped(e);
    } finally {
      applierLock.unlock();
    }
  }

  void loadAbandoned() {
    health.stop(new StoreFailedException("the load of a snapshot was given up"));
  }

  private MvFile file() {
    MvFile opened = file;
    if (opened == null) {
      throw new IllegalStateException("the store is not open");
    }
    return opened;
  }

  private RuntimeException stopped(Throwable cause) {
    health.stop(cause);
    if (cause instanceof Error error) {
      throw error;
    }
    return MvFile.translate((RuntimeException) cause);
  }
}

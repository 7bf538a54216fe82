package io.quorate.server.store;

import com.google.protobuf.ByteString;
import io.quorate.server.lang.Invariant;

/**
 * Fills an empty store from a snapshot. Confined to the thread that asked for it. Closed before it
 * is finished, it leaves a store that has stopped, and that opens as discarded.
 */
public final class SnapshotLoader implements AutoCloseable {
  private final MvEngine engine;
  private final long revision;
  private boolean ended;

  SnapshotLoader(MvEngine engine, long revision) {
    this.engine = engine;
    this.revision = revision;
  }

  /** Puts rows; fastest in the order of tables and keys. */
  public void put(ChangeSet rows) {
    Invariant.check(!ended, "the load has ended");
    engine.loadStep(rows);
  }

  public void putSystemEntry(String name, ByteString value) {
    Invariant.check(!ended, "the load has ended");
    engine.loadEntry(name, value);
  }

  /** As {@link #finish(StateMarks)}, of a snapshot that has no marks. */
  public void finish() {
    finish(StateMarks.NONE);
  }

  /** Makes the store stand, durably, at the snapshot's revision. */
  void finish(StateMarks marks) {
    Invariant.check(!ended, "the load has ended");
    engine.loadFinished(revision, marks);
    ended = true;
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      engine.loadAbandoned();
    }
  }
}

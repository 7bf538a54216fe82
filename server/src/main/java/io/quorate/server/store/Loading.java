package io.quorate.server.store;

import com.google.protobuf.ByteString;
import java.io.Closeable;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Leads a snapshot that is being read into an engine. Confined to one thread. */
final class Loading implements SnapshotSink, Closeable {
  private final MvEngine engine;
  private final IntPredicate tables;
  private @Nullable SnapshotLoader loader;
  private StateMarks marks = StateMarks.NONE;

  /** Whether rows were left out: then the marks are not of what is loaded. */
  private boolean partly;

  /**
   * @param tables whose rows are taken
   */
  Loading(MvEngine engine, IntPredicate tables) {
    this.engine = engine;
    this.tables = tables;
  }

  @Override
  public void begin(long revision) {
    loader = engine.load(revision);
  }

  @Override
  public void entry(String name, ByteString value) {
    if (name.equals(SnapshotProof.MARKS)) {
      marks = StateMarks.decode(value);
    } else if (!name.equals(SnapshotProof.HASH)) {
      loader().putSystemEntry(name, value);
    }
  }

  @Override
  public void row(int table, byte[] key, byte[] row) {
    if (tables.test(table)) {
      loader().put(writer -> writer.put(table, key, row));
    } else {
      partly = true;
    }
  }

  void finish() {
    loader().finish(partly ? StateMarks.NONE : marks);
  }

  /** Gives the load up, unless it is finished or never began. */
  @Override
  public void close() {
    SnapshotLoader open = loader;
    if (open != null) {
      open.close();
    }
  }

  private SnapshotLoader loader() {
    SnapshotLoader open = loader;
    if (open == null) {
      throw new IllegalStateException("the snapshot has not begun");
    }
    return open;
  }
}

package io.quorate.server.store;

import com.google.protobuf.ByteString;
import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/** Leads a snapshot that is being read into an engine. Confined to one thread. */
final class Loading implements SnapshotSink, Closeable {
  private final MvEngine engine;
  private @Nullable SnapshotLoader loader;

  Loading(MvEngine engine) {
    this.engine = engine;
  }

  @Override
  public void begin(long revision) {
    loader = engine.load(revision);
  }

  @Override
  public void entry(String name, ByteString value) {
    loader().putSystemEntry(name, value);
  }

  @Override
  public void row(int table, byte[] key, byte[] row) {
    loader().put(writer -> writer.put(table, key, row));
  }

  void finish() {
    loader().finish();
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

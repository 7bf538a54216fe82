package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.entity.LocalFileMetaOutter.LocalFileMeta;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotStorage;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotWriter;
import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JRaft's snapshots in directories, of which each file is read again, held against its checksum and
 * synced before it counts: whether this node wrote it, which cuts the log behind it, or copied it
 * from another. What was copied before a copy failed is kept, and left where it is by the next one
 * of the same snapshot.
 */
final class CheckedSnapshotStorage extends LocalSnapshotStorage {
  private static final Logger log = LoggerFactory.getLogger(CheckedSnapshotStorage.class);

  private final RaftOptions options;

  CheckedSnapshotStorage(String directory, RaftOptions options) {
    super(directory, null, options);
    this.options = options;
  }

  @Override
  public @Nullable SnapshotWriter create(boolean fromEmpty) {
    SnapshotWriter made = super.create(fromEmpty);
    if (made == null) {
      return null;
    }
    LocalSnapshotWriter checked = new Writer(made.getPath(), this, options, !fromEmpty);
    return checked.init(null) ? checked : null;
  }

  private static final class Writer extends LocalSnapshotWriter {
    private final boolean copied;

    Writer(String directory, LocalSnapshotStorage storage, RaftOptions options, boolean copied) {
      super(directory, storage, options);
      this.copied = copied;
    }

    @Override
    public boolean addFile(String name, @Nullable Message meta) {
      try {
        // A member of an earlier version tells none; whoever loads the snapshot verifies it as
        // well.
        String told = meta instanceof LocalFileMeta file ? file.getChecksum() : "";
        SnapshotChecksum.Found found =
            told.isEmpty()
                ? SnapshotChecksum.Found.SAME
                : SnapshotChecksum.compare(Path.of(getPath(), name), told);
        if (found == SnapshotChecksum.Found.SAME) {
          return super.addFile(name, meta);
        }
        if (copied && found == SnapshotChecksum.Found.SHORTER) {
          // JRaft adds the file at which a copy was given up as well; it is not among those kept.
          return true;
        }
        log.atError().addKeyValue("file", name).log("file of a snapshot is not what was written");
      } catch (IOException e) {
        log.atError().addKeyValue("file", name).setCause(e).log("file of a snapshot not read");
      }
      return false;
    }

    /**
     * {@inheritDoc} A copy of their names: JRaft's own is a view, out of which its next copy of
     * another snapshot removes files while it goes through it, and fails so each time.
     */
    @Override
    public Set<String> listFiles() {
      return Set.copyOf(super.listFiles());
    }

    /** {@inheritDoc} What was copied before it failed stays. */
    @Override
    public void close() throws IOException {
      close(copied);
    }
  }
}

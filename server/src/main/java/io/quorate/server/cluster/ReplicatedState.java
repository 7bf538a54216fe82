package io.quorate.server.cluster;

import io.quorate.server.lang.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * What the log replicates. Implemented by the replica; called by {@link Consensus} on one thread,
 * the apply thread, unless said otherwise. An exception out of any method stops the node: it never
 * skips an entry.
 */
public interface ReplicatedState {

  /**
   * Applies the command at {@code index} of the log. Indexes rise; gaps are the log's own entries
   * (membership). After a restart the log begins again before what the store has kept: an index
   * that is already applied is left alone.
   *
   * @param command valid only during the call
   */
  Applied apply(long index, long term, ByteBuffer command);

  /** The last entry of a batch has been applied: readers may see up to {@code index}. */
  void batchApplied(long index);

  /** This node leads {@code term} and all earlier entries are applied here. */
  void leadershipStarted(long term);

  /** This node no longer leads. */
  void leadershipStopped();

  /**
   * Begins writing the state as it is now into {@code directory}; returns quickly and tells {@code
   * listener} from another thread. Every file is synced before.
   */
  void saveSnapshot(Path directory, SnapshotListener listener);

  /** Replaces the state by the snapshot, unless the state is already at {@code index} or beyond. */
  void loadSnapshot(Path directory, long index) throws IOException;

  /** The log has failed and this node must stop; called once, from any thread. */
  void failed(Throwable cause);

  /**
   * A file of a snapshot.
   *
   * @param revision of the snapshot: files of the same name, revision, length and checksum are the
   *     same
   * @param length in bytes
   * @param crc32c of all its bytes
   */
  record SnapshotFile(String name, long revision, long length, int crc32c) {}

  /** Hears once how the writing of a snapshot has ended. */
  interface SnapshotListener {
    void written(List<SnapshotFile> files);

    void failed(Throwable cause);
  }

  /**
   * Where a request stands in the log and what came of it. For a repeated request both are those of
   * the first time.
   */
  record Applied(long index, Outcome outcome) {}
}

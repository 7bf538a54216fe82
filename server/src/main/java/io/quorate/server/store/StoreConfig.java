package io.quorate.server.store;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How the store of one node is kept.
 *
 * @param fileName with the scheme of its file system; {@link #of(Path)} names a real file
 * @param cacheMebibytes pages kept in memory
 * @param checkpointBytes unsaved bytes at which the checkpointer is woken: 64 MiB is one chunk,
 *     serialized in about half a second
 * @param unsavedBytesMax unsaved bytes at which the applier waits for a checkpoint; four times the
 *     former, so that it happens only when the disk does not keep up. As much again is being
 *     written then, from a buffer that was grown by copying: {@link #withinHeap} bounds both
 * @param shrinkFileBytesMin a file smaller than this is not shrunk, however empty it is
 * @param retention how long a dead chunk stays on disk, and a new one is not compacted; no crash
 *     safety hangs on it, and each second of it is a second's writes more in the file
 * @param viewsMax open read views beyond which something leaks: far more than a node runs at once
 * @param viewAgeMax how long a view can be read; an open one keeps what it shows in the file
 * @param pipelined whether MVStore serializes and writes on threads of its own; off, everything
 *     happens in the caller, as the simulator needs it
 * @param readOnly whether the file is only looked at: neither made, nor set aside when damaged
 */
public record StoreConfig(
    String fileName,
    int cacheMebibytes,
    long checkpointBytes,
    long unsavedBytesMax,
    long shrinkFileBytesMin,
    Duration retention,
    int viewsMax,
    Duration viewAgeMax,
    boolean pipelined,
    boolean readOnly) {

  private static final int MEBIBYTE = 1 << 20;
  private static final int CHECKPOINTS_IN_HEAP = 32;
  private static final int UNSAVED_IN_HEAP = 8;

  /** Nothing is written beside it that it could keep, and reading all of a file takes its time. */
  private static final Duration READ_ONLY_VIEW_AGE_MAX = Duration.ofDays(366);

  public StoreConfig {
    if (cacheMebibytes < 1 || viewsMax < 1) {
      throw new IllegalArgumentException("a store needs a cache and views");
    }
    if (checkpointBytes < 1 || unsavedBytesMax < checkpointBytes) {
      throw new IllegalArgumentException(
          "the applier would stop at " + unsavedBytesMax + " before " + checkpointBytes);
    }
    if (retention.isNegative() || viewAgeMax.isNegative()) {
      throw new IllegalArgumentException(
          "negative: retention " + retention + ", age of views " + viewAgeMax);
    }
  }

  /** The settings of a node, for the file at {@code path}. */
  public static StoreConfig of(Path path) {
    return ofFile(SteadyFilePath.SCHEME + ":" + path.toAbsolutePath());
  }

  /** The settings of a node, for a file of whatever file system its scheme names. */
  public static StoreConfig ofFile(String fileName) {
    return new StoreConfig(
        fileName,
        64,
        64L * MEBIBYTE,
        256L * MEBIBYTE,
        64L * MEBIBYTE,
        Duration.ofSeconds(2),
        10_000,
        Duration.ofHours(1),
        true,
        false);
  }

  public StoreConfig withCacheMebibytes(int mebibytes) {
    return new StoreConfig(
        fileName,
        mebibytes,
        checkpointBytes,
        unsavedBytesMax,
        shrinkFileBytesMin,
        retention,
        viewsMax,
        viewAgeMax,
        pipelined,
        readOnly);
  }

  public StoreConfig withUnsavedBytes(long checkpoint, long max) {
    return new StoreConfig(
        fileName,
        cacheMebibytes,
        checkpoint,
        max,
        shrinkFileBytesMin,
        retention,
        viewsMax,
        viewAgeMax,
        pipelined,
        readOnly);
  }

  /**
   * As much unsaved at most as a heap of so many bytes holds beside everything else, with the
   * growing buffer that takes it to the disk, twice as large: an eighth, since a quarter was seen
   * to run out. From 2 GiB on it is the settings that count.
   */
  public StoreConfig withinHeap(long bytes) {
    return withUnsavedBytes(
        Math.min(checkpointBytes, bytes / CHECKPOINTS_IN_HEAP),
        Math.min(unsavedBytesMax, bytes / UNSAVED_IN_HEAP));
  }

  public StoreConfig withReclaim(long shrinkFrom, Duration kept) {
    return new StoreConfig(
        fileName,
        cacheMebibytes,
        checkpointBytes,
        unsavedBytesMax,
        shrinkFrom,
        kept,
        viewsMax,
        viewAgeMax,
        pipelined,
        readOnly);
  }

  public StoreConfig withViewAgeMax(Duration age) {
    return new StoreConfig(
        fileName,
        cacheMebibytes,
        checkpointBytes,
        unsavedBytesMax,
        shrinkFileBytesMin,
        retention,
        viewsMax,
        age,
        pipelined,
        readOnly);
  }

  public StoreConfig withViewsMax(int views) {
    return new StoreConfig(
        fileName,
        cacheMebibytes,
        checkpointBytes,
        unsavedBytesMax,
        shrinkFileBytesMin,
        retention,
        views,
        viewAgeMax,
        pipelined,
        readOnly);
  }

  public StoreConfig withPipeline(boolean on) {
    return new StoreConfig(
        fileName,
        cacheMebibytes,
        checkpointBytes,
        unsavedBytesMax,
        shrinkFileBytesMin,
        retention,
        viewsMax,
        viewAgeMax,
        on,
        readOnly);
  }

  /** The same store, to be looked at only. */
  public StoreConfig toReadOnly() {
    return new StoreConfig(
        fileName,
        cacheMebibytes,
        checkpointBytes,
        unsavedBytesMax,
        shrinkFileBytesMin,
        retention,
        viewsMax,
        READ_ONLY_VIEW_AGE_MAX,
        pipelined,
        true);
  }
}

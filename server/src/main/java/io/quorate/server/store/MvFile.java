package io.quorate.server.store;

import io.quorate.server.lang.Invariant;
import java.io.EOFException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.store.fs.FilePath;

/**
 * An open MVStore whose every automatism is off: it commits, writes and compacts when told, and
 * nothing is left out that would lose or tear data.
 *
 * <p>{@link #commit} captures the roots of all maps one after another, so nobody may change a map
 * meanwhile; the caller excludes the applier. Everything else may run beside it. One thread at a
 * time commits, makes durable and compacts.
 */
final class MvFile {
  private static final String TABLE_PREFIX = "t.";
  private static final String SYSTEM_MAP = "system";
  private static final int SYSTEM_TABLE = -1;
  private static final int KEYS_PER_PAGE = 160;

  /**
   * A page is split beyond so much memory, and is written whole where one row of it changes: less
   * makes updates at random cheaper, and scans slower (docs/benchmarks/store.md).
   */
  private static final int PAGE_BYTES = 16 << 10;

  /**
   * Versions that are kept though nobody pins them: the last one on disk, on which the next is
   * written. What more of them hold, dead pages in memory and chunks in the file, nobody reads.
   */
  private static final int VERSIONS_KEPT = 1;

  /** Chunks are rewritten while less than this part of them is alive, in percent. */
  private static final int COMPACT_FILL = 60;

  /** The file is shrunk while less than this part of it is chunks, in percent. */
  private static final int SHRINK_FILL = 50;

  /** Bytes that one round of compaction copies: a quarter of a second of a slow disk. */
  private static final int COMPACT_BYTES = 16 << 20;

  /**
   * A round of compaction copies more where more was written since the last one: this part of it.
   * Where rows at random are updated, that is what keeps {@link #COMPACT_FILL} of the chunks alive:
   * of chunks that are a third alive, one byte is copied to make room for two new ones.
   */
  private static final int COMPACT_SHARE = 3;

  private final StoreConfig config;
  private final OrderedFileStore files;
  private final MVStore store;
  private final boolean empty;
  private final SystemMap system;
  private final TableWriter tables;
  private long writtenAtCompaction;

  private MvFile(StoreConfig config, OrderedFileStore files, MVStore store) {
    this.config = config;
    this.files = files;
    this.store = store;
    this.empty = !files.hasChunks();
    this.system = new SystemMap(openMap(SYSTEM_MAP, SYSTEM_TABLE));
    this.tables = new TableWriter(this);
  }

  /**
   * Opens the file, making it when it is not there.
   *
   * @param onFailure called when a thread of MVStore's own fails
   * @throws StoreDamagedException when the file is not what was written
   * @throws StoreFailedException when it cannot be opened for another reason
   */
  static MvFile open(StoreConfig config, Consumer<Throwable> onFailure) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("cacheSize", config.cacheMebibytes());
    settings.put("pageSplitSize", PAGE_BYTES);
    OrderedFileStore files = new OrderedFileStore(settings);
    try {
      files.open(BlockSumsPath.of(config.fileName()), config.readOnly(), (char[]) null);
    } catch (MVStoreException | IllegalArgumentException e) {
      throw new StoreFailedException("could not open " + config.fileName(), e);
    }
    MVStore store = null;
    try {
      store =
          new MVStore.Builder()
              .adoptFileStore(files)
              .autoCommitDisabled()
              .autoCommitBufferSize(0)
              .keysPerPage(KEYS_PER_PAGE)
              .backgroundExceptionHandler((thread, failure) -> onFailure.accept(failure))
              .open();
      store.setRetentionTime((int) config.retention().toMillis());
      store.setVersionsToKeep(VERSIONS_KEPT);
      if (config.pipelined() && !config.readOnly()) {
        // Any delay starts the threads of the pipeline, and one that would commit by itself.
        // OrderedFileStore keeps that one from doing so.
        store.setAutoCommitDelay(Integer.MAX_VALUE);
      }
      return new MvFile(config, files, store);
    } catch (RuntimeException e) {
      if (store == null) {
        closeQuietly(files);
      } else {
        store.closeImmediately();
      }
      throw translate(e);
    }
  }

  private static void closeQuietly(OrderedFileStore files) {
    try {
      files.close();
    } catch (RuntimeException e) {
      // It never came to be open; the failure that is being reported says why.
      files.setReuseSpace(false);
    }
  }

  /**
   * Moves a damaged file out of the way, where it replaces an earlier one.
   *
   * @throws StoreDamagedException the damage itself, when the file is only looked at
   */
  static void setAside(StoreConfig config, StoreDamagedException damage) {
    if (config.readOnly()) {
      throw damage;
    }
    FilePath file = FilePath.get(config.fileName());
    file.moveTo(FilePath.get(config.fileName() + ".damaged"), true);
  }

  /**
   * A listener of failures that sets a damaged file aside, so that the next one to open a store
   * here begins an empty one, and tells {@code listener} what the failure means.
   */
  static Consumer<Throwable> settingAside(StoreConfig config, Consumer<Throwable> listener) {
    return failure -> {
      Throwable told = failure instanceof RuntimeException e ? translate(e) : failure;
      if (told instanceof StoreDamagedException damage && !config.readOnly()) {
        setAside(config, damage);
      }
      listener.accept(told);
    };
  }

  /** Whether nothing was ever committed to it. */
  boolean isEmpty() {
    return empty;
  }

  SystemMap system() {
    return system;
  }

  TableWriter tables() {
    return tables;
  }

  /** All tables: compaction rewrites the pages of open maps only. */
  Tables openTables() {
    Tables tables = Tables.NONE;
    for (String name : new TreeSet<>(store.getMapNames())) {
      if (name.startsWith(TABLE_PREFIX)) {
        int id = Integer.parseInt(name.substring(TABLE_PREFIX.length()));
        tables = tables.with(id, openTable(id));
      }
    }
    return tables;
  }

  MVMap<byte[], byte[]> openTable(int id) {
    return openMap(TABLE_PREFIX + id, id);
  }

  private MVMap<byte[], byte[]> openMap(String name, int table) {
    return store.openMap(
        name,
        new MVMap.Builder<byte[], byte[]>()
            .keyType(CheckedBytes.keys(table))
            .valueType(CheckedBytes.rows(table)));
  }

  /** The version that the next commit closes. */
  long version() {
    return store.getCurrentVersion();
  }

  MVStore.TxCounter pin() {
    return store.registerVersionUsage();
  }

  /** Only counts down: MVStore's own list of versions is not safe to touch from a reader. */
  void unpin(MVStore.TxCounter pin) {
    store.decrementVersionUsageCounter(pin);
  }

  int unsavedBytes() {
    return store.getUnsavedMemory();
  }

  /** Captures all maps and begins to write them; the caller keeps the applier out. */
  long commit() {
    long version = store.tryCommit();
    Invariant.check(version > 0, "a commit was refused at version %s", store.getCurrentVersion());
    return version;
  }

  /** Waits until the commit of {@code version} is written, then syncs it. */
  void makeDurable(long version) {
    store.executeFilestoreOperation(() -> {});
    // An interrupt cuts the wait short without a word.
    if (files.writtenVersion() != version) {
      throw new StoreFailedException(
          "version " + version + " was not written, the last is " + files.writtenVersion());
    }
    store.sync();
  }

  /**
   * Copies what is alive in thinly filled chunks, so that they can be freed. With a commit in the
   * pipeline this would corrupt the counts of live pages: only after {@link #makeDurable}.
   */
  boolean compact() {
    long written = files.writtenBytes();
    long share = (written - writtenAtCompaction) / COMPACT_SHARE;
    writtenAtCompaction = written;
    long thin = files.thinChunkBytes(COMPACT_FILL);
    return store.compact(COMPACT_FILL, atLeast(Math.max(share, thin)));
  }

  /** MVStore takes whole chunks, so a bound below one leaves that chunk where it is for good. */
  private static int atLeast(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(COMPACT_BYTES, bytes));
  }

  /** What the file takes on disk, in bytes. */
  long size() {
    return files.size();
  }

  /** How much of the chunks is still referred to. */
  int livePercent() {
    return files.getChunksFillRate();
  }

  boolean wantsShrinking() {
    return files.size() >= config.shrinkFileBytesMin() && store.getFillRate() < SHRINK_FILL;
  }

  /**
   * Moves chunks towards the beginning of the file and cuts its end off. Commits by itself, up to
   * three times, so the applier is kept out throughout.
   */
  void shrink() {
    files.compactMoveChunks(SHRINK_FILL, atLeast(files.largestChunkBytes()), store);
    makeDurable(files.writtenVersion());
  }

  /** Closes the file and leaves it as the last {@link #makeDurable} made it, or newer. */
  void close() {
    store.closeImmediately();
  }

  /** What a failure of MVStore means: damage, or a store that could not go on. */
  static RuntimeException translate(RuntimeException failure) {
    if (!(failure instanceof MVStoreException e)) {
      return failure;
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreDamagedException damage) {
        return new StoreDamagedException(String.valueOf(damage.getMessage()), e);
      }
      if (cause instanceof EOFException) {
        return new StoreDamagedException("the store's file is cut short", e);
      }
    }
    String message = String.valueOf(e.getMessage());
    return switch (e.getErrorCode()) {
      case DataUtils.ERROR_FILE_CORRUPT,
          DataUtils.ERROR_UNSUPPORTED_FORMAT,
          DataUtils.ERROR_CHUNK_NOT_FOUND,
          DataUtils.ERROR_SERIALIZATION ->
          new StoreDamagedException(message, e);
      default -> new StoreFailedException(message, e);
    };
  }
}

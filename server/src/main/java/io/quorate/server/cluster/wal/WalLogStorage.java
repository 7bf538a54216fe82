package io.quorate.server.cluster.wal;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.entity.codec.LogEntryDecoder;
import com.alipay.sofa.jraft.entity.codec.LogEntryEncoder;
import com.alipay.sofa.jraft.error.LogEntryCorruptedException;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import io.quorate.server.lang.Invariant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link WriteAheadLog} as JRaft's log. Changed by JRaft's one log thread, read by any.
 *
 * <p>Where it differs from JRaft's own storage, on purpose:
 *
 * <ul>
 *   <li>An empty log that begins at n has the last index n - 1. JRaft's answers 0, and after a
 *       reset keeps an entry of term 0 at n, with which a restarted voter would stand for election.
 *       {@code LogManagerImpl} wants n - 1 in memory and accepts it here.
 *   <li>An entry that cannot be read is an exception. JRaft's answers null, which {@code
 *       LogManagerImpl} takes for term 0, that is, for a conflict to be resolved by cutting the
 *       log.
 *   <li>After a restart the first index may be lower than it was. JRaft drops it again when it
 *       loads its snapshot.
 *   <li>What is cut off in front can be read for {@link #READERS_NANOS} more. {@code
 *       LogManagerImpl.getEntry} looks for the first index and then, without a lock, for the entry;
 *       if that has gone in between, as a snapshot was taken while a member is sent old entries, it
 *       takes its log for corrupted and stops the node.
 * </ul>
 */
public final class WalLogStorage implements LogStorage {
  private static final Logger log = LoggerFactory.getLogger(WalLogStorage.class);

  /** Far longer than a reader is on its way from the one to the other. */
  private static final long READERS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final WriteAheadLog wal;
  private final LongSupplier nanoClock;

  /** JRaft has let go of what is below; written by the log thread. */
  private volatile long firstKept;

  /** When it did; confined to the log thread. */
  private long firstKeptNanos;

  private @Nullable LogEntryEncoder encoder;
  private @Nullable LogEntryDecoder decoder;
  private volatile @Nullable ConfigurationManager configurations;
  private volatile @Nullable Exception openFailure;

  /**
   * @param preallocation makes segments in advance, on a thread that may wait for the disk; open
   *     for longer than the storage
   * @param listener stops the node
   */
  public WalLogStorage(
      Disk disk, WalConfig config, Executor preallocation, FailureListener listener) {
    this(disk, config, preallocation, listener, System::nanoTime);
  }

  /**
   * @param nanoClock monotonic
   */
  WalLogStorage(
      Disk disk,
      WalConfig config,
      Executor preallocation,
      FailureListener listener,
      LongSupplier nanoClock) {
    this.wal = new WriteAheadLog(disk, config, preallocation, listener);
    this.nanoClock = nanoClock;
  }

  @Override
  public boolean init(LogStorageOptions options) {
    encoder = options.getLogEntryCodecFactory().encoder();
    decoder = options.getLogEntryCodecFactory().decoder();
    configurations = options.getConfigurationManager();
    try {
      wal.open();
      feed(options.getConfigurationManager());
      return true;
    } catch (IOException | LogEntryCorruptedException e) {
      openFailure = e;
      return false;
    }
  }

  /** Why {@link #init} has answered false, which JRaft does not hand on; null if it has not. */
  public @Nullable Exception openFailure() {
    return openFailure;
  }

  /** Tells JRaft of every membership in the log, as its own storage does when it loads. */
  private void feed(@Nullable ConfigurationManager configurations) {
    if (configurations == null) {
      return;
    }
    for (long index : wal.membershipIndexes()) {
      LogEntry entry = getEntry(index);
      Invariant.check(entry != null, "membership %s is not in the log", index);
      ConfigurationEntry membership = new ConfigurationEntry();
      membership.setId(new LogId(index, entry.getId().getTerm()));
      membership.setConf(new Configuration(entry.getPeers(), entry.getLearners()));
      if (entry.getOldPeers() != null) {
        membership.setOldConf(new Configuration(entry.getOldPeers(), entry.getOldLearners()));
      }
      configurations.add(membership);
    }
  }

  @Override
  public void shutdown() {
    try {
      wal.close();
    } catch (IOException e) {
      log.atError().setCause(e).log("log not closed in order");
    }
  }

  @Override
  public long getFirstLogIndex() {
    return Math.max(wal.firstIndex(), firstKept);
  }

  @Override
  public long getLastLogIndex() {
    return wal.lastIndex();
  }

  @Override
  @SuppressWarnings("NullAway") // JRaft is not annotated; outside of the log it expects null.
  public LogEntry getEntry(long index) {
    LogEntryDecoder open = decoder;
    if (open == null) {
      throw new IllegalStateException("the log storage is not initialised");
    }
    try {
      ByteBuffer payload = wal.read(index);
      return payload == null ? null : decode(open, index, payload);
    } catch (IOException e) {
      throw new LogEntryCorruptedException("entry " + index + " cannot be read", e);
    }
  }

  private static LogEntry decode(LogEntryDecoder decoder, long index, ByteBuffer payload) {
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    LogEntry entry = decoder.decode(bytes);
    if (entry == null || entry.getId().getIndex() != index) {
      throw new LogEntryCorruptedException("entry " + index + " cannot be decoded");
    }
    return entry;
  }

  /**
   * @deprecated by JRaft, which asks for the entry instead
   */
  @Override
  @Deprecated
  public long getTerm(long index) {
    return wal.termAt(index);
  }

  @Override
  public boolean appendEntry(LogEntry entry) {
    return appendEntries(List.of(entry)) == 1;
  }

  /** All entries, or none that JRaft may count on. */
  @Override
  public int appendEntries(List<LogEntry> entries) {
    LogEntryEncoder open = encoder;
    if (open == null) {
      throw new IllegalStateException("the log storage is not initialised");
    }
    if (nanoClock.getAsLong() - firstKeptNanos >= READERS_NANOS && !dropPrefix()) {
      return 0;
    }
    List<Entry> batch = new ArrayList<>(entries.size());
    for (LogEntry entry : entries) {
      boolean membership = entry.getType() == EntryType.ENTRY_TYPE_CONFIGURATION;
      ByteBuffer payload = ByteBuffer.wrap(open.encode(entry));
      batch.add(new Entry(entry.getId().getIndex(), entry.getId().getTerm(), membership, payload));
    }
    return succeeds(() -> wal.append(batch)) ? batch.size() : 0;
  }

  /** {@inheritDoc} Done by the first append a second later, or by the next call. */
  @Override
  public boolean truncatePrefix(long firstIndexKept) {
    if (firstIndexKept > wal.lastIndex() + 1) {
      return reset(firstIndexKept);
    }
    boolean dropped = dropPrefix();
    firstKept = firstIndexKept;
    firstKeptNanos = nanoClock.getAsLong();
    return dropped;
  }

  private boolean dropPrefix() {
    long kept = firstKept;
    return kept <= wal.firstIndex() || succeeds(() -> wal.truncatePrefix(kept));
  }

  @Override
  public boolean truncateSuffix(long lastIndexKept) {
    firstKept = Math.min(firstKept, lastIndexKept + 1);
    return succeeds(() -> wal.truncateSuffix(lastIndexKept));
  }

  @Override
  public boolean reset(long nextLogIndex) {
    firstKept = 0;
    return succeeds(() -> wal.reset(nextLogIndex));
  }

  /** JRaft goes into its error state on false; the failure listener has been told why. */
  private static boolean succeeds(FailStop.Action action) {
    try {
      action.run();
      return true;
    } catch (IOException e) {
      // The listener was told of it.
      log.atDebug().setCause(e).log("log not written");
      return false;
    } catch (IllegalArgumentException e) {
      log.atError().setCause(e).log("log not written");
      return false;
    }
  }

  /**
   * The last membership of the log, in force from its append on (Raft, section 6), which JRaft
   * tells nobody but its log; null before the first.
   */
  public @Nullable Configuration lastMembership() {
    ConfigurationManager known = configurations;
    ConfigurationEntry last = known == null ? null : known.getLastConfiguration();
    return last == null || last.isEmpty() ? null : last.getConf();
  }

  /** The term of the last entry, 0 without one. */
  public long lastTerm() {
    return wal.lastIndex() < wal.firstIndex() ? 0 : wal.termAt(wal.lastIndex());
  }

  /** Bytes of records written since the log was opened. */
  public long bytesAppended() {
    return wal.bytesAppended();
  }

  /**
   * Bytes of the records that the last snapshot does not cover. Once JRaft has loaded it, and not
   * while it takes the next; looks at every entry.
   */
  public long bytesSinceSnapshot() {
    ConfigurationManager known = configurations;
    return known == null ? 0 : wal.bytesAfter(known.getSnapshot().getId().getIndex());
  }

  /** Bytes of all log files. */
  public long bytesOnDisk() {
    return wal.bytesOnDisk();
  }

  /** How long the last sync took, 0 before the first. */
  public long lastSyncNanos() {
    return wal.lastSyncNanos();
  }
}

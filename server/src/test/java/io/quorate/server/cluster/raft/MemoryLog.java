package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A log that outlives its node, though not its JVM. Thread-safe for one writer. */
final class MemoryLog implements LogStorage {
  private final ConcurrentSkipListMap<Long, LogEntry> entries = new ConcurrentSkipListMap<>();
  private volatile long first = 1;
  private volatile Duration syncTime = Duration.ZERO;

  /** Lets each batch take as long as a disk's sync would. */
  void syncTime(Duration time) {
    syncTime = time;
  }

  @Override
  public boolean init(LogStorageOptions options) {
    for (LogEntry entry : entries.values()) {
      if (entry.getType() == EntryType.ENTRY_TYPE_CONFIGURATION) {
        Configuration old =
            entry.getOldPeers() == null
                ? new Configuration()
                : new Configuration(entry.getOldPeers(), entry.getOldLearners());
        options
            .getConfigurationManager()
            .add(
                new ConfigurationEntry(
                    entry.getId(), new Configuration(entry.getPeers(), entry.getLearners()), old));
      }
    }
    return true;
  }

  @Override
  public void shutdown() {}

  @Override
  public long getFirstLogIndex() {
    return first;
  }

  @Override
  public long getLastLogIndex() {
    return entries.isEmpty() ? first - 1 : entries.lastKey();
  }

  @Override
  @SuppressWarnings("NullAway") // JRaft's contract: null where there is none.
  public LogEntry getEntry(long index) {
    return entries.get(index);
  }

  @Override
  @Deprecated
  public long getTerm(long index) {
    @Nullable LogEntry entry = entries.get(index);
    return entry == null ? 0 : entry.getId().getTerm();
  }

  @Override
  public boolean appendEntry(LogEntry entry) {
    entries.put(entry.getId().getIndex(), entry);
    return true;
  }

  @Override
  public int appendEntries(List<LogEntry> batch) {
    LockSupport.parkNanos(syncTime.toNanos());
    batch.forEach(this::appendEntry);
    return batch.size();
  }

  @Override
  public boolean truncatePrefix(long firstIndexKept) {
    entries.headMap(firstIndexKept).clear();
    first = firstIndexKept;
    return true;
  }

  @Override
  public boolean truncateSuffix(long lastIndexKept) {
    entries.tailMap(lastIndexKept, false).clear();
    return true;
  }

  @Override
  public boolean reset(long nextLogIndex) {
    entries.clear();
    first = nextLogIndex;
    return true;
  }
}

package io.quorate.server.cluster.raft.fault;

import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import java.util.List;

/** A log that is another one, but for what its subclasses do. */
class ForwardingLog implements LogStorage {
  private final LogStorage log;

  ForwardingLog(LogStorage log) {
    this.log = log;
  }

  @Override
  public boolean init(LogStorageOptions options) {
    return log.init(options);
  }

  @Override
  public void shutdown() {
    log.shutdown();
  }

  @Override
  public long getFirstLogIndex() {
    return log.getFirstLogIndex();
  }

  @Override
  public long getLastLogIndex() {
    return log.getLastLogIndex();
  }

  @Override
  public LogEntry getEntry(long index) {
    return log.getEntry(index);
  }

  @Override
  @Deprecated
  public long getTerm(long index) {
    return log.getTerm(index);
  }

  @Override
  public final boolean appendEntry(LogEntry entry) {
    return appendEntries(List.of(entry)) == 1;
  }

  @Override
  public int appendEntries(List<LogEntry> entries) {
    return log.appendEntries(entries);
  }

  @Override
  public boolean truncatePrefix(long firstIndexKept) {
    return log.truncatePrefix(firstIndexKept);
  }

  @Override
  public boolean truncateSuffix(long lastIndexKept) {
    return log.truncateSuffix(lastIndexKept);
  }

  @Override
  public boolean reset(long nextLogIndex) {
    return log.reset(nextLogIndex);
  }
}

package io.quorate.server.cluster.raft.fault;

import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.MemberId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Tells the {@link MemberLogs} of each entry that is durable in the log of one member. */
final class LogWatch extends ForwardingLog {
  private final MemberId member;
  private final MemberLogs logs;
  private final BooleanSupplier killed;

  /**
   * @param killed whether what is stored now goes nowhere
   */
  LogWatch(LogStorage watched, MemberId member, MemberLogs logs, BooleanSupplier killed) {
    super(watched);
    this.member = member;
    this.logs = logs;
    this.killed = killed;
  }

  @Override
  public boolean init(LogStorageOptions options) {
    boolean opened = super.init(options);
    if (opened) {
      logs.opened(member, getFirstLogIndex(), getLastLogIndex());
      for (long index = logs.next(member); index <= getLastLogIndex(); index++) {
        tell(getEntry(index));
      }
    }
    return opened;
  }

  private void tell(LogEntry entry) {
    logs.stored(member, entry.getId().getIndex(), entry.getId().getTerm(), membershipIn(entry));
  }

  private static Optional<LoggedMembership> membershipIn(LogEntry entry) {
    if (entry.getType() != EntryType.ENTRY_TYPE_CONFIGURATION) {
      return Optional.empty();
    }
    Membership now = new Membership(of(entry.getPeers()), of(entry.getLearners()));
    return Optional.of(new LoggedMembership(now, of(entry.getOldPeers())));
  }

  private static List<MemberId> of(@Nullable Collection<PeerId> peers) {
    return peers == null ? List.of() : peers.stream().map(LogWatch::of).toList();
  }

  static MemberId of(PeerId peer) {
    return new MemberId(peer.getIp(), peer.getPort());
  }

  @Override
  public int appendEntries(List<LogEntry> entries) {
    int stored = super.appendEntries(entries);
    if (!killed.getAsBoolean()) {
      entries.subList(0, stored).forEach(this::tell);
    }
    return stored;
  }

  @Override
  public boolean truncatePrefix(long firstIndexKept) {
    boolean done = super.truncatePrefix(firstIndexKept);
    if (done && !killed.getAsBoolean()) {
      logs.keeps(member, firstIndexKept);
    }
    return done;
  }

  /** {@inheritDoc} Told before it is done: a cut of which nobody knew would count for too long. */
  @Override
  public boolean truncateSuffix(long lastIndexKept) {
    if (!killed.getAsBoolean()) {
      logs.cut(member, lastIndexKept);
    }
    return super.truncateSuffix(lastIndexKept);
  }

  @Override
  public boolean reset(long nextLogIndex) {
    boolean done = super.reset(nextLogIndex);
    if (done && !killed.getAsBoolean()) {
      logs.beginsAt(member, nextLogIndex);
    }
    return done;
  }
}

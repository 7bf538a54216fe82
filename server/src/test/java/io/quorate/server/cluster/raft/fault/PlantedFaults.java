package io.quorate.server.cluster.raft.fault;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.option.RaftMetaStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import io.quorate.server.cluster.wal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** Mistakes that we might have made, to see that the runs would have found them. */
final class PlantedFaults {
  /** The log answers before its entries are durable. */
  static final Seams ACKNOWLEDGED_BEFORE_SYNC =
      new Seams(UnsyncedLog::new, UnaryOperator.identity(), UnaryOperator.identity());

  /** A restarted member knows whom it voted for and not in which term. */
  static final Seams TERM_FORGOTTEN =
      new Seams(UnaryOperator.identity(), UnaryOperator.identity(), ForgottenTerm::new);

  /** Now and then two entries of a write change places. */
  static final Seams BATCHES_REORDERED =
      new Seams(UnaryOperator.identity(), ReorderedLog::new, UnaryOperator.identity());

  /** A restarted member goes on counting the voter that was removed last. */
  static final Seams REMOVED_STILL_COUNTED =
      new Seams(UnaryOperator.identity(), RemovalForgotten::new, UnaryOperator.identity());

  private PlantedFaults() {}

  private record UnsyncedLog(Disk disk) implements Disk {
    @Override
    public List<String> list() throws IOException {
      return disk.list();
    }

    @Override
    public DiskFile create(String name, long bytes) throws IOException {
      return new UnsyncedFile(disk.create(name, bytes));
    }

    @Override
    public DiskFile open(String name) throws IOException {
      DiskFile file = disk.open(name);
      return name.endsWith(".log") ? new UnsyncedFile(file) : file;
    }

    @Override
    public void delete(String name) throws IOException {
      disk.delete(name);
    }

    @Override
    public void syncDirectory() throws IOException {
      disk.syncDirectory();
    }
  }

  private static final class UnsyncedFile implements Disk.DiskFile {
    private static final int SYNCS_PER_REAL_ONE = 16;

    private final Disk.DiskFile file;
    private int syncs;

    UnsyncedFile(Disk.DiskFile file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      file.write(source, position);
    }

    /** The planted fault. The first is real, for that of the header would be missed at once. */
    @Override
    public void sync() throws IOException {
      if (syncs++ % SYNCS_PER_REAL_ONE == 0) {
        file.sync();
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** Below, the file goes on refusing what a correct one refuses, so it is told less. */
  private static final class ForgottenTerm implements RaftMetaStorage {
    private final RaftMetaStorage file;
    private long term;
    private PeerId vote = PeerId.emptyPeer();

    ForgottenTerm(RaftMetaStorage file) {
      this.file = file;
    }

    @Override
    public boolean init(RaftMetaStorageOptions options) {
      boolean opened = file.init(options);
      // The planted fault: the term is not taken over.
      vote = file.getVotedFor();
      return opened;
    }

    @Override
    public void shutdown() {
      file.shutdown();
    }

    private boolean store(long newTerm, PeerId newVote) {
      term = newTerm;
      vote = newVote.copy();
      PeerId known = file.getVotedFor();
      boolean accepted =
          term > file.getTerm()
              || (term == file.getTerm() && (known.isEmpty() || known.equals(vote)));
      return !accepted || file.setTermAndVotedFor(term, vote);
    }

    @Override
    public boolean setTerm(long newTerm) {
      return store(newTerm, PeerId.emptyPeer());
    }

    @Override
    public long getTerm() {
      return term;
    }

    @Override
    public boolean setVotedFor(PeerId peer) {
      return store(term, peer);
    }

    @Override
    public PeerId getVotedFor() {
      return vote.copy();
    }

    @Override
    public boolean setTermAndVotedFor(long newTerm, PeerId peer) {
      return store(newTerm, peer);
    }
  }

  private static final class ReorderedLog extends ForwardingLog {
    private final SplittableRandom random = new SplittableRandom(1);

    ReorderedLog(LogStorage log) {
      super(log);
    }

    /** JRaft joins what waits into one call, so neighbours in it are often of two batches. */
    @Override
    public int appendEntries(List<LogEntry> entries) {
      List<LogEntry> written = new ArrayList<>(entries);
      int last = written.size() - 1;
      if (last > 0 && isData(written.get(last - 1)) && isData(written.get(last))) {
        boolean swapped = random.nextInt(4) == 0;
        if (swapped) {
          LogEntry first = written.get(last - 1);
          written.set(last - 1, withDataOf(first, written.get(last)));
          written.set(last, withDataOf(written.get(last), first));
        }
      }
      return super.appendEntries(written);
    }

    private static boolean isData(LogEntry entry) {
      return entry.getType() == EntryType.ENTRY_TYPE_DATA;
    }

    /** A new one: the entry itself is in JRaft's memory as well. */
    private static LogEntry withDataOf(LogEntry place, LogEntry content) {
      LogEntry entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
      entry.setId(place.getId().copy());
      entry.setData(content.getData());
      return entry;
    }
  }

  private static final class RemovalForgotten extends ForwardingLog {
    RemovalForgotten(LogStorage log) {
      super(log);
    }

    /** The planted fault: JRaft takes the membership that it is told here for the one in force. */
    @Override
    public boolean init(LogStorageOptions options) {
      boolean opened = super.init(options);
      ConfigurationEntry last = options.getConfigurationManager().getLastConfiguration();
      if (opened && !last.isEmpty()) {
        lastRemoved(last.getConf()).ifPresent(removed -> last.getConf().addPeer(removed));
      }
      return opened;
    }

    private Optional<PeerId> lastRemoved(Configuration now) {
      for (long index = getLastLogIndex(); index >= getFirstLogIndex(); index--) {
        LogEntry entry = getEntry(index);
        if (entry.getType() == EntryType.ENTRY_TYPE_CONFIGURATION) {
          Optional<PeerId> gone =
              entry.getPeers().stream()
                  .filter(peer -> !now.contains(peer) && !now.getLearners().contains(peer))
                  .findFirst();
          if (gone.isPresent()) {
            return gone;
          }
        }
      }
      return Optional.empty();
    }
  }
}

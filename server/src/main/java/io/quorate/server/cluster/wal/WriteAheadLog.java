package io.quorate.server.cluster.wal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.server.cluster.wal.LogRecovery.Recovered;
import io.quorate.server.lang.Invariant;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The log of one member: entries by index, kept in segment files that are only ever appended to.
 *
 * <pre>
 *   00000000000000000007.log      ...8.log                 ...9.log
 *   [header|1|2|3|4|5|END    ]    [header|6|CUT 4|5|6|...] [zeros: the spare]
 *                                                       ^ position: behind it zeros only
 * </pre>
 *
 * <p><b>Cost.</b> A batch is one write and one fdatasync, through one reused direct buffer, and
 * allocates nothing an entry but 20 bytes of index arrays (amortised). Beginning another segment,
 * which is made in advance, adds a write and a sync of the old one.
 *
 * <p><b>What a crash leaves.</b> Nothing is overwritten: dropping the end of the log appends a CUT.
 * So what is found after a crash is always the effect of a prefix of what was put, and that prefix
 * contains every call that returned. {@link LogRecovery} tells the torn end of a log from damage.
 * One thing no log can tell: damage to the very last batch, when the node was not shut down in
 * order, looks like a batch that was never acknowledged.
 *
 * <p><b>Stale bytes.</b> Records carry no generation. A record is valid only at its own offset of
 * its own segment, segments are never reused, and recovery zeroes whatever is behind the end before
 * anything is appended, so a byte that is not zero behind the end was written by this run.
 *
 * <p><b>Threads.</b> The changing methods, {@code open} and {@code close} are confined to one
 * thread at a time. The others may be called by any, meanwhile: they look up the index under a lock
 * that the writer takes once a batch, after its sync, and read the file outside of it; what they
 * found there stays as it is until the segment is removed, which they notice. {@link SpareSegment}
 * has a lock of its own.
 *
 * <p><b>Failures.</b> The first failure of any file operation is final, see {@link FailStop}.
 */
final class WriteAheadLog implements Closeable {
  private final Disk disk;
  private final WalConfig config;
  private final FailStop failStop;
  private final SpareSegment spare;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  @GuardedBy("lock")
  private final EntryIndex index = new EntryIndex();

  @GuardedBy("lock")
  private final List<Segment> segments = new ArrayList<>();

  private @Nullable SegmentWriter writer;

  /** Where the entries of the current batch went: segment, offset, pairwise. Writer's own. */
  private long[] places = new long[512];

  /** The index that follows all that was put, synced or not. Writer's own. */
  private long next = 1;

  private volatile boolean closed;

  /** Written by the writer alone. */
  private volatile long bytesAppended;

  /**
   * @param preallocation makes the next segment; a thread of its own, not the writer's
   * @param listener told of the first failure
   */
  WriteAheadLog(Disk disk, WalConfig config, Executor preallocation, FailureListener listener) {
    this.disk = disk;
    this.config = config;
    this.failStop = new FailStop("the write-ahead log", listener);
    this.spare = new SpareSegment(disk, config.segmentBytes(), preallocation);
  }

  /**
   * Reads every segment and makes durable what it found.
   *
   * @throws LogDamagedException if something durable cannot be read; nothing was changed then
   */
  void open() throws IOException {
    Invariant.check(writer == null, "the log is open already");
    failStop.run(this::recover);
  }

  private void recover() throws IOException {
    lock.writeLock().lock();
    try {
      Recovered recovered = new LogRecovery(disk, config.segmentBytes(), index).run();
      segments.addAll(recovered.segments());
      next = index.last() + 1;
      Segment active = recovered.active();
      SegmentWriter opened = new SegmentWriter(active, recovered.position());
      writer = opened;
      if (recovered.position() == 0) {
        opened.begin(active, next);
        opened.sync();
      }
      spare.adopt(recovered.spare());
      spare.onTaken(active.sequence());
      spare.request(active.sequence() + 1);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Marks the end as clean, if the log has not failed and there is room, and closes the files. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    try {
      if (writer != null && !failStop.failed()) {
        failStop.run(this::markClean);
      }
    } finally {
      closed = true;
      closeFiles();
    }
  }

  private void markClean() throws IOException {
    SegmentWriter open = openWriter();
    if (open.fits(0)) {
      open.put(SegmentFormat.CLEAN, next);
      open.sync();
    }
  }

  private void closeFiles() throws IOException {
    spare.close();
    lock.writeLock().lock();
    try {
      for (Segment segment : segments) {
        segment.file().close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Appends consecutive entries as one batch; they are durable when this returns, and readable. The
   * first may be at or below the last index: the log is cut there then.
   *
   * @throws IllegalArgumentException if an entry is too large; nothing was written then
   */
  void append(List<Entry> entries) throws IOException {
    if (entries.isEmpty()) {
      failStop.check();
      return;
    }
    check(entries);
    failStop.run(() -> write(entries));
  }

  private void check(List<Entry> entries) {
    long expected = entries.get(0).index();
    Invariant.check(
        expected <= next && expected >= firstIndex(),
        "entry %s does not fit to a log of [%s, %s]",
        expected,
        firstIndex(),
        next - 1);
    for (Entry entry : entries) {
      Invariant.check(entry.index() == expected, "entry %s is not %s", entry.index(), expected);
      int bytes = entry.payload().remaining();
      if (bytes > config.entryBytesMax()) {
        throw new IllegalArgumentException(
            "entry " + expected + " has " + bytes + " bytes, at most " + config.entryBytesMax());
      }
      expected++;
    }
  }

  private void write(List<Entry> entries) throws IOException {
    if (places.length < 2 * entries.size()) {
      places = new long[4 * entries.size()];
    }
    int count = 0;
    SegmentWriter open = openWriter();
    for (Entry entry : entries) {
      makeRoom(entry.payload().remaining());
      places[count++] = open.segment().sequence();
      places[count++] = open.position();
      byte kind = entry.membership() ? SegmentFormat.MEMBERSHIP : SegmentFormat.ENTRY;
      open.put(kind, entry.index(), entry.term(), entry.payload().duplicate());
      next = entry.index() + 1;
    }
    commit(() -> publish(entries));
    long appended = bytesAppended;
    for (Entry entry : entries) {
      appended += entry.payload().remaining();
    }
    bytesAppended = appended;
  }

  @GuardedBy("lock")
  private void publish(List<Entry> entries) {
    index.cut(entries.get(0).index() - 1);
    int place = 0;
    for (Entry entry : entries) {
      long segment = places[place++];
      int offset = (int) places[place++];
      index.add(segment, offset, entry.payload().remaining(), entry.term());
      if (entry.membership()) {
        index.markMembership();
      }
    }
  }

  /** Makes the batch durable, then visible. */
  private void commit(Runnable publish) throws IOException {
    SegmentWriter open = openWriter();
    boolean begun = open.isUnsynced();
    open.sync();
    lock.writeLock().lock();
    try {
      publish.run();
    } finally {
      lock.writeLock().unlock();
    }
    if (begun) {
      spare.request(open.segment().sequence() + 1);
    }
  }

  /**
   * Goes on in the next segment if the payload does not fit. The order is what recovery builds on:
   * the next file exists before this one is ended, and this one is synced, with its END, before
   * anything is written to the next. Since at most one file may lack a header, one that was just
   * begun by the same batch is synced first.
   */
  private void makeRoom(int payloadBytes) throws IOException {
    SegmentWriter open = openWriter();
    if (open.fits(payloadBytes)) {
      return;
    }
    if (open.isUnsynced()) {
      open.sync();
    }
    Segment following = spare.take(open.segment().sequence() + 1, bytesFor(payloadBytes));
    lock.writeLock().lock();
    try {
      segments.add(following);
    } finally {
      lock.writeLock().unlock();
    }
    open.put(SegmentFormat.END, next);
    open.sync();
    open.begin(following, next);
  }

  private int bytesFor(int payloadBytes) {
    long needed =
        SegmentFormat.HEADER_BYTES
            + (long) SegmentFormat.recordBytes(payloadBytes)
            + SegmentFormat.recordBytes(0);
    long pages = (needed + 4095) / 4096;
    return (int) Math.max(pages * 4096, config.segmentBytes());
  }

  /** Drops the entries above {@code kept}, durably. */
  void truncateSuffix(long kept) throws IOException {
    Invariant.check(
        kept >= firstIndex() - 1, "cannot cut to %s, the first index is %s", kept, firstIndex());
    if (kept >= next - 1) {
      failStop.check();
      return;
    }
    failStop.run(
        () -> {
          makeRoom(0);
          openWriter().put(SegmentFormat.CUT, kept);
          next = kept + 1;
          commit(() -> index.cut(kept));
        });
  }

  /**
   * Gives up the entries below {@code kept}. Whole segments are removed; the entries that share one
   * with a kept entry come back when the log is opened again. Beyond the last index plus one, this
   * is a {@link #reset}.
   */
  void truncatePrefix(long kept) throws IOException {
    if (kept > next) {
      reset(kept);
      return;
    }
    failStop.run(
        () -> {
          lock.writeLock().lock();
          try {
            index.dropBelow(kept);
          } finally {
            lock.writeLock().unlock();
          }
          removeSegments();
        });
  }

  /** Empties the log; the next entry is {@code nextIndex}. Durable when this returns. */
  void reset(long nextIndex) throws IOException {
    Invariant.check(nextIndex > 0, "a log index begins at 1, this is %s", nextIndex);
    failStop.run(
        () -> {
          makeRoom(0);
          openWriter().put(SegmentFormat.RESET, nextIndex);
          next = nextIndex;
          commit(() -> index.clear(nextIndex));
          removeSegments();
        });
  }

  /**
   * Removes the segments before the one with the first entry. Oldest first, each durably, so that a
   * crash never leaves a gap.
   */
  private void removeSegments() throws IOException {
    Segment oldest = findUnneeded();
    while (oldest != null) {
      oldest.remove(disk);
      oldest = findUnneeded();
    }
  }

  private @Nullable Segment findUnneeded() {
    lock.writeLock().lock();
    try {
      Segment oldest = segments.get(0);
      boolean empty = index.last() < index.first();
      long needed = empty ? openWriter().segment().sequence() : index.segment(index.first());
      if (oldest.sequence() >= needed) {
        return null;
      }
      segments.remove(0);
      return oldest;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** The lowest index that can be read; the next one if the log is empty. */
  long firstIndex() {
    lock.readLock().lock();
    try {
      return index.first();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The highest index that can be read; {@code firstIndex() - 1} if the log is empty. */
  long lastIndex() {
    lock.readLock().lock();
    try {
      return index.last();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The term of an entry, without reading the disk; 0 outside of the log. */
  long termAt(long at) {
    lock.readLock().lock();
    try {
      return index.contains(at) ? index.term(at) : 0;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Indexes of the entries that say who votes, ascending. */
  long[] membershipIndexes() {
    lock.readLock().lock();
    try {
      return index.memberships();
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * The payload of an entry in a buffer of its own, or null outside of the log. After a failed
   * write as before it: what can be found is on disk, and JRaft, which reads while it holds the
   * locks that it needs to step down, must not be thrown out of there.
   *
   * @throws LogDamagedException if it is not as it was written, which ends the log
   */
  @Nullable ByteBuffer read(long at) throws IOException {
    while (true) {
      failStop.checkUndamaged();
      if (closed) {
        throw new IOException("the log is closed");
      }
      RecordReader reader = find(at);
      if (reader == null) {
        return null;
      }
      try {
        return reader.read();
      } catch (IOException e) {
        if (!reader.segment().removed() && !closed) {
          throw failStop.fail(e);
        }
      }
    }
  }

  private @Nullable RecordReader find(long at) {
    lock.readLock().lock();
    try {
      if (!index.contains(at)) {
        return null;
      }
      int ordinal = (int) (index.segment(at) - segments.get(0).sequence());
      return new RecordReader(
          segments.get(ordinal), index.offset(at), index.length(at), at, index.term(at));
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Bytes of all files, used or not. */
  long bytesOnDisk() {
    lock.readLock().lock();
    try {
      return segments.stream().mapToLong(Segment::bytes).sum() + spare.bytesOnDisk();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Bytes of payload appended since the log was opened. */
  long bytesAppended() {
    return bytesAppended;
  }

  /** Bytes of payload of the entries above {@code at}; looks at each of them. */
  long bytesAfter(long at) {
    lock.readLock().lock();
    try {
      return index.bytesAfter(at);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** How long the last sync took, 0 before the first. */
  long lastSyncNanos() {
    SegmentWriter open = writer;
    return open == null ? 0 : open.lastSyncNanos();
  }

  private SegmentWriter openWriter() {
    SegmentWriter open = writer;
    if (open == null || closed) {
      throw new IllegalStateException("the log is not open");
    }
    return open;
  }
}

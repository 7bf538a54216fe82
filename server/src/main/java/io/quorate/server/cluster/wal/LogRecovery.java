package io.quorate.server.cluster.wal;

import io.quorate.server.cluster.wal.SegmentFormat.Header;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the segments that an earlier run left and decides where the log ends. Confined; used once.
 *
 * <pre>
 *   segment          contents                              verdict
 *   all but newest   records up to END                     anything else is damage
 *   newest           records up to END, next file exists   go on in the next file
 *   newest           records up to END, no next file       damage: the next file is made before END
 *   newest           records up to P, then none that is    torn tail: zeros from P, go on at P
 *                    provably later than a sync of P
 *   newest           a whole record behind P whose batch   damage: P was synced before it was
 *                    began behind P                        written
 *   behind newest    one file of zeros                     the spare
 * </pre>
 *
 * <p>"Newest" is the last segment with a whole header. Everything accepted is synced before it is
 * reported, since what a killed process wrote may still be in the page cache only; so is the
 * directory. The torn tail is overwritten with zeros before the first new record, so behind the end
 * of an open log there are only zeros. A crash in the middle of that leaves the record at P invalid
 * (it was, and zeros do not mend it) and behind it only records of the same torn batch, which began
 * at or before P: the next recovery comes to the same verdict.
 */
final class LogRecovery {
  private static final int ZEROS_BYTES = 1 << 16;

  private final Disk disk;
  private final int segmentBytes;
  private final EntryIndex index;
  private final List<Segment> segments = new ArrayList<>();

  LogRecovery(Disk disk, int segmentBytes, EntryIndex index) {
    this.disk = disk;
    this.segmentBytes = segmentBytes;
    this.index = index;
  }

  /**
   * What was found.
   *
   * @param segments in order; the last is the active one
   * @param position where the next record goes; 0 if the active segment has yet to be begun
   * @param spare the segment made in advance
   */
  record Recovered(List<Segment> segments, int position, @Nullable Segment spare) {
    Segment active() {
      return segments.get(segments.size() - 1);
    }
  }

  /** Fills the index. Closes what it opened if it fails. */
  Recovered run() throws IOException {
    try {
      disk.syncDirectory();
      openSegments();
      int newest = newestWithHeader();
      return newest < 0 ? beginFresh() : recover(newest);
    } catch (IOException | RuntimeException e) {
      for (Segment segment : segments) {
        segment.file().close();
      }
      throw e;
    }
  }

  private void openSegments() throws IOException {
    long[] sequences =
        disk.list().stream()
            .map(Segment::sequenceOf)
            .filter(OptionalLong::isPresent)
            .mapToLong(OptionalLong::getAsLong)
            .sorted()
            .toArray();
    for (long sequence : sequences) {
      int count = segments.size();
      if (count > 0 && segments.get(count - 1).sequence() != sequence - 1) {
        throw damaged(Segment.nameOf(sequence - 1), 0, "the file is missing");
      }
      segments.add(new Segment(sequence, disk.open(Segment.nameOf(sequence))));
    }
  }

  private int newestWithHeader() throws IOException {
    for (int i = segments.size() - 1; i >= 0; i--) {
      if (new SegmentScanner(segments.get(i)).header() != null) {
        return i;
      }
    }
    return -1;
  }

  /** No header was ever synced, so there may be the first file, of zeros, and nothing else. */
  private Recovered beginFresh() throws IOException {
    if (!segments.isEmpty()) {
      Segment only = segments.get(0);
      boolean first = segments.size() == 1 && only.sequence() == 1;
      int headerEnd = Math.min(SegmentFormat.HEADER_BYTES, only.bytes());
      if (!first || new SegmentScanner(only).nonZeroEnd(headerEnd) > headerEnd) {
        throw damaged(only.name(), 0, "no segment has a whole header");
      }
      only.remove(disk);
      segments.clear();
    }
    segments.add(Segment.create(disk, 1, segmentBytes));
    index.clear(1);
    return new Recovered(segments, 0, null);
  }

  private Recovered recover(int newest) throws IOException {
    if (segments.size() > newest + 2) {
      throw damaged(segments.get(newest + 1).name(), 0, "no whole header");
    }
    for (int i = 0; i < newest; i++) {
      int end = scan(i);
      if (end > 0) {
        throw damaged(segments.get(i).name(), end, "no whole record, in a segment that was ended");
      }
    }
    int position = scan(newest);
    Segment active = segments.get(newest);
    Segment next = segments.size() > newest + 1 ? segments.get(newest + 1) : null;
    if (position < 0) {
      active.file().sync();
      return goOnInNext(active, -position, next);
    }
    checkUntouched(active, position, next);
    cutTornTail(active, position);
    return new Recovered(segments.subList(0, newest + 1), position, keepAsSpare(next));
  }

  /** Where the records stop; negative if they stop with an END, as they should, at that offset. */
  private int scan(int i) throws IOException {
    SegmentScanner scanner = new SegmentScanner(segments.get(i));
    checkHeader(i, scanner.header());
    int offset = SegmentFormat.HEADER_BYTES;
    while (scanner.record(offset)) {
      if (scanner.kind() == SegmentFormat.END) {
        return -offset;
      }
      replay(scanner, offset, segments.get(i));
      offset += scanner.recordBytes();
    }
    return offset;
  }

  private void checkHeader(int i, @Nullable Header header) throws IOException {
    Segment segment = segments.get(i);
    if (header == null || header.sequence() != segment.sequence()) {
      throw damaged(segment.name(), 0, "no header of this segment");
    }
    if (header.version() != SegmentFormat.VERSION) {
      throw new IOException(
          segment.name() + " has format " + header.version() + ", known is up to 1");
    }
    if (i == 0) {
      index.clear(header.nextIndex());
    } else if (header.nextIndex() != index.last() + 1) {
      throw damaged(segment.name(), 0, "the segment goes on at " + header.nextIndex());
    }
  }

  /** A cut may reach below the first index here: what it kept was in segments removed since. */
  private void replay(SegmentScanner record, int offset, Segment segment) throws IOException {
    switch (record.kind()) {
      case SegmentFormat.ENTRY, SegmentFormat.MEMBERSHIP -> {
        if (record.index() > index.last() + 1) {
          throw damaged(segment.name(), offset, "index " + record.index() + " out of order");
        }
        index.cut(record.index() - 1);
        index.add(segment.sequence(), offset, record.payloadBytes(), record.term());
        if (record.kind() == SegmentFormat.MEMBERSHIP) {
          index.markMembership();
        }
      }
      case SegmentFormat.CUT -> index.cut(record.index());
      case SegmentFormat.RESET -> index.clear(record.index());
      default -> {
        // CLEAN: what matters is that it is whole, which proves all before it to have been synced.
      }
    }
  }

  /** The next file was made before the END of the newest segment was written, so it must be. */
  private Recovered goOnInNext(Segment ended, int offset, @Nullable Segment next)
      throws IOException {
    if (next == null) {
      throw damaged(ended.name(), offset, "the segment behind its end is missing");
    }
    SegmentScanner scanner = new SegmentScanner(next);
    int used = scanner.nonZeroEnd(0);
    if (scanner.findSyncedBehind(0, SegmentFormat.HEADER_BYTES, used) >= 0) {
      throw damaged(next.name(), 0, "no whole header, but records synced after it");
    }
    zero(next, 0, used);
    return new Recovered(segments, 0, null);
  }

  /** Throws if anything was written that presupposes a sync of what is not whole now. */
  private void checkUntouched(Segment active, int position, @Nullable Segment next)
      throws IOException {
    if (next != null && new SegmentScanner(next).nonZeroEnd(0) > 0) {
      throw damaged(active.name(), position, "no whole record, but the next segment was begun");
    }
    SegmentScanner scanner = new SegmentScanner(active);
    int later = scanner.findSyncedBehind(position, position, scanner.nonZeroEnd(position));
    if (later >= 0) {
      throw damaged(active.name(), position, "no whole record, but one synced later at " + later);
    }
  }

  private void cutTornTail(Segment active, int position) throws IOException {
    zero(active, position, new SegmentScanner(active).nonZeroEnd(position));
  }

  /** Overwrites the range and syncs the file, with all that was found in it. */
  private static void zero(Segment segment, int from, int to) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(ZEROS_BYTES);
    for (int offset = from; offset < to; offset += ZEROS_BYTES) {
      segment.file().write(zeros.clear().limit(Math.min(ZEROS_BYTES, to - offset)), offset);
    }
    segment.file().sync();
  }

  /** A file of another size was half made, or made for one large entry, or for another setting. */
  private @Nullable Segment keepAsSpare(@Nullable Segment leftover) throws IOException {
    if (leftover == null) {
      return null;
    }
    if (leftover.bytes() == segmentBytes) {
      leftover.file().sync();
      return leftover;
    }
    leftover.remove(disk);
    return null;
  }

  private LogDamagedException damaged(String name, long offset, String detail) {
    return new LogDamagedException(name, offset, index.last(), detail);
  }
}

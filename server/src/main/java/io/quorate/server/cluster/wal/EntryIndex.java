package io.quorate.server.cluster.wal;

import io.quorate.server.lang.Invariant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Where each entry is: segment, offset, length and term, in chunks of primitive arrays. 20 bytes an
 * entry, so ten million entries take 200 MB; chunks are dropped at both ends as the log is cut.
 *
 * <p>Confined, or guarded by its owner's lock.
 */
final class EntryIndex {
  private static final int CHUNK_ENTRIES = 4096;

  private final List<Chunk> chunks = new ArrayList<>();
  private final ArrayDeque<Long> memberships = new ArrayDeque<>();

  /** The index in slot 0 of chunk 0. */
  private long base = 1;

  private long first = 1;
  private long last;

  private static final class Chunk {
    final int[] segments = new int[CHUNK_ENTRIES];
    final int[] offsets = new int[CHUNK_ENTRIES];
    final int[] lengths = new int[CHUNK_ENTRIES];
    final long[] terms = new long[CHUNK_ENTRIES];
  }

  /** The lowest index, or the next one if there is none. */
  long first() {
    return first;
  }

  /** The highest index; {@code first - 1} if there is none. */
  long last() {
    return last;
  }

  boolean contains(long index) {
    return index >= first && index <= last;
  }

  long segment(long index) {
    return chunk(index).segments[slot(index)];
  }

  int offset(long index) {
    return chunk(index).offsets[slot(index)];
  }

  int length(long index) {
    return chunk(index).lengths[slot(index)];
  }

  long term(long index) {
    return chunk(index).terms[slot(index)];
  }

  /** The lengths of all entries above {@code index}. */
  long bytesAfter(long index) {
    return LongStream.rangeClosed(Math.max(first, index + 1), last).map(this::length).sum();
  }

  /** Indexes of the entries that say who votes, ascending. */
  long[] memberships() {
    return memberships.stream().mapToLong(Long::longValue).toArray();
  }

  /** Adds the entry that follows the last. */
  void add(long segment, int offset, int length, long term) {
    last++;
    int chunk = (int) ((last - base) / CHUNK_ENTRIES);
    if (chunk == chunks.size()) {
      chunks.add(new Chunk());
    }
    Chunk target = chunks.get(chunk);
    int slot = slot(last);
    target.segments[slot] = Math.toIntExact(segment);
    target.offsets[slot] = offset;
    target.lengths[slot] = length;
    target.terms[slot] = term;
  }

  /** Marks the last entry as one that says who votes. */
  void markMembership() {
    memberships.addLast(last);
  }

  /** Drops the entries above {@code kept}; below the first, the log goes on there, empty. */
  void cut(long kept) {
    if (kept >= last) {
      return;
    }
    if (kept < first) {
      clear(Math.min(first, kept + 1));
      return;
    }
    last = kept;
    int used = (int) ((last - base) / CHUNK_ENTRIES) + 1;
    chunks.subList(used, chunks.size()).clear();
    while (!memberships.isEmpty() && memberships.getLast() > kept) {
      memberships.removeLast();
    }
  }

  /** Drops the entries below {@code kept}, which is at most one behind the last. */
  void dropBelow(long kept) {
    Invariant.check(kept <= last + 1, "cannot drop below %s, the last index is %s", kept, last);
    if (kept <= first) {
      return;
    }
    first = kept;
    int unused = (int) Math.min((first - base) / CHUNK_ENTRIES, chunks.size());
    chunks.subList(0, unused).clear();
    base += (long) unused * CHUNK_ENTRIES;
    while (!memberships.isEmpty() && memberships.getFirst() < kept) {
      memberships.removeFirst();
    }
  }

  /** Drops everything; the next entry is {@code next}. */
  void clear(long next) {
    chunks.clear();
    memberships.clear();
    base = next;
    first = next;
    last = next - 1;
  }

  private Chunk chunk(long index) {
    Invariant.check(contains(index), "index %s is not in [%s, %s]", index, first, last);
    return chunks.get((int) ((index - base) / CHUNK_ENTRIES));
  }

  private int slot(long index) {
    return (int) ((index - base) % CHUNK_ENTRIES);
  }
}

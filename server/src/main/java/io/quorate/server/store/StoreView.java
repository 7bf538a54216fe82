package io.quorate.server.store;

import io.quorate.server.lang.Invariant;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowBatch;
import io.quorate.sql.store.RowKey;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore.TxCounter;
import org.h2.mvstore.RootReference;
import org.jspecify.annotations.Nullable;

/**
 * The tables' roots as they stood after one command; pages are never changed in place, so the roots
 * are the whole view. Used by one thread at a time; no other thread can change what it shows.
 */
public final class StoreView implements ReadView {
  private final MvEngine engine;
  private final TxCounter pin;
  private final Roots roots;
  private final long openedNanos;
  private boolean closed;

  /** Why it shows nothing more; set by another thread. */
  private volatile @Nullable Supplier<QuorateException> ended;

  /**
   * @param openedNanos by the engine's clock
   */
  StoreView(MvEngine engine, TxCounter pin, Roots roots, long openedNanos) {
    this.engine = engine;
    this.pin = pin;
    this.roots = roots;
    this.openedNanos = openedNanos;
  }

  TxCounter pin() {
    return pin;
  }

  long openedNanos() {
    return openedNanos;
  }

  /** From any thread: the next look at a row fails so. */
  void end(Supplier<QuorateException> why) {
    ended = why;
  }

  /**
   * Of all rows that it shows, as the changes have made it: a {@link StateHash#scan} is to agree.
   */
  public StateHash hash() {
    return roots.hash();
  }

  /** The marks up to its revision. */
  public StateMarks marks() {
    return roots.marks();
  }

  /**
   * Reads all rows.
   *
   * @throws StoreDamagedException when one is not what was written, though its page may be; the
   *     store is told, and shows nothing any more
   */
  public void requireSound() {
    requireHash(StateHash.scan(this));
  }

  void requireHash(StateHash scanned) {
    if (!scanned.equals(hash())) {
      String why =
          "the rows of revision %d have the hash %s, and were written with %s"
              .formatted(revision(), scanned, hash());
      engine.condemn(why);
      throw new StoreDamagedException(why);
    }
  }

  @Override
  public long revision() {
    return roots.revision();
  }

  @Override
  public Optional<Row> find(int table, RowKey key) {
    RootReference<byte[], byte[]> root = root(table);
    if (root == null) {
      return Optional.empty();
    }
    try {
      byte @Nullable [] row = root.root.map.get(root.root, key.unsafeBytes());
      return row == null ? Optional.empty() : Optional.of(Row.wrap(row));
    } catch (RuntimeException e) {
      throw engine.readFailed(e);
    }
  }

  @Override
  public RowCursor scan(int table, Optional<RowKey> from, Optional<RowKey> to) {
    return rows(table, from, to, false);
  }

  @Override
  public RowCursor scanBackward(int table, Optional<RowKey> from, Optional<RowKey> to) {
    return rows(table, from, to, true);
  }

  private RowCursor rows(int table, Optional<RowKey> from, Optional<RowKey> to, boolean backward) {
    RootReference<byte[], byte[]> root = root(table);
    if (root == null) {
      return NoRows.INSTANCE;
    }
    byte @Nullable [] first = from.isPresent() ? from.get().unsafeBytes() : null;
    byte @Nullable [] bound = to.isPresent() ? to.get().unsafeBytes() : null;
    try {
      return new Rows(root, first, bound, backward);
    } catch (RuntimeException e) {
      throw engine.readFailed(e);
    }
  }

  @Override
  public long rowCount(int table) {
    RootReference<byte[], byte[]> root = root(table);
    return root == null ? 0 : root.getTotalCount();
  }

  /**
   * By rank in the newest tree, which counts its entries, and then in this view: what has gone or
   * come between the two is left out. The pages of the newest tree are kept for this view too, for
   * it holds an older version.
   */
  @Override
  public RowCursor sample(int table, int count, RandomGenerator random) {
    RootReference<byte[], byte[]> root = root(table);
    if (root == null || root.getTotalCount() <= count) {
      return scan(table, Optional.empty(), Optional.empty());
    }
    return new SampledRows(table, root.root.map, randomRanks(root.getTotalCount(), count, random));
  }

  private static long[] randomRanks(long bound, int count, RandomGenerator random) {
    return random.longs(count, 0, bound).sorted().distinct().toArray();
  }

  /** The tables that have rows, ascending. */
  public int[] tables() {
    int[] found = new int[roots.tables().count()];
    int count = 0;
    for (int slot = 0; slot < found.length; slot++) {
      if (roots.at(slot).getTotalCount() > 0) {
        found[count++] = roots.tables().id(slot);
      }
    }
    int[] ids = Arrays.copyOf(found, count);
    Arrays.sort(ids);
    return ids;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      engine.closed(this);
    }
  }

  private @Nullable RootReference<byte[], byte[]> root(int table) {
    requireUsable();
    int slot = roots.tables().slotOf(table);
    return slot == Tables.ABSENT ? null : roots.at(slot);
  }

  private void requireUsable() {
    Invariant.check(!closed, "a closed read view is used");
    Supplier<QuorateException> why = ended;
    if (why != null) {
      throw why.get();
    }
  }

  private final class Rows implements RowCursor {
    private final Cursor<byte[], byte[]> cursor;
    private final byte @Nullable [] to;

    @SuppressWarnings("NullAway") // MVStore takes null for an open bound
    Rows(
        RootReference<byte[], byte[]> root,
        byte @Nullable [] from,
        byte @Nullable [] to,
        boolean backward) {
      MVMap<byte[], byte[]> map = root.root.map;
      this.cursor = backward ? map.cursor(root, to, from, true) : map.cursor(root, from, to, false);
      this.to = to;
    }

    @Override
    public boolean next() {
      requireUsable();
      try {
        while (cursor.hasNext()) {
          byte[] key = cursor.next();
          // MVStore's bounds are part of the range, the port's last one is not.
          if (to == null || !Arrays.equals(key, to)) {
            return true;
          }
        }
        return false;
      } catch (RuntimeException e) {
        throw engine.readFailed(e);
      }
    }

    /** As {@link #next} does it for each, but for what can be looked at once for all. */
    @Override
    public boolean fill(RowBatch batch) {
      requireUsable();
      try {
        while (!batch.isFull()) {
          if (!cursor.hasNext()) {
            return false;
          }
          byte[] key = cursor.next();
          if (to == null || !Arrays.equals(key, to)) {
            batch.offer(RowKey.wrap(key), Row.wrap(cursor.getValue()));
          }
        }
        return true;
      } catch (RuntimeException e) {
        throw engine.readFailed(e);
      }
    }

    @Override
    public RowKey key() {
      return RowKey.wrap(cursor.getKey());
    }

    @Override
    public Row row() {
      return Row.wrap(cursor.getValue());
    }
  }

  /** The rows at some places. */
  private final class SampledRows implements RowCursor {
    private final int table;
    private final MVMap<byte[], byte[]> newest;
    private final long[] ranks;
    private int next;
    private RowKey key = RowKey.wrap(new byte[0]);
    private Row row = Row.wrap(new byte[0]);

    SampledRows(int table, MVMap<byte[], byte[]> newest, long[] ranks) {
      this.table = table;
      this.newest = newest;
      this.ranks = ranks;
    }

    @Override
    public boolean next() {
      while (next < ranks.length) {
        byte @Nullable [] found = keyAt(ranks[next++]);
        Optional<Row> there = found == null ? Optional.empty() : find(table, RowKey.wrap(found));
        if (found != null && there.isPresent()) {
          key = RowKey.wrap(found);
          row = there.get();
          return true;
        }
      }
      return false;
    }

    private byte @Nullable [] keyAt(long rank) {
      requireUsable();
      try {
        return newest.getKey(rank);
      } catch (RuntimeException e) {
        throw engine.readFailed(e);
      }
    }

    @Override
    public RowKey key() {
      return key;
    }

    @Override
    public Row row() {
      return row;
    }
  }

  private enum NoRows implements RowCursor {
    INSTANCE;

    @Override
    public boolean next() {
      return false;
    }

    @Override
    public RowKey key() {
      throw new IllegalStateException("no row");
    }

    @Override
    public Row row() {
      throw new IllegalStateException("no row");
    }
  }
}

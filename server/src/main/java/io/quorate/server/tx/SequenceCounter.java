package io.quorate.server.tx;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.sql.catalog.ReservedCounts;
import io.quorate.sql.catalog.SequenceGenerator;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The values of one sequence, or identity column, under one leadership. They are counted from 0:
 *
 * <pre>
 *  0 .. confirmed   the store shows that they are reserved
 *    .. given       nobody gets them again under this leadership
 *    .. reserved    what a write says in the log that carries one of them
 * </pre>
 *
 * <p>The store's table of the counter has an entry for each number up to which values were
 * reserved; the highest counts, so that two reservations may reach the log in either order. The
 * next leadership gives what comes behind it; what was reserved and not given is lost.
 *
 * <p>Thread-safe. Its lock is held for nanoseconds.
 */
final class SequenceCounter {
  /**
   * A write that says it in the log has some 40 bytes more; one in a thousand of them does, or a
   * few when many are under way.
   */
  static final long BLOCK_MAX = 1000;

  /** A leadership loses less than this part of all values there are. */
  private static final long BLOCKS_MIN = 1024;

  private final SequenceGenerator generator;
  private final long total;
  private final long block;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private long given;

  @GuardedBy("lock")
  private long reserved;

  @GuardedBy("lock")
  private long confirmed;

  /**
   * @param view shows all that came of earlier leaderships
   */
  SequenceCounter(SequenceGenerator generator, ReadView view) {
    this.generator = generator;
    this.total = generator.total();
    this.block =
        generator.cache() == SequenceGenerator.CACHE_OF_SYSTEM
            ? Math.max(1, Math.min(BLOCK_MAX, total / BLOCKS_MIN))
            : generator.cache();
    this.confirmed = ReservedCounts.highest(ReservedCounts.shown(generator.counter(), view));
    this.reserved = confirmed;
    this.given = confirmed;
  }

  /** A value, by how many come before it. */
  long take() {
    lock.lock();
    try {
      if (given >= total) {
        throw new SqlFailure(
            State.SEQUENCE_EXHAUSTED,
            generator.described() + " has given its last value, " + generator.value(total - 1));
      }
      if (given == reserved) {
        reserved = given + Math.min(block, total - given);
      }
      return given++;
    } finally {
      lock.unlock();
    }
  }

  /** The value that {@link #take} stands for. */
  long value(long before) {
    return generator.value(before);
  }

  /** Whether the store has been seen to show that so many are reserved. */
  boolean isConfirmed(long count) {
    lock.lock();
    try {
      return count <= confirmed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the log must say with, or before, a write that has one of the first {@code count} values.
   *
   * @param newest looked at only if the store was not seen to show enough before
   * @return empty when the log has said it
   */
  Optional<Reservation> reservation(long count, ReadView newest) {
    if (isConfirmed(count)) {
      return Optional.empty();
    }
    List<Long> shown = ReservedCounts.shown(generator.counter(), newest);
    lock.lock();
    try {
      confirmed = Math.max(confirmed, ReservedCounts.highest(shown));
      if (count <= confirmed) {
        return Optional.empty();
      }
      long upTo = reserved;
      List<RowKey> outdated =
          shown.stream().filter(each -> each < upTo).map(ReservedCounts::key).toList();
      return Optional.of(new Reservation(generator.counter(), ReservedCounts.key(upTo), outdated));
    } finally {
      lock.unlock();
    }
  }

  /**
   * @param outdated entries that say less
   */
  record Reservation(int table, RowKey key, List<RowKey> outdated) {
    /** The key says it all. */
    static final Row VALUE = Row.wrap(new byte[0]);
  }
}

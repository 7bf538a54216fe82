package io.quorate.sql.store;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The rows of one replica as they stood after one command. Cheap to open, unaffected by later
 * commands, to be closed soon: an open view keeps old pages alive. Used by one thread at a time.
 */
public interface ReadView extends AutoCloseable {

  /**
   * Position in the log of the last command whose effect this view shows; 0 for the empty state.
   */
  long revision();

  /** The row stored under {@code key}, if any. */
  Optional<Row> find(int table, RowKey key);

  /**
   * Walks the rows with {@code from} ≤ key &lt; {@code to} in key order (unsigned byte order); a
   * missing bound is open.
   */
  RowCursor scan(int table, Optional<RowKey> from, Optional<RowKey> to);

  /** The rows of {@link #scan} in the opposite order, from the last one back. */
  RowCursor scanBackward(int table, Optional<RowKey> from, Optional<RowKey> to);

  /** Number of rows, without scanning. */
  long rowCount(int table);

  /**
   * Some rows drawn at random, each as likely as any other and at most once, in key order; all rows
   * where there are no more than that.
   *
   * @param count how many; fewer may come where rows are changing
   */
  default RowCursor sample(int table, int count, RandomGenerator random) {
    RowCursor all = scan(table, Optional.empty(), Optional.empty());
    return new SampledRows(all, rowCount(table), count, random);
  }

  @Override
  void close();

  /**
   * Moves one way: {@code next()} before the first and each further row, or many at once by {@code
   * fill()}.
   */
  interface RowCursor {
    /** Moves on; false at the end. */
    boolean next();

    RowKey key();

    Row row();

    /**
     * Moves on until the batch is full, and puts into it the rows that it keeps.
     *
     * @return false when no more rows come
     */
    default boolean fill(RowBatch batch) {
      while (!batch.isFull()) {
        if (!next()) {
          return false;
        }
        batch.offer(key(), row());
      }
      return true;
    }
  }
}

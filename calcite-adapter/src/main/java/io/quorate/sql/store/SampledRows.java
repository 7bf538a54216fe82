package io.quorate.sql.store;

import java.util.random.RandomGenerator;

/**
 * Draws from a walk over all rows (Knuth, The Art of Computer Programming 3.4.2, algorithm S).
 * Confined to one thread.
 */
final class SampledRows implements ReadView.RowCursor {
  private final ReadView.RowCursor all;
  private final RandomGenerator random;
  private long rowsLeft;
  private long wanted;

  SampledRows(ReadView.RowCursor all, long rowCount, int count, RandomGenerator random) {
    this.all = all;
    this.random = random;
    this.rowsLeft = rowCount;
    this.wanted = count;
  }

  @Override
  public boolean next() {
    while (wanted > 0 && all.next()) {
      boolean taken = rowsLeft <= wanted || random.nextLong(rowsLeft) < wanted;
      rowsLeft--;
      if (taken) {
        wanted--;
        return true;
      }
    }
    return false;
  }

  @Override
  public RowKey key() {
    return all.key();
  }

  @Override
  public Row row() {
    return all.row();
  }
}

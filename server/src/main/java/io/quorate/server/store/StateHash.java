package io.quorate.server.store;

import io.quorate.sql.store.ReadView.RowCursor;
import java.util.Optional;

/**
 * A hash of all rows of one revision, the same on every replica that has the same rows. It is the
 * sum of a {@linkplain RowMixer term} a row, modulo 2<sup>64</sup> in each of two lanes, so it
 * depends on no order, and a row that changes costs two terms.
 */
public record StateHash(long high, long low) {
  /** Of no rows. */
  public static final StateHash NONE = new StateHash(0, 0);

  /**
   * That of the rows which the view shows; reads all of them.
   *
   * @throws StoreDamagedException when a page cannot be read
   */
  public static StateHash scan(StoreView view) {
    RowMixer mixer = new RowMixer();
    RowSum sum = new RowSum();
    for (int table : view.tables()) {
      RowCursor rows = view.scan(table, Optional.empty(), Optional.empty());
      while (rows.next()) {
        mixer.mix(table, rows.key().unsafeBytes(), rows.row().unsafeBytes());
        sum.add(mixer);
      }
    }
    return sum.hash();
  }

  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    return "%016x%016x".formatted(high, low);
  }
}

package io.quorate.sql.catalog;

import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.RowKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The store table of a {@link SequenceGenerator}: an entry for each number up to which values were
 * reserved, of which the highest counts. Pure functions.
 */
public final class ReservedCounts {
  private ReservedCounts() {}

  /** Where it says that so many are reserved; there is nothing behind the key. */
  public static RowKey key(long count) {
    return RowKey.wrap(ByteBuffer.allocate(Long.BYTES).putLong(count).array());
  }

  /** What the view shows, ascending. Few: a reservation clears away those before it. */
  public static List<Long> shown(int table, ReadView view) {
    List<Long> counts = new ArrayList<>();
    ReadView.RowCursor cursor = view.scan(table, Optional.empty(), Optional.empty());
    while (cursor.next()) {
      counts.add(ByteBuffer.wrap(cursor.key().unsafeBytes()).getLong());
    }
    return counts;
  }

  /** How many are reserved. */
  public static long highest(List<Long> counts) {
    return counts.stream().mapToLong(Long::longValue).max().orElse(0);
  }
}

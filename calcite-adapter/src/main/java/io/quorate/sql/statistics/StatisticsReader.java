package io.quorate.sql.statistics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.CatalogCodec;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The statistics that a view shows. Thread-safe; remembers what it has read last. */
public final class StatisticsReader {
  /** Some 10 kB each, 256 kB at most but for a table of hundreds of columns. */
  private static final int REMEMBERED_MAX = 256;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final LinkedHashMap<Integer, Remembered> remembered =
      new LinkedHashMap<>(16, 0.75f, true);

  private record Remembered(Row row, Optional<AnalyzedTable> statistics) {}

  /** Where the statistics of a table lie in {@link Catalog#STATISTICS_TABLE}. */
  public static RowKey key(int table) {
    return CatalogCodec.tableKey(table);
  }

  /** What was found in the table, if it was looked at. */
  public Optional<AnalyzedTable> find(ReadView view, int table) {
    Optional<Row> row = view.find(Catalog.STATISTICS_TABLE, key(table));
    return row.isEmpty() ? Optional.empty() : read(table, row.get());
  }

  private Optional<AnalyzedTable> read(int table, Row row) {
    lock.lock();
    try {
      Remembered known = remembered.get(table);
      if (known != null && known.row.equals(row)) {
        return known.statistics;
      }
      Optional<AnalyzedTable> statistics = StatisticsCodec.decode(row);
      remembered.put(table, new Remembered(row, statistics));
      if (remembered.size() > REMEMBERED_MAX) {
        Map.Entry<Integer, Remembered> eldest = remembered.entrySet().iterator().next();
        remembered.remove(eldest.getKey());
      }
      return statistics;
    } finally {
      lock.unlock();
    }
  }
}

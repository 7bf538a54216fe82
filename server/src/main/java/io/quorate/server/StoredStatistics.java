package io.quorate.server;

import io.quorate.server.lang.QuorateException;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.plan.TableStatistics;
import io.quorate.sql.statistics.AnalyzedTable;
import io.quorate.sql.statistics.StatisticsReader;
import io.quorate.sql.store.ReadView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the planner knows of the rows: how many they are now, and what the last ANALYZE has found.
 * Plans hold whatever it is, so that a replica that shows nothing at the moment knows nothing.
 * Thread-safe.
 */
final class StoredStatistics implements TableStatistics {
  /** A table is looked at again when its row count has changed by that many, and that share. */
  private static final int ROWS_CHANGED_MIN = 50;

  private static final double SHARE_CHANGED = 0.2;

  /** Values change without the count of rows, so it is looked at again after a while anyway. */
  private static final Duration AGE_MAX = Duration.ofDays(1);

  private final Supplier<ReadView> views;
  private final StatisticsReader reader = new StatisticsReader();

  /**
   * @param views of the newest revision; they may fail with {@link QuorateException}
   */
  StoredStatistics(Supplier<ReadView> views) {
    this.views = views;
  }

  @Override
  public double rowCount(TableDef table) {
    try (ReadView view = views.get()) {
      return view.rowCount(table.id());
    } catch (QuorateException e) {
      return TableStatistics.UNKNOWN.rowCount(table);
    }
  }

  @Override
  public Optional<AnalyzedTable> find(TableDef table) {
    try (ReadView view = views.get()) {
      return reader.find(view, table.id());
    } catch (QuorateException e) {
      return Optional.empty();
    }
  }

  /** The tables that should be analyzed again. */
  List<TableDef> outOfDate(ReadView view, Catalog catalog, Instant now) {
    return catalog.tables().values().stream()
        .flatMap(inside -> inside.values().stream())
        .filter(table -> isOutOfDate(view, table, now))
        .toList();
  }

  private boolean isOutOfDate(ReadView view, TableDef table, Instant now) {
    long rows = view.rowCount(table.id());
    Optional<AnalyzedTable> known = reader.find(view, table.id());
    long then = known.map(AnalyzedTable::rowCount).orElse(0L);
    if (Math.abs(rows - then) > ROWS_CHANGED_MIN + SHARE_CHANGED * then) {
      return true;
    }
    Instant due = Instant.ofEpochMilli(known.map(AnalyzedTable::analyzedMillis).orElse(0L));
    return known.isPresent() && now.isAfter(due.plus(AGE_MAX));
  }
}

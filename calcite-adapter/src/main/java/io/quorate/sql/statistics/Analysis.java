package io.quorate.sql.statistics;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.RowCodec;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Looks at rows of a table, at all of a small one. Confined to one thread. */
public final class Analysis {
  /**
   * Rows drawn: 300 for each of 100 ranges of a histogram, so that a range is right within half its
   * size with 99 % (Chaudhuri, Motwani, Narasayya, "Random sampling for histogram construction",
   * 1998), whatever the size of the table.
   */
  public static final int ROWS_MAX = 30_000;

  /** Each takes some megabytes while it is looked at; each group draws rows of its own. */
  private static final int COLUMNS_AT_ONCE = 4;

  /** What is kept of a table, about, and of a column at least. */
  private static final int TABLE_BYTES = 256 << 10;

  private static final int COLUMN_BYTES_MIN = 1 << 10;

  private final ReadView view;
  private final RandomGenerator random;
  private final CancelFlag cancel;

  public Analysis(ReadView view, RandomGenerator random, CancelFlag cancel) {
    this.view = view;
    this.random = random;
    this.cancel = cancel;
  }

  /**
   * All columns of a table.
   *
   * @param nowMillis the time
   */
  public AnalyzedTable table(TableDef table, long nowMillis) {
    long rowCount = view.rowCount(table.id());
    return new AnalyzedTable(
        view.revision(),
        nowMillis,
        rowCount,
        Math.min(rowCount, ROWS_MAX),
        columns(table, table.visibleColumns()));
  }

  /**
   * Some columns of a table.
   *
   * @param known of the others
   */
  public AnalyzedTable columns(
      TableDef table, List<ColumnDef> chosen, Optional<AnalyzedTable> known) {
    AnalyzedTable before = known.orElseGet(() -> new AnalyzedTable(0, 0, 0, 0, List.of()));
    List<ColumnStatistics> all = new ArrayList<>();
    for (ColumnDef column : table.visibleColumns()) {
      if (!chosen.contains(column)) {
        before.find(column).ifPresent(all::add);
      }
    }
    all.addAll(columns(table, chosen));
    return new AnalyzedTable(
        view.revision(), before.analyzedMillis(), before.rowCount(), before.sampled(), all);
  }

  private List<ColumnStatistics> columns(TableDef table, List<ColumnDef> chosen) {
    int bytesMax = Math.max(COLUMN_BYTES_MIN, TABLE_BYTES / Math.max(1, chosen.size()));
    List<ColumnStatistics> all = new ArrayList<>();
    for (int from = 0; from < chosen.size(); from += COLUMNS_AT_ONCE) {
      int to = Math.min(chosen.size(), from + COLUMNS_AT_ONCE);
      all.addAll(draw(table, chosen.subList(from, to), bytesMax));
    }
    return all;
  }

  private List<ColumnStatistics> draw(TableDef table, List<ColumnDef> columns, int bytesMax) {
    RowCodec codec = RowCodec.of(table);
    int[] ordinals = columns.stream().mapToInt(table.columns()::indexOf).toArray();
    List<ColumnSample> samples = columns.stream().map(ColumnSample::new).toList();
    ReadView.RowCursor rows = view.sample(table.id(), ROWS_MAX, random);
    while (rows.next()) {
      cancel.check();
      Row row = rows.row();
      for (int i = 0; i < ordinals.length; i++) {
        samples.get(i).add(codec.value(row, ordinals[i]));
      }
    }
    long rowCount = view.rowCount(table.id());
    return samples.stream().map(sample -> sample.statistics(rowCount, bytesMax)).toList();
  }
}

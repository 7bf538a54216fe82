package io.quorate.sql.statistics;

import io.quorate.sql.catalog.ColumnDef;
import java.util.List;
import java.util.Optional;

/**
 * What ANALYZE has found in a table. Immutable.
 *
 * @param revision that was read last, for all columns or some; tells one state from another
 * @param analyzedMillis when all columns were looked at last; 0 if never
 * @param rowCount exact, then
 * @param sampled how many rows were looked at, then
 * @param columns those that were looked at
 */
public record AnalyzedTable(
    long revision,
    long analyzedMillis,
    long rowCount,
    long sampled,
    List<ColumnStatistics> columns) {
  public AnalyzedTable {
    columns = List.copyOf(columns);
  }

  /** Of a column, unless it has become another since. */
  public Optional<ColumnStatistics> find(ColumnDef column) {
    return columns.stream().filter(each -> each.isOf(column)).findFirst();
  }
}

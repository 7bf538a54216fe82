package io.quorate.sql.plan;

import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.statistics.AnalyzedTable;
import java.util.Optional;

/** What the planner may know of the rows. Thread-safe; answers at once. */
@FunctionalInterface
public interface TableStatistics {
  /** For want of better: every table has a thousand rows. */
  TableStatistics UNKNOWN = table -> 1000;

  /** About how many rows the table has. */
  double rowCount(TableDef table);

  /** What ANALYZE has found in it. */
  default Optional<AnalyzedTable> find(TableDef table) {
    return Optional.empty();
  }
}

package io.quorate.sql.plan;

import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.exec.StepCounts;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;

/** EXPLAIN ANALYZE: runs a query to its end, keeps no row, and tells what it did. */
final class ExplainAnalyzeQuery implements Plan.Query {
  private final Plan.Query query;
  private final boolean draws;
  private final LongSupplier nanoClock;

  /**
   * To run a query.
   *
   * @param draws whether it takes values of sequences, which it then does take
   */
  ExplainAnalyzeQuery(Plan.Query query, boolean draws, LongSupplier nanoClock) {
    this.query = query;
    this.draws = draws;
    this.nanoClock = nanoClock;
  }

  /** Refuses a change, which is not to be made by who asks for its plan. */
  static void requireQuery(SqlNode explained) {
    if (!explained.isA(SqlKind.QUERY)) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          "EXPLAIN ANALYZE runs what it explains, which is for queries only;"
              + " EXPLAIN shows how a change would run");
    }
  }

  @Override
  public List<ResultColumn> parameters() {
    return query.parameters();
  }

  @Override
  public boolean isStale() {
    return query.isStale();
  }

  @Override
  public boolean isGenerated() {
    return query.isGenerated();
  }

  @Override
  public boolean draws() {
    return draws;
  }

  @Override
  public List<ResultColumn> columns() {
    return ExplainQuery.COLUMNS;
  }

  @Override
  public RowCursor open(ExecutionContext context) {
    Counted counted = query instanceof Counted known ? known : null;
    StepCounts counts =
        new StepCounts(counted == null ? 0 : counted.stepCount(), context, nanoClock);
    long began = nanoClock.getAsLong();
    long rowCount = 0;
    try (RowCursor rows = counted == null ? query.open(context) : counted.open(context, counts)) {
      while (rows.next() != null) {
        rowCount++;
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(draws ? ExplainQuery.LEADER : ExplainQuery.ANY_REPLICA);
    String explained = counted == null ? ((Explained) query).explain() : counted.explain(counts);
    explained.lines().forEach(lines::add);
    lines.add("Rows: " + rowCount);
    lines.add("Memory: " + counts.meter().bytes() + " bytes");
    lines.add("Time: " + Explained.time(nanoClock.getAsLong() - began));
    return ExplainQuery.rows(lines);
  }
}

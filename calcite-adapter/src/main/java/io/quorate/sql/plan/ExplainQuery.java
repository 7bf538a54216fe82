package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** EXPLAIN: where a statement runs and how, a line a row. */
final class ExplainQuery implements Plan.Query {
  static final List<ResultColumn> COLUMNS =
      List.of(ResultColumn.computed("PLAN", SqlType.of(SqlType.Name.VARCHAR)));

  static final String ANY_REPLICA = "Route: any replica";
  static final String LEADER = "Route: leader";

  private final Plan plan;

  ExplainQuery(Plan plan) {
    this.plan = plan;
  }

  @Override
  public List<ResultColumn> parameters() {
    return plan.parameters();
  }

  @Override
  public boolean isStale() {
    return plan.isStale();
  }

  @Override
  public boolean isGenerated() {
    return plan.isGenerated();
  }

  @Override
  public List<ResultColumn> columns() {
    return COLUMNS;
  }

  @Override
  public RowCursor open(ExecutionContext context) {
    return rows(lines());
  }

  /** A line a row. */
  static RowCursor rows(List<String> lines) {
    Iterator<String> left = lines.iterator();
    return new RowCursor() {
      @Override
      public @Nullable Object @Nullable [] next() {
        return left.hasNext() ? new @Nullable Object[] {left.next()} : null;
      }

      @Override
      public void close() {}
    };
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(plan instanceof Plan.Query query && !query.draws() ? ANY_REPLICA : LEADER);
    if (plan instanceof Explained explained) {
      explained.explain().lines().forEach(lines::add);
    }
    return lines;
  }
}

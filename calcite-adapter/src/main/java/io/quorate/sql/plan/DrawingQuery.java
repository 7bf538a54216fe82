package io.quorate.sql.plan;

import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import java.util.List;

/** A query that takes values of sequences. Immutable. */
record DrawingQuery(Plan.Query query) implements Plan.Query, Explained {
  @Override
  public List<ResultColumn> parameters() {
    return query.parameters();
  }

  @Override
  public List<ResultColumn> columns() {
    return query.columns();
  }

  @Override
  public boolean isGenerated() {
    return query.isGenerated();
  }

  @Override
  public boolean isStale() {
    return query.isStale();
  }

  @Override
  public boolean suitsAllValues() {
    return query.suitsAllValues();
  }

  @Override
  public boolean draws() {
    return true;
  }

  @Override
  public RowCursor open(ExecutionContext context) {
    return query.open(context);
  }

  @Override
  public String explain() {
    return ((Explained) query).explain();
  }
}

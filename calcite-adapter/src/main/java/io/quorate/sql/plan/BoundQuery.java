package io.quorate.sql.plan;

import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import java.util.List;

/** A query whose literals have their values. Immutable. */
record BoundQuery(Plan.Query query, BoundLiterals literals) implements Plan.Query {
  @Override
  public List<ResultColumn> parameters() {
    return query.parameters().subList(0, literals.given());
  }

  @Override
  public List<ResultColumn> columns() {
    return query.columns();
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
  public boolean suitsAllValues() {
    return query.suitsAllValues();
  }

  @Override
  public boolean draws() {
    return query.draws();
  }

  @Override
  public boolean isShort() {
    return query.isShort();
  }

  @Override
  public RowCursor open(ExecutionContext context) {
    return query.open(literals.with(context));
  }
}

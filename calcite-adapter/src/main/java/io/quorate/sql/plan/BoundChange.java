package io.quorate.sql.plan;

import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.InsertedRows;
import io.quorate.sql.exec.ResultColumn;
import java.util.List;

/** A change whose literals have their values. Immutable. */
record BoundChange(Plan.Change change, BoundLiterals literals) implements Plan.Change {
  @Override
  public List<ResultColumn> parameters() {
    return change.parameters().subList(0, literals.given());
  }

  @Override
  public List<ResultColumn> returning() {
    return change.returning();
  }

  @Override
  public boolean isStale() {
    return change.isStale();
  }

  @Override
  public boolean isGenerated() {
    return change.isGenerated();
  }

  @Override
  public boolean suitsAllValues() {
    return change.suitsAllValues();
  }

  @Override
  public boolean onlyLocks() {
    return change.onlyLocks();
  }

  @Override
  public boolean isShort() {
    return change.isShort();
  }

  @Override
  public Changes evaluate(ExecutionContext context) {
    return change.evaluate(literals.with(context));
  }

  @Override
  public Changes evaluate(ExecutionContext context, InsertedRows inserted) {
    return change.evaluate(literals.with(context), inserted);
  }
}

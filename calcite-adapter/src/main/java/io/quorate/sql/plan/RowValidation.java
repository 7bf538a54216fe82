package io.quorate.sql.plan;

import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.RowChecks;
import io.quorate.sql.store.StoreChange;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Holds the rows that are there already against what a definition will say of them. Part of its
 * preparation, for which nothing is written. Confined to the thread that evaluates the statement.
 */
final class RowValidation implements Iterator<List<StoreChange>> {
  private final ExecutionContext context;
  private final TableDef table;
  private final RowChecks checks;

  RowValidation(ExecutionContext context, TableDef table, RowChecks checks) {
    this.context = context;
    this.table = table;
    this.checks = checks;
  }

  @Override
  public boolean hasNext() {
    TableRows rows = new TableRows(context, table.id());
    while (rows.next()) {
      checks.check(rows.row());
    }
    return false;
  }

  @Override
  public List<StoreChange> next() {
    throw new NoSuchElementException();
  }
}

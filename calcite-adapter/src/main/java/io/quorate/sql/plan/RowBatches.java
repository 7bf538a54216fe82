package io.quorate.sql.plan;

import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.store.StoreChange;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * What is made of the rows of a table that are there already, batch by batch. Confined to the
 * thread that evaluates the statement; reads the view that it was given. Whatever can fail does so
 * before the first batch, so that a statement that must fail has written nothing.
 */
abstract class RowBatches implements Iterator<List<StoreChange>> {
  private final ExecutionContext context;
  private final int table;
  private @Nullable TableRows rows;
  private List<StoreChange> next = List.of();

  RowBatches(ExecutionContext context, int table) {
    this.context = context;
    this.table = table;
  }

  /** Looks at all rows, before the first batch. */
  abstract void check();

  /** What is made of the row that {@code rows} stands on. */
  abstract List<StoreChange> changes(TableRows rows);

  final TableRows rows() {
    return new TableRows(context, table);
  }

  @Override
  public final boolean hasNext() {
    if (next.isEmpty()) {
      if (rows == null) {
        check();
        rows = rows();
      }
      next = batch(rows);
    }
    return !next.isEmpty();
  }

  @Override
  public final List<StoreChange> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    List<StoreChange> batch = next;
    next = List.of();
    return batch;
  }

  /** The next batch; empty behind the last one. */
  List<StoreChange> batch(TableRows from) {
    ChangeBatch batch = new ChangeBatch();
    while (!batch.isFull() && from.next()) {
      batch.addAll(changes(from));
    }
    return batch.changes();
  }
}

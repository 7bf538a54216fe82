package io.quorate.sql.plan;

import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
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
  /** One batch is one entry of the log. */
  static final int ENTRIES_MAX = 10_000;

  static final int BYTES_MAX = 1 << 20;

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

  private List<StoreChange> batch(TableRows from) {
    List<StoreChange> batch = new ArrayList<>();
    int bytes = 0;
    while (batch.size() < ENTRIES_MAX && bytes < BYTES_MAX && from.next()) {
      for (StoreChange change : changes(from)) {
        Row value = change.value();
        batch.add(change);
        bytes +=
            change.key().unsafeBytes().length + (value == null ? 0 : value.unsafeBytes().length);
      }
    }
    return batch;
  }
}

package io.quorate.sql.plan;

import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.store.StoreChange;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query as those of a new table without a primary key, batch by batch. Confined to
 * the thread that evaluates the statement. What was written before a row that fails is nobody's,
 * and is cleared by the next definition.
 */
final class QueryRows implements Iterator<List<StoreChange>> {
  private final ExecutionContext context;
  private final TableCodec table;
  private final Plan.Query query;
  private @Nullable RowCursor rows;
  private boolean ended;
  private List<StoreChange> next = List.of();

  QueryRows(ExecutionContext context, TableDef table, Plan.Query query) {
    this.context = context;
    this.table = new TableCodec(table);
    this.query = query;
  }

  @Override
  public boolean hasNext() {
    if (next.isEmpty() && !ended) {
      RowCursor cursor = rows;
      if (cursor == null) {
        cursor = query.open(context);
        rows = cursor;
      }
      next = batch(cursor);
      ended = next.isEmpty();
      if (ended) {
        cursor.close();
      }
    }
    return !next.isEmpty();
  }

  @Override
  public List<StoreChange> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    List<StoreChange> batch = next;
    next = List.of();
    return batch;
  }

  private List<StoreChange> batch(RowCursor from) {
    ChangeBatch batch = new ChangeBatch();
    while (!batch.isFull()) {
      @Nullable Object[] values = from.next();
      if (values == null) {
        break;
      }
      @Nullable Object[] row =
          InsertPlan.complete(values, table.definition(), InsertPlan.NONE, context);
      batch.addAll(table.changes(null, row));
    }
    return batch.changes();
  }
}

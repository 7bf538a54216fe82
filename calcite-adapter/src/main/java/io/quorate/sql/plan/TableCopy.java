package io.quorate.sql.plan;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table without a primary key, under the key that it gets, batch by batch. Confined
 * to the thread that evaluates the statement. As {@link IndexFill}, it refuses before its first
 * batch.
 */
final class TableCopy implements Iterator<List<StoreChange>> {
  private final ExecutionContext context;
  private final TableCodec before;
  private final TableCodec after;
  private @Nullable TableRows rows;
  private List<StoreChange> next = List.of();

  /**
   * @param before with its hidden key
   * @param after with other ids, and without the hidden column
   */
  TableCopy(ExecutionContext context, TableDef before, TableDef after) {
    this.context = context;
    this.before = new TableCodec(before);
    this.after = new TableCodec(after);
  }

  @Override
  public boolean hasNext() {
    if (next.isEmpty()) {
      if (rows == null) {
        checkKey();
        rows = rows();
      }
      next = batch(rows);
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

  private TableRows rows() {
    return new TableRows(context, before.definition().id());
  }

  private void checkKey() {
    TableDef table = before.definition();
    TableDef keyed = after.definition();
    TableRows all = rows();
    while (all.next()) {
      for (int column : keyed.primaryKey()) {
        ColumnDef definition = keyed.columns().get(column);
        if (before.rows().value(all.row(), column) == null) {
          throw new SqlFailure(
              State.NOT_NULL_VIOLATION, Conversion.nullIn(table, definition.name()));
        }
      }
    }
    List<IndexDef> indexes = new ArrayList<>(table.indexes());
    indexes.add(new IndexDef(keyed.id(), keyed.primaryKeyName(), keyed.primaryKey(), true, true));
    new IndexFill(context, table.withIndexes(indexes)).checkUnique();
  }

  private List<StoreChange> batch(TableRows from) {
    List<StoreChange> batch = new ArrayList<>();
    int bytes = 0;
    while (batch.size() < IndexFill.ENTRIES_MAX && bytes < IndexFill.BYTES_MAX && from.next()) {
      @Nullable Object[] values = before.rows().decode(from.row());
      batch.addAll(after.changes(null, Arrays.copyOf(values, values.length - 1)));
      bytes += from.row().unsafeBytes().length * (1 + after.indexes().size());
    }
    return batch;
  }
}

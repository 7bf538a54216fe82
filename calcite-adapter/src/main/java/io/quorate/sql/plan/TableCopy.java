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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a table without a primary key, under the key that it gets. */
final class TableCopy extends RowBatches {
  private final ExecutionContext context;
  private final TableCodec before;
  private final TableCodec after;

  /**
   * @param before with its hidden key
   * @param after with other ids, and without the hidden column
   */
  TableCopy(ExecutionContext context, TableDef before, TableDef after) {
    super(context, before.id());
    this.context = context;
    this.before = new TableCodec(before);
    this.after = new TableCodec(after);
  }

  @Override
  void check() {
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
    new IndexFill(context, table.withIndexes(indexes), indexes.get(indexes.size() - 1))
        .checkUnique();
  }

  @Override
  List<StoreChange> changes(TableRows rows) {
    @Nullable Object[] values = before.rows().decode(rows.row());
    return after.changes(null, Arrays.copyOf(values, values.length - 1));
  }
}

package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.RowCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.RowChecks;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.StoreChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table, and the entries of its indexes, as they will lie under the ids that another
 * definition of it has. All rows are converted once before the first batch. That keys stay
 * different is up to who made the definition.
 */
final class TableRewrite extends RowBatches {
  private static final int NEW = -1;

  private final TableDef before;
  private final TableDef after;
  private final RowCodec source;
  private final TableCodec target;
  private final RowChecks checks;

  /** By ordinal, where the column was. */
  private final int[] places;

  /**
   * @param checks of the table as it will be
   */
  TableRewrite(ExecutionContext context, TableDef before, TableDef after, Checks checks) {
    super(context, before.id());
    this.before = before;
    this.after = after;
    this.source = RowCodec.of(before);
    this.target = new TableCodec(after);
    this.checks = checks.in(context, target);
    this.places =
        after.columns().stream()
            .mapToInt(column -> before.findColumn(column.name()).orElse(NEW))
            .toArray();
  }

  @Override
  void check() {
    TableRows all = rows();
    while (all.next()) {
      convert(all.row());
    }
  }

  @Override
  List<StoreChange> changes(TableRows rows) {
    return target.changes(null, convert(rows.row()));
  }

  private @Nullable Object[] convert(Row row) {
    @Nullable Object[] values = new @Nullable Object[places.length];
    for (int i = 0; i < values.length; i++) {
      if (places[i] != NEW) {
        Object value = source.value(row, places[i]);
        values[i] = isSame(i) ? value : Conversion.assign(value, after, i);
      }
    }
    checks.complete(values);
    checks.check(target.rows().encode(values));
    return values;
  }

  private boolean isSame(int ordinal) {
    SqlType was = before.columns().get(places[ordinal]).type();
    return was.equals(after.columns().get(ordinal).type());
  }
}

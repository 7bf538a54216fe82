package io.quorate.sql.plan;

import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.RowCodec;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.Frame;
import io.quorate.sql.exec.InsertedRows;
import io.quorate.sql.exec.MemoryMeter;
import io.quorate.sql.exec.Parameters;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.lang.LockWait;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.LockingNode;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.RowLocks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SELECT … FOR UPDATE: a change that changes nothing. It locks what it reads as UPDATE would, and
 * tells its rows as RETURNING does. Immutable.
 */
final class LockingQuery implements Plan.Change, Explained {
  private static final RowCodec NO_COLUMNS = new RowCodec(List.of());

  private final Plan.Query query;
  private final List<ResultColumn> columns;
  private final List<TableDef> tables;
  private final String clause;
  private final RowLocks.Mode mode;
  private final LockWait waiting;
  private final Bounds bounds;

  /** Rows that are left out first, and how many are wanted, where the query itself does not say. */
  record Bounds(@Nullable Expression offset, @Nullable Expression fetch) {}

  /**
   * @param query whose rows have the values of the columns, and the keys of the tables' rows
   * @param node what the statement says of locks
   */
  LockingQuery(
      Plan.Query query,
      List<ResultColumn> columns,
      List<TableDef> tables,
      LockingNode node,
      Bounds bounds) {
    this.query = query;
    this.columns = List.copyOf(columns);
    this.tables = List.copyOf(tables);
    this.clause = node.shown();
    this.mode = node.shared() ? RowLocks.Mode.SHARED : RowLocks.Mode.EXCLUSIVE;
    this.waiting = node.waiting();
    this.bounds = bounds;
  }

  @Override
  public List<ResultColumn> parameters() {
    return query.parameters();
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
  public boolean onlyLocks() {
    return true;
  }

  @Override
  public List<ResultColumn> returning() {
    return columns;
  }

  @Override
  public Changes evaluate(ExecutionContext context) {
    return evaluate(context, InsertedRows.IGNORED);
  }

  @Override
  public Changes evaluate(ExecutionContext context, InsertedRows told) {
    MemoryMeter meter = new MemoryMeter(context.memoryBytesMax());
    Frame frame =
        new Frame(
            context, Parameters.convert(query.parameters(), context.parameters()), NO_COLUMNS);
    long skipped = ShortQuery.count(bounds.offset, frame, "OFFSET").orElse(0L);
    long wanted = ShortQuery.count(bounds.fetch, frame, "LIMIT").orElse(Long.MAX_VALUE);
    long count = 0;
    try (RowCursor rows = query.open(context)) {
      while (count < wanted) {
        @Nullable Object[] row = rows.next();
        if (row == null) {
          break;
        }
        if (!lock(row, context, meter)) {
          continue;
        }
        if (skipped > 0) {
          skipped--;
          continue;
        }
        @Nullable Object[] values = new @Nullable Object[columns.size()];
        System.arraycopy(row, 0, values, 0, values.length);
        meter.addRow(values);
        told.returned(values);
        count++;
      }
    }
    return new Changes(count, List.of(), tables.stream().map(TableDef::id).distinct().toList());
  }

  /** Whether all that the row is made of is locked. */
  private boolean lock(@Nullable Object[] row, ExecutionContext context, MemoryMeter meter) {
    boolean all = true;
    for (int i = 0; i < tables.size(); i++) {
      if (!(row[columns.size() + i] instanceof byte[] bytes)) {
        throw new SqlFailure(State.INTERNAL_ERROR, "a row to be locked has no key");
      }
      RowKey key = RowKey.wrap(bytes);
      Row stored = RowChangePlan.stored(context, tables.get(i), key);
      meter.add(bytes.length + stored.unsafeBytes().length);
      all &=
          context
              .locks()
              .lock(new RowLocks.ReadRow(tables.get(i).id(), key, stored), mode, waiting);
    }
    return all;
  }

  @Override
  public String explain() {
    StringBuilder text = new StringBuilder("Lock rows of ");
    text.append(String.join(", ", tables.stream().map(Explained::name).toList()));
    text.append(": ").append(clause);
    switch (waiting) {
      case WAIT -> {}
      case FAIL -> text.append(" NOWAIT");
      case SKIP -> text.append(" SKIP LOCKED");
    }
    return text.append('\n').append(Explained.indent(((Explained) query).explain())).toString();
  }
}

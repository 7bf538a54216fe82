package io.quorate.sql.plan;

import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.InsertedRows;
import io.quorate.sql.exec.MemoryMeter;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.exec.ShownValues;
import io.quorate.sql.exec.StatementWrites;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.MergeNode.Action;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** MERGE: what {@link MergeCompiler} has made of it. Immutable. */
final class MergePlan implements Plan.Change, Explained {
  private final Target target;
  private final TableCodec table;
  private final GeneralQuery query;
  private final List<Clause> clauses;

  /**
   * What is done with a row of the query.
   *
   * @param first place of its values in the row
   * @param columns that an UPDATE sets; an INSERT has a value for each visible one
   * @param makesIdentity whether an INSERT makes the value of the identity column
   */
  record Clause(Action action, int first, List<Integer> columns, boolean makesIdentity) {}

  /**
   * @param query whose first columns are the key of a row that is there, or NULL, and the number of
   *     a clause, or -1
   */
  MergePlan(Target target, GeneralQuery query, List<Clause> clauses) {
    this.target = target;
    this.table = target.codec();
    this.query = query;
    this.clauses = List.copyOf(clauses);
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
  public Changes evaluate(ExecutionContext context) {
    return evaluate(context, InsertedRows.IGNORED);
  }

  @Override
  public Changes evaluate(ExecutionContext context, InsertedRows told) {
    StatementWrites writes = new StatementWrites(target, context);
    MemoryMeter meter = new MemoryMeter(context.memoryBytesMax());
    List<@Nullable Object[]> inserted = new ArrayList<>();
    long count = 0;
    try (RowCursor rows = query.open(context)) {
      for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
        int number = row[1] instanceof Number given ? given.intValue() : -1;
        if (number < 0 || clauses.get(number).action() == Action.NOTHING) {
          continue;
        }
        count++;
        if (clauses.get(number).action() == Action.INSERT) {
          @Nullable Object[] values = inserted(clauses.get(number), row, context);
          meter.addRow(values);
          inserted.add(values);
        } else {
          change(clauses.get(number), row, context, writes);
        }
      }
    }
    // Behind all rows that go: one that comes may take the key of one of them.
    for (@Nullable Object[] row : inserted) {
      writes.insert(row);
      told.row(table.definition(), row);
    }
    writes.finish();
    return Changes.of(count, writes);
  }

  private @Nullable Object[] inserted(
      Clause clause, @Nullable Object[] row, ExecutionContext context) {
    TableDef definition = table.definition();
    int visible = definition.visibleColumns().size();
    @Nullable Object[] values = Arrays.copyOfRange(row, clause.first(), clause.first() + visible);
    int made = clause.makesIdentity() ? definition.findIdentity().orElseThrow() : InsertPlan.NONE;
    return InsertPlan.complete(values, definition, made, context);
  }

  private void change(
      Clause clause, @Nullable Object[] row, ExecutionContext context, StatementWrites writes) {
    if (!(row[0] instanceof byte[] bytes)) {
      throw new SqlFailure(State.INTERNAL_ERROR, "a row to be changed has no key");
    }
    RowKey key = RowKey.wrap(bytes);
    TableDef definition = table.definition();
    Row stored = RowChangePlan.stored(context, definition, key);
    if (!writes.alter(key, stored, old -> changed(clause, old, row))) {
      @Nullable Object[] values = table.rows().decode(stored);
      throw new SqlFailure(
          State.CARDINALITY_VIOLATION,
          "MERGE would change a row of table "
              + ShownValues.name(definition)
              + " a second time: "
              + ShownValues.of(definition, definition.primaryKey(), column -> values[column])
              + "; a row may match one row of the source");
    }
  }

  private @Nullable Object @Nullable [] changed(
      Clause clause, @Nullable Object[] old, @Nullable Object[] row) {
    if (clause.action() == Action.DELETE) {
      return null;
    }
    @Nullable Object[] now = old.clone();
    for (int i = 0; i < clause.columns().size(); i++) {
      int column = clause.columns().get(i);
      now[column] = Conversion.assign(row[clause.first() + i], table.definition(), column);
    }
    return now;
  }

  @Override
  public String explain() {
    return "Merge into "
        + Explained.name(table.definition())
        + "\n"
        + Explained.indent("Rows of:\n" + Explained.indent(query.explain()));
  }
}

package io.quorate.sql.plan;

import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.IndexCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.Arbiters;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.Frame;
import io.quorate.sql.exec.InsertedRows;
import io.quorate.sql.exec.Parameters;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.ShownValues;
import io.quorate.sql.exec.StatementWrites;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.Row;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What ON CONFLICT does about the rows of an INSERT whose keys stand already. Immutable.
 *
 * @param byPrimaryKey whether the primary key is one of the keys
 * @param indexes the other ones
 * @param firstParameter of its own among those of the statement
 * @param parameters its own
 * @param update empty for DO NOTHING
 */
record ConflictAction(
    boolean byPrimaryKey,
    List<IndexDef> indexes,
    int firstParameter,
    List<ResultColumn> parameters,
    Optional<Update> update) {

  /**
   * DO UPDATE, with expressions over the visible columns of the row that stands and behind them
   * those of the one that was to come.
   *
   * @param columns ordinals of those that are set
   */
  record Update(List<Integer> columns, List<Expression> values, Optional<Expression> condition) {}

  /** Where the rows of one execution go. */
  Rows in(ExecutionContext context, TableCodec table, StatementWrites writes) {
    return new Rows(context, table, writes);
  }

  String explain() {
    StringBuilder keys = new StringBuilder(byPrimaryKey ? "primary key" : "");
    for (IndexDef index : indexes) {
      keys.append(keys.length() == 0 ? "" : ", ").append("index ").append(index.name());
    }
    return "On conflict of "
        + keys
        + ": "
        + (update.isPresent() ? "update the row that is there" : "leave the row out");
  }

  /** One thread's own. */
  final class Rows {
    private final TableCodec table;
    private final StatementWrites writes;
    private final Arbiters arbiters;
    private final Frame frame;

    private Rows(ExecutionContext context, TableCodec table, StatementWrites writes) {
      this.table = table;
      this.writes = writes;
      List<IndexCodec> unique =
          table.indexes().stream().filter(each -> indexes.contains(each.definition())).toList();
      this.arbiters =
          new Arbiters(table, byPrimaryKey, unique, context.view(), context.memoryBytesMax());
      List<@Nullable Object> given = context.parameters();
      int end = Math.min(given.size(), firstParameter + parameters.size());
      this.frame =
          new Frame(
              context,
              Parameters.convert(parameters, given.subList(Math.min(firstParameter, end), end)),
              table.rows());
    }

    /**
     * A row is to come, complete but for its generated columns.
     *
     * @return whether it has come, or changed the one that is there
     */
    boolean put(@Nullable Object[] row, InsertedRows inserted) {
      writes.complete(row);
      Optional<Arbiters.Standing> standing = arbiters.find(row);
      if (standing.isEmpty()) {
        writes.insert(row);
        arbiters.put(row);
        inserted.row(table.definition(), row);
        return true;
      }
      return update.isPresent() && update(update.get(), standing.get(), row, inserted);
    }

    private boolean update(
        Update action, Arbiters.Standing standing, @Nullable Object[] row, InsertedRows inserted) {
      Row stored = standing.row();
      if (stored == null) {
        throw twice(row);
      }
      @Nullable Object[] old = table.rows().decode(stored);
      frame.moveTo(joined(old, row));
      if (action.condition.isPresent() && !RexCompiler.holds(action.condition.get(), frame)) {
        return false;
      }
      @Nullable Object[] now = old.clone();
      for (int i = 0; i < action.columns.size(); i++) {
        int column = action.columns.get(i);
        now[column] =
            Conversion.assign(action.values.get(i).evaluate(frame), table.definition(), column);
      }
      if (!writes.alter(standing.key(), stored, before -> now)) {
        throw twice(row);
      }
      arbiters.changed(standing.key());
      arbiters.put(now);
      inserted.row(table.definition(), now);
      return true;
    }

    private @Nullable Object[] joined(@Nullable Object[] old, @Nullable Object[] excluded) {
      int visible = table.definition().visibleColumns().size();
      @Nullable Object[] both = new @Nullable Object[2 * visible];
      System.arraycopy(old, 0, both, 0, visible);
      System.arraycopy(excluded, 0, both, visible, visible);
      return both;
    }

    private SqlFailure twice(@Nullable Object[] row) {
      TableDef definition = table.definition();
      List<Integer> columns = byPrimaryKey ? definition.primaryKey() : indexes.get(0).columns();
      return new SqlFailure(
          State.CARDINALITY_VIOLATION,
          "ON CONFLICT DO UPDATE would change a row of table "
              + ShownValues.name(definition)
              + " a second time: "
              + ShownValues.of(definition, columns, column -> row[column])
              + "; give each key once");
    }
  }
}

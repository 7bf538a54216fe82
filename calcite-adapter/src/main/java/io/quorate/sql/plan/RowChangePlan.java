package io.quorate.sql.plan;

import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.AccessPath;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.Frame;
import io.quorate.sql.exec.InsertedRows;
import io.quorate.sql.exec.Parameters;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.exec.StatementWrites;
import io.quorate.sql.exec.StoredRows;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** UPDATE and DELETE: finds rows, by a key where it can, and says what becomes of each. */
final class RowChangePlan implements Plan.Change, Explained {
  private final Target target;
  private final TableCodec table;
  private final List<ResultColumn> parameters;
  private final Optional<int[]> assigned;
  private final Source source;

  /** Where the rows are found. */
  private interface Source {
    void feed(ExecutionContext context, Sink sink);

    boolean isShort();

    boolean isStale();

    boolean isGenerated();

    boolean suitsAllValues();

    String explain();
  }

  private interface Sink {
    /** A row as it lies in the store, and the values for the columns that are assigned. */
    void row(RowKey key, Row row, @Nullable Object[] values);
  }

  private RowChangePlan(
      Target target, List<ResultColumn> parameters, Optional<int[]> assigned, Source source) {
    this.target = target;
    this.table = target.codec();
    this.parameters = parameters;
    this.assigned = assigned;
    this.source = source;
  }

  /**
   * Without generated code.
   *
   * @param target of the path
   * @param sizes of the table, by which the path was chosen
   * @param assigned ordinals of the columns that get values; empty to delete the rows
   * @param values for these columns
   * @param explainedFilter the conditions as text
   * @param brief whether condition and values are {@linkplain ShortExpressions short}
   * @param forAllValues whether the path is as good as any for all values of the parameters
   */
  static RowChangePlan ofTable(
      Target target,
      AccessPath path,
      PlannedSizes sizes,
      List<ResultColumn> parameters,
      Optional<Expression> condition,
      Optional<int[]> assigned,
      List<Expression> values,
      String explainedFilter,
      boolean brief,
      boolean forAllValues) {
    TableCodec table = path.table();
    return new RowChangePlan(
        target,
        parameters,
        assigned,
        new Source() {
          @Override
          public void feed(ExecutionContext context, Sink sink) {
            Frame frame =
                new Frame(
                    context, Parameters.convert(parameters, context.parameters()), table.rows());
            StoredRows rows = new StoredRows(path, frame);
            while (rows.next()) {
              frame.moveTo(rows.row());
              if (condition.isEmpty() || RexCompiler.holds(condition.get(), frame)) {
                sink.row(rows.key(), rows.row(), evaluate(values, frame));
              }
            }
          }

          @Override
          public boolean isShort() {
            return brief && path.isPoint();
          }

          @Override
          public boolean isStale() {
            return sizes.isStale();
          }

          @Override
          public boolean isGenerated() {
            return false;
          }

          @Override
          public boolean suitsAllValues() {
            return forAllValues;
          }

          @Override
          public String explain() {
            return "Access: " + path.describe() + explainedFilter;
          }
        });
  }

  private static @Nullable Object[] evaluate(List<Expression> expressions, Frame frame) {
    @Nullable Object[] values = new @Nullable Object[expressions.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = expressions.get(i).evaluate(frame);
    }
    return values;
  }

  /**
   * By a query of any kind.
   *
   * @param query whose first column is the row's key in the store, and whose others are the values
   */
  static RowChangePlan ofQuery(Target target, Plan.Query query, Optional<int[]> assigned) {
    TableCodec table = target.codec();
    return new RowChangePlan(
        target,
        query.parameters(),
        assigned,
        new Source() {
          @Override
          public void feed(ExecutionContext context, Sink sink) {
            try (RowCursor rows = query.open(context)) {
              @Nullable Object[] row = rows.next();
              while (row != null) {
                pass(row, context, sink);
                row = rows.next();
              }
            }
          }

          private void pass(@Nullable Object[] row, ExecutionContext context, Sink sink) {
            if (!(row[0] instanceof byte[] bytes)) {
              throw new SqlFailure(State.INTERNAL_ERROR, "a row to be changed has no key");
            }
            RowKey key = RowKey.wrap(bytes);
            Row stored = stored(context, table.definition(), key);
            @Nullable Object[] values = new @Nullable Object[row.length - 1];
            System.arraycopy(row, 1, values, 0, values.length);
            sink.row(key, stored, values);
          }

          @Override
          public boolean isShort() {
            return false;
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
          public boolean suitsAllValues() {
            return query.suitsAllValues();
          }

          @Override
          public String explain() {
            return "Rows of:\n" + Explained.indent(((Explained) query).explain());
          }
        });
  }

  /** The row that a query of the same view has found. */
  static Row stored(ExecutionContext context, TableDef table, RowKey key) {
    return context
        .view()
        .find(table.id(), key)
        .orElseThrow(() -> new SqlFailure(State.INTERNAL_ERROR, "a row to be changed is gone"));
  }

  @Override
  public List<ResultColumn> parameters() {
    return parameters;
  }

  @Override
  public boolean isShort() {
    return source.isShort()
        && (assigned.isPresent()
            ? target.isShortToUpdate(assigned.get())
            : target.isShortToDelete());
  }

  @Override
  public boolean isStale() {
    return source.isStale();
  }

  @Override
  public boolean isGenerated() {
    return source.isGenerated();
  }

  @Override
  public boolean suitsAllValues() {
    return source.suitsAllValues();
  }

  @Override
  public Changes evaluate(ExecutionContext context) {
    return evaluate(context, InsertedRows.IGNORED);
  }

  @Override
  public Changes evaluate(ExecutionContext context, InsertedRows told) {
    StatementWrites writes = new StatementWrites(target, context);
    long[] count = new long[1];
    source.feed(
        context,
        (key, row, values) -> {
          Alteration alteration = new Alteration(values);
          if (writes.alter(key, row, alteration)) {
            told.changed(table.definition(), alteration.shown);
            count[0]++;
          }
        });
    writes.finish();
    return Changes.of(count[0], writes);
  }

  /** What becomes of one row. */
  private final class Alteration implements StatementWrites.Alteration {
    private final @Nullable Object[] values;

    /** As it will be, or as it was if it goes. */
    private @Nullable Object[] shown = new @Nullable Object[0];

    Alteration(@Nullable Object[] values) {
      this.values = values;
    }

    @Override
    public @Nullable Object @Nullable [] of(@Nullable Object[] old) {
      if (assigned.isEmpty()) {
        shown = old;
        return null;
      }
      shown = changed(old, assigned.get(), values);
      return shown;
    }
  }

  private @Nullable Object[] changed(
      @Nullable Object[] old, int[] columns, @Nullable Object[] values) {
    @Nullable Object[] row = old.clone();
    for (int i = 0; i < columns.length; i++) {
      row[columns[i]] = Conversion.assign(values[i], table.definition(), columns[i]);
    }
    return row;
  }

  @Override
  public String explain() {
    return (assigned.isPresent() ? "Update " : "Delete from ")
        + Explained.name(table.definition())
        + "\n"
        + Explained.indent(source.explain());
  }
}

package io.quorate.sql.plan;

import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.RowCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.Frame;
import io.quorate.sql.exec.InsertedRows;
import io.quorate.sql.exec.Parameters;
import io.quorate.sql.exec.RandomIds;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.exec.StatementWrites;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** INSERT: rows that are given, or those of a query, each with a value for every visible column. */
final class InsertPlan implements Plan.Change, Explained {
  /** No column. */
  static final int NONE = -1;

  private static final RowCodec NO_COLUMNS = new RowCodec(List.of());

  /** Some ten microseconds. */
  private static final int SHORT_ROWS_MAX = 4;

  private final Target target;
  private final TableCodec table;
  private final List<ResultColumn> parameters;
  private final Source source;
  private final Optional<GeneratedIdentity> identity;
  private final Optional<ConflictAction> conflict;

  /** Where the rows come from. */
  private interface Source {
    void feed(ExecutionContext context, Sink sink);

    boolean isShort();

    boolean isStale();

    boolean isGenerated();

    boolean suitsAllValues();

    String explain();
  }

  private interface Sink {
    void row(@Nullable Object[] values);
  }

  private InsertPlan(
      Target target,
      List<ResultColumn> parameters,
      Source source,
      Optional<GeneratedIdentity> identity,
      Optional<ConflictAction> conflict) {
    this.target = target;
    this.table = target.codec();
    this.parameters = parameters;
    this.source = source;
    this.identity = identity;
    this.conflict = conflict;
  }

  /**
   * Rows that are given.
   *
   * @param brief whether their expressions are {@linkplain ShortExpressions short}
   */
  static InsertPlan ofValues(
      Target target,
      List<ResultColumn> parameters,
      List<List<Expression>> rows,
      boolean brief,
      Optional<GeneratedIdentity> identity) {
    return new InsertPlan(
        target,
        parameters,
        new Source() {
          @Override
          public void feed(ExecutionContext context, Sink sink) {
            Frame frame =
                new Frame(
                    context, Parameters.convert(parameters, context.parameters()), NO_COLUMNS);
            for (List<Expression> row : rows) {
              @Nullable Object[] values = new @Nullable Object[row.size()];
              for (int i = 0; i < values.length; i++) {
                values[i] = row.get(i).evaluate(frame);
              }
              sink.row(values);
            }
          }

          @Override
          public boolean isShort() {
            return brief && rows.size() <= SHORT_ROWS_MAX;
          }

          @Override
          public boolean isStale() {
            return false;
          }

          @Override
          public boolean isGenerated() {
            return false;
          }

          @Override
          public boolean suitsAllValues() {
            return true;
          }

          @Override
          public String explain() {
            return "Rows: " + rows.size() + " given";
          }
        },
        identity,
        Optional.empty());
  }

  static InsertPlan ofQuery(Target target, Plan.Query query, Optional<GeneratedIdentity> identity) {
    if (identity.isPresent() && !identity.get().isForAll()) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          "rows with a query among their values must all have DEFAULT for the identity column,"
              + " or none");
    }
    return new InsertPlan(
        target,
        query.parameters(),
        new Source() {
          @Override
          public void feed(ExecutionContext context, Sink sink) {
            try (RowCursor rows = query.open(context)) {
              @Nullable Object[] row = rows.next();
              while (row != null) {
                sink.row(row);
                row = rows.next();
              }
            }
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
        },
        identity,
        Optional.empty());
  }

  /** The same with ON CONFLICT behind it. */
  InsertPlan with(ConflictAction action) {
    List<ResultColumn> all = new ArrayList<>(parameters);
    all.addAll(action.parameters());
    return new InsertPlan(target, List.copyOf(all), source, identity, Optional.of(action));
  }

  @Override
  public List<ResultColumn> parameters() {
    return parameters;
  }

  @Override
  public boolean isShort() {
    return conflict.isEmpty() && source.isShort() && target.isShortToInsert();
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
  public Changes evaluate(ExecutionContext context, InsertedRows inserted) {
    StatementWrites writes = new StatementWrites(target, context);
    RowSink rows = sink(context, inserted, writes);
    int[] number = new int[1];
    long[] count = new long[1];
    source.feed(
        context,
        values -> {
          @Nullable Object[] row = complete(values, number[0], context);
          number[0]++;
          count[0] += rows.put(row) ? 1 : 0;
        });
    writes.finish();
    return Changes.of(count[0], writes);
  }

  /** Where complete rows go. */
  private interface RowSink {
    /** Whether it is put, or another one in its place. */
    boolean put(@Nullable Object[] row);
  }

  private RowSink sink(ExecutionContext context, InsertedRows inserted, StatementWrites writes) {
    if (conflict.isPresent()) {
      ConflictAction.Rows rows = conflict.get().in(context, table, writes);
      return row -> rows.put(row, inserted);
    }
    return row -> {
      writes.insert(row);
      inserted.row(table.definition(), row);
      return true;
    };
  }

  private @Nullable Object[] complete(
      @Nullable Object[] values, int number, ExecutionContext context) {
    int made =
        identity.filter(each -> each.isFor(number)).map(GeneratedIdentity::ordinal).orElse(NONE);
    return complete(values, table.definition(), made, context);
  }

  /**
   * A row of all columns but the generated ones.
   *
   * @param values of the visible columns
   * @param made ordinal of the column whose value is made, or {@link #NONE}
   */
  static @Nullable Object[] complete(
      @Nullable Object[] values, TableDef definition, int made, ExecutionContext context) {
    @Nullable Object[] row = new @Nullable Object[definition.columns().size()];
    for (int i = 0; i < values.length; i++) {
      if (definition.columns().get(i).generatedSql() != null) {
        continue;
      }
      Object value =
          i == made ? context.sequences().next(definition.columns().get(i).generator()) : values[i];
      row[i] = Conversion.assign(value, definition, i);
    }
    if (definition.hasHiddenKey()) {
      row[row.length - 1] = RandomIds.next(context.random());
    }
    return row;
  }

  @Override
  public String explain() {
    return "Insert into "
        + Explained.name(table.definition())
        + "\n"
        + Explained.indent(
            conflict.map(action -> action.explain() + "\n").orElse("") + source.explain());
  }
}

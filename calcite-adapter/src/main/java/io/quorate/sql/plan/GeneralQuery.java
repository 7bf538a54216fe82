package io.quorate.sql.plan;

import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.exec.StatementContext;
import io.quorate.sql.exec.StepCounts;
import io.quorate.sql.exec.Values;
import io.quorate.sql.parse.StatementParser;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.runtime.Bindable;
import org.jspecify.annotations.Nullable;

/** A query compiled to generated code. */
final class GeneralQuery implements Plan.Query, Counted {
  /** By this name the generator of code asks how lenient it is to be. */
  private static final String CONFORMANCE = "_conformance";

  private final List<ResultColumn> parameters;
  private final List<ResultColumn> columns;
  private final Bindable<?> code;
  private final Map<String, Object> stash;
  private final PlanSteps steps;
  private final PlannedSizes sizes;

  private GeneralQuery(
      List<ResultColumn> parameters,
      List<ResultColumn> columns,
      Bindable<?> code,
      Map<String, Object> stash,
      PlanSteps steps,
      PlannedSizes sizes) {
    this.parameters = parameters;
    this.columns = columns;
    this.code = code;
    this.stash = stash;
    this.steps = steps;
    this.sizes = sizes;
  }

  static GeneralQuery of(
      RelNode converted, List<ResultColumn> parameters, List<ResultColumn> columns) {
    return of(converted, parameters, columns, false);
  }

  /** One whose steps count their rows, for {@link #open(ExecutionContext, StepCounts)}. */
  static GeneralQuery counted(
      RelNode converted, List<ResultColumn> parameters, List<ResultColumn> columns) {
    return of(converted, parameters, columns, true);
  }

  private static GeneralQuery of(
      RelNode converted,
      List<ResultColumn> parameters,
      List<ResultColumn> columns,
      boolean counted) {
    return of(converted, Optimizer.optimize(converted), parameters, columns, counted);
  }

  /** One of operators that are chosen. */
  static GeneralQuery of(
      RelNode converted,
      EnumerableRel rel,
      List<ResultColumn> parameters,
      List<ResultColumn> columns,
      boolean counted) {
    PlannedSizes sizes = PlannedSizes.of(converted);
    Map<String, Object> stash = new HashMap<>(InLists.stash(converted));
    stash.put(CONFORMANCE, StatementParser.CONFORMANCE);
    PlanSteps steps = PlanSteps.of(rel, counted);
    RelNode metered =
        (counted ? rel.accept(new CountPlacement()) : rel).accept(new MeterPlacement());
    Bindable<?> code = compile(new OrderedRows(metered), stash);
    return new GeneralQuery(parameters, columns, code, Map.copyOf(stash), steps, sizes);
  }

  /**
   * Its constants are computed while its classes are initialized, some of them by the first row:
   * what fails there, or because that has failed, is no fault.
   */
  private static Bindable<?> compile(EnumerableRel rel, Map<String, Object> stash) {
    try {
      return GeneratedCode.of(rel, stash);
    } catch (LinkageError e) {
      throw Failures.running(e);
    }
  }

  @Override
  public boolean isStale() {
    return sizes.isStale();
  }

  @Override
  public boolean isGenerated() {
    return true;
  }

  @Override
  public List<ResultColumn> parameters() {
    return parameters;
  }

  @Override
  public List<ResultColumn> columns() {
    return columns;
  }

  @Override
  public RowCursor open(ExecutionContext context) {
    return open(context, StepCounts.none(context));
  }

  @Override
  public int stepCount() {
    return steps.count();
  }

  @Override
  public RowCursor open(ExecutionContext context, StepCounts counts) {
    StatementContext statement = new StatementContext(context, parameters, stash, counts);
    try {
      return new Rows(code.bind(statement).enumerator());
    } catch (RuntimeException | AssertionError | StackOverflowError | LinkageError e) {
      throw Failures.running(e);
    }
  }

  @Override
  public String explain() {
    return steps.text();
  }

  @Override
  public String explain(StepCounts counts) {
    return steps.text(counts);
  }

  private final class Rows implements RowCursor {
    private final Enumerator<?> rows;
    private boolean closed;

    Rows(Enumerator<?> rows) {
      this.rows = rows;
    }

    @Override
    public @Nullable Object @Nullable [] next() {
      try {
        return !closed && rows.moveNext() ? external(rows.current()) : null;
      } catch (RuntimeException | AssertionError | StackOverflowError | LinkageError e) {
        throw Failures.running(e);
      }
    }

    private @Nullable Object[] external(@Nullable Object row) {
      @Nullable Object[] values = new @Nullable Object[columns.size()];
      if (values.length == 1) {
        values[0] = Values.fromInternal(columns.get(0).type(), row);
        return values;
      }
      // Of some operators, such as UNNEST, a row is a list of its values.
      @Nullable Object[] internal =
          row instanceof List<?> list
              ? list.toArray()
              : (@Nullable Object[]) java.util.Objects.requireNonNull(row);
      for (int i = 0; i < values.length; i++) {
        values[i] = Values.fromInternal(columns.get(i).type(), internal[i]);
      }
      return values;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        rows.close();
      }
    }
  }
}

package io.quorate.sql.plan;

import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.exec.StatementContext;
import io.quorate.sql.exec.Values;
import io.quorate.sql.parse.StatementParser;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.adapter.enumerable.EnumerableInterpretable;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.sql.SqlExplainLevel;
import org.jspecify.annotations.Nullable;

/** A query compiled to generated code. */
final class GeneralQuery implements Plan.Query, Explained {
  /** By this name the generator of code asks how lenient it is to be. */
  private static final String CONFORMANCE = "_conformance";

  private final List<ResultColumn> parameters;
  private final List<ResultColumn> columns;
  private final Bindable<?> code;
  private final Map<String, Object> stash;
  private final String explained;
  private final PlannedSizes sizes;

  private GeneralQuery(
      List<ResultColumn> parameters,
      List<ResultColumn> columns,
      Bindable<?> code,
      Map<String, Object> stash,
      String explained,
      PlannedSizes sizes) {
    this.parameters = parameters;
    this.columns = columns;
    this.code = code;
    this.stash = stash;
    this.explained = explained;
    this.sizes = sizes;
  }

  static GeneralQuery of(
      RelNode converted, List<ResultColumn> parameters, List<ResultColumn> columns) {
    PlannedSizes sizes = PlannedSizes.of(converted);
    EnumerableRel rel = Optimizer.optimize(converted);
    Map<String, Object> stash = new HashMap<>();
    stash.put(CONFORMANCE, StatementParser.CONFORMANCE);
    EnumerableRel metered = (EnumerableRel) rel.accept(new MeterPlacement());
    Bindable<?> code = compile(metered, stash);
    String explained = RelOptUtil.toString(rel, SqlExplainLevel.EXPPLAN_ATTRIBUTES).strip();
    return new GeneralQuery(parameters, columns, code, Map.copyOf(stash), explained, sizes);
  }

  /** Its constants are computed while its class is initialized: what fails there is no fault. */
  private static Bindable<?> compile(EnumerableRel rel, Map<String, Object> stash) {
    try {
      return EnumerableInterpretable.toBindable(stash, null, rel, EnumerableRel.Prefer.ARRAY);
    } catch (ExceptionInInitializerError e) {
      throw Failures.running(e);
    }
  }

  @Override
  public boolean isStale() {
    return sizes.isStale();
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
    StatementContext statement = new StatementContext(context, parameters, stash);
    try {
      return new Rows(code.bind(statement).enumerator());
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      throw Failures.running(e);
    }
  }

  @Override
  public String explain() {
    return explained;
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
      } catch (RuntimeException | AssertionError | StackOverflowError e) {
        throw Failures.running(e);
      }
    }

    private @Nullable Object[] external(@Nullable Object row) {
      @Nullable Object[] values = new @Nullable Object[columns.size()];
      if (values.length == 1) {
        values[0] = Values.fromInternal(columns.get(0).type(), row);
        return values;
      }
      @Nullable Object[] internal = (@Nullable Object[]) java.util.Objects.requireNonNull(row);
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

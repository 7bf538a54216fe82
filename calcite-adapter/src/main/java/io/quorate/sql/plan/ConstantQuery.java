package io.quorate.sql.plan;

import io.quorate.sql.codec.RowCodec;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.Frame;
import io.quorate.sql.exec.Parameters;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.exec.Values;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** A query of no table: {@code SELECT 1}, VALUES. */
final class ConstantQuery implements Plan.Query, Explained {
  private static final RowCodec NO_COLUMNS = new RowCodec(List.of());

  private static final int SHORT_ROWS_MAX = 16;

  private final List<ResultColumn> parameters;
  private final List<ResultColumn> columns;
  private final List<List<Expression>> rows;
  private final boolean brief;

  private ConstantQuery(
      List<ResultColumn> parameters,
      List<ResultColumn> columns,
      List<List<Expression>> rows,
      boolean brief) {
    this.parameters = parameters;
    this.columns = List.copyOf(columns);
    this.rows = rows;
    this.brief = brief;
  }

  /** Empty when an expression needs generated code. */
  static Optional<ConstantQuery> of(
      List<List<RexNode>> rows, List<ResultColumn> parameters, List<ResultColumn> columns) {
    boolean brief = rows.size() <= SHORT_ROWS_MAX && rows.stream().allMatch(ShortExpressions::are);
    return RexCompiler.compileRows(rows)
        .map(compiled -> new ConstantQuery(parameters, columns, compiled, brief));
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
  public boolean isShort() {
    return brief;
  }

  @Override
  public RowCursor open(ExecutionContext context) {
    Frame frame =
        new Frame(context, Parameters.convert(parameters, context.parameters()), NO_COLUMNS);
    Iterator<List<Expression>> left = rows.iterator();
    return new RowCursor() {
      @Override
      public @Nullable Object @Nullable [] next() {
        return left.hasNext() ? row(left.next(), frame) : null;
      }

      @Override
      public void close() {}
    };
  }

  private @Nullable Object[] row(List<Expression> row, Frame frame) {
    @Nullable Object[] values = new @Nullable Object[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Values.result(columns.get(i).type(), row.get(i).evaluate(frame));
    }
    return values;
  }

  @Override
  public String explain() {
    return "Rows: " + rows.size() + " given";
  }
}

package io.quorate.sql.plan;

import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * MIN and MAX of columns of one table that keys or indexes have in order: each is the first row
 * from one end.
 */
final class ExtremesQuery implements Plan.Query, Explained {
  private final List<ResultColumn> parameters;
  private final List<ResultColumn> columns;
  private final List<ShortQuery> firsts;

  private ExtremesQuery(
      List<ResultColumn> parameters, List<ResultColumn> columns, List<ShortQuery> firsts) {
    this.parameters = parameters;
    this.columns = List.copyOf(columns);
    this.firsts = List.copyOf(firsts);
  }

  /** Empty where one of them would be found by looking at all rows. */
  static Optional<ExtremesQuery> of(
      RelNode rel, List<ResultColumn> parameters, List<ResultColumn> columns) {
    if (!(rel instanceof Aggregate aggregate) || !aggregate.getGroupSet().isEmpty()) {
      return Optional.empty();
    }
    Optional<SingleTable> rows = SingleTable.of(aggregate.getInput());
    List<ShortQuery> firsts = new ArrayList<>();
    for (AggregateCall call : aggregate.getAggCallList()) {
      List<ResultColumn> column = List.of(columns.get(firsts.size()));
      Optional<ShortQuery> first =
          rows.flatMap(all -> first(call, all))
              .flatMap(one -> ShortQuery.of(one, parameters, column))
              .filter(ShortQuery::isInOrder);
      if (first.isEmpty()) {
        return Optional.empty();
      }
      firsts.add(first.get());
    }
    return Optional.of(new ExtremesQuery(parameters, columns, firsts));
  }

  private static Optional<SingleTable> first(AggregateCall call, SingleTable rows) {
    SqlKind kind = call.getAggregation().getKind();
    return (kind == SqlKind.MIN || kind == SqlKind.MAX)
            && !call.hasFilter()
            && rows.projects().get(call.getArgList().get(0)) instanceof RexInputRef column
        ? rows.first(column, kind == SqlKind.MAX)
        : Optional.empty();
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
  public boolean isStale() {
    return firsts.stream().anyMatch(ShortQuery::isStale);
  }

  @Override
  public boolean suitsAllValues() {
    return firsts.stream().allMatch(ShortQuery::suitsAllValues);
  }

  @Override
  public RowCursor open(ExecutionContext context) {
    return new RowCursor() {
      private boolean done;

      @Override
      public @Nullable Object @Nullable [] next() {
        if (done) {
          return null;
        }
        done = true;
        @Nullable Object[] values = new @Nullable Object[firsts.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = firsts.get(i).firstValue(context);
        }
        return values;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public String explain() {
    return firsts.stream().map(ShortQuery::explain).collect(Collectors.joining("\n"));
  }
}

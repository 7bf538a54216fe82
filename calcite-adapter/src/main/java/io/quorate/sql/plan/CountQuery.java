package io.quorate.sql.plan;

import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** {@code SELECT COUNT(*) FROM t}: the store knows. */
final class CountQuery implements Plan.Query, Explained {
  private final TableDef table;
  private final List<ResultColumn> columns;

  private CountQuery(TableDef table, List<ResultColumn> columns) {
    this.table = table;
    this.columns = columns;
  }

  static Optional<CountQuery> of(RelNode rel, List<ResultColumn> columns) {
    if (!(rel instanceof Aggregate aggregate)
        || !aggregate.getGroupSet().isEmpty()
        || aggregate.getAggCallList().size() != 1
        || !isCountOfRows(aggregate.getAggCallList().get(0))) {
      return Optional.empty();
    }
    RelNode input = aggregate.getInput();
    RelNode scan = input instanceof Project project ? project.getInput() : input;
    StoreTable table =
        scan instanceof TableScan found ? found.getTable().unwrap(StoreTable.class) : null;
    return table == null
        ? Optional.empty()
        : Optional.of(new CountQuery(table.definition(), columns));
  }

  private static boolean isCountOfRows(AggregateCall call) {
    return call.getAggregation().getKind() == SqlKind.COUNT
        && call.getArgList().isEmpty()
        && !call.hasFilter();
  }

  @Override
  public List<ResultColumn> parameters() {
    return List.of();
  }

  @Override
  public List<ResultColumn> columns() {
    return columns;
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
        return new @Nullable Object[] {context.view().rowCount(table.id())};
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public String explain() {
    return "Row count of " + Explained.name(table);
  }
}

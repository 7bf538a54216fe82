package io.quorate.sql.exec;

import io.quorate.sql.catalog.SqlType;
import java.util.List;
import java.util.function.Function;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Linq4j;
import org.jspecify.annotations.Nullable;

/** The rows of a table that is not stored but asked for. Immutable. */
public final class VirtualSource implements ScanSource {
  private final Function<ExecutionContext, List<@Nullable Object[]>> rows;
  private final List<SqlType> types;
  private final int[] columns;

  /**
   * @param types of all columns that {@code rows} have
   * @param columns ordinals of those asked for
   */
  public VirtualSource(
      Function<ExecutionContext, List<@Nullable Object[]>> rows,
      List<SqlType> types,
      int[] columns) {
    this.rows = rows;
    this.types = List.copyOf(types);
    this.columns = columns.clone();
  }

  @Override
  public Enumerable<Object> scan(DataContext context) {
    List<@Nullable Object[]> all = rows.apply(((StatementContext) context).execution());
    return Linq4j.asEnumerable(all).select(this::internal);
  }

  @SuppressWarnings("NullAway") // a single column may be NULL
  private Object internal(@Nullable Object[] row) {
    if (columns.length == 1) {
      return Values.toInternal(types.get(columns[0]), row[columns[0]]);
    }
    @Nullable Object[] values = new @Nullable Object[columns.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Values.toInternal(types.get(columns[i]), row[columns[i]]);
    }
    return values;
  }
}

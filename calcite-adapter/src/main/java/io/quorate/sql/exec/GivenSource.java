package io.quorate.sql.exec;

import io.quorate.sql.catalog.SqlType;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Linq4j;
import org.jspecify.annotations.Nullable;

/** Rows that a statement gives itself, as VALUES does. Immutable. */
public final class GivenSource implements ScanSource {
  private final List<SqlType> types;
  private final List<List<Expression>> rows;

  /**
   * @param rows of expressions that need no other row
   */
  public GivenSource(List<SqlType> types, List<List<Expression>> rows) {
    this.types = List.copyOf(types);
    this.rows = List.copyOf(rows);
  }

  @Override
  public Enumerable<Object> scan(DataContext context) {
    Frame frame = ((StatementContext) context).frame();
    return Linq4j.asEnumerable(rows).select(row -> internal(row, frame));
  }

  @SuppressWarnings("NullAway") // a single column may be NULL
  private Object internal(List<Expression> row, Frame frame) {
    @Nullable Object[] values = new @Nullable Object[row.size()];
    for (int i = 0; i < values.length; i++) {
      SqlType type = types.get(i);
      Object value = row.get(i).evaluate(frame);
      values[i] = value == null ? null : Values.toInternal(type, Conversion.convert(value, type));
    }
    return values.length == 1 ? values[0] : values;
  }
}

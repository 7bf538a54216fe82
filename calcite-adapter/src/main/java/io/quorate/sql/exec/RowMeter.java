package io.quorate.sql.exec;

import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.TransformedEnumerator;
import org.jspecify.annotations.Nullable;

/**
 * Counts the rows that flow into an operator that keeps them. Immutable; public because generated
 * code calls it.
 */
public final class RowMeter {
  private static final int VALUE_BYTES = 32;

  private static final int ROWS_PER_CHECK = 1024;
  private static final int ROW_BYTES = 48;

  private final int rowBytes;

  /**
   * @param columns how many a row has that is no array, and so cannot be looked into
   */
  public RowMeter(int columns) {
    this.rowBytes = ROW_BYTES + columns * VALUE_BYTES;
  }

  /** The rows, counted by the statement's meter as they pass. */
  public Enumerable<Object> count(DataContext context, Enumerable<Object> rows) {
    StatementContext statement = (StatementContext) context;
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<Object> enumerator() {
        return new Counted(rows.enumerator(), statement, rowBytes);
      }
    };
  }

  private static final class Counted extends TransformedEnumerator<Object, Object> {
    private final StatementContext statement;
    private final int rowBytes;
    private long rowCount;

    Counted(Enumerator<Object> rows, StatementContext statement, int rowBytes) {
      super(rows);
      this.rowBytes = rowBytes;
      this.statement = statement;
    }

    @Override
    public boolean moveNext() {
      if (++rowCount % ROWS_PER_CHECK == 0) {
        statement.execution().cancel().check();
      }
      return super.moveNext();
    }

    @Override
    protected Object transform(Object row) {
      if (row instanceof @Nullable Object[] values) {
        statement.meter().addRow(values);
      } else {
        statement.meter().add(rowBytes + Values.size(row));
      }
      return row;
    }
  }
}

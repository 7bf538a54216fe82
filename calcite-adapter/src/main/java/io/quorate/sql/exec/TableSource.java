package io.quorate.sql.exec;

import io.quorate.sql.codec.RowCodec;
import io.quorate.sql.store.Row;
import java.util.function.Supplier;
import org.apache.calcite.DataContext;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.jspecify.annotations.Nullable;

/** The rows of a stored table, of each only the columns that are asked for. Immutable. */
public final class TableSource implements ScanSource {
  /** Ordinal of the pseudo column that is the row's key in the store, as VARBINARY. */
  public static final int KEY_COLUMN = -1;

  private final AccessPath path;
  private final int[] columns;

  /**
   * @param columns ordinals of the table, or {@link #KEY_COLUMN}
   */
  public TableSource(AccessPath path, int[] columns) {
    this.path = path;
    this.columns = columns.clone();
  }

  AccessPath path() {
    return path;
  }

  @Override
  public Enumerable<Object> scan(DataContext context) {
    StatementContext statement = (StatementContext) context;
    RowCodec codec = path.table().rows();
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<Object> enumerator() {
        return rows(() -> new StoredRows(path, statement.frame(codec)));
      }
    };
  }

  /** What this source gives of other rows of its table. */
  Enumerator<Object> rows(Supplier<StoredRows> walk) {
    return new Rows(walk);
  }

  private final class Rows implements Enumerator<Object> {
    private final RowCodec codec = path.table().rows();
    private final Supplier<StoredRows> walk;
    private StoredRows rows;

    Rows(Supplier<StoredRows> walk) {
      this.walk = walk;
      this.rows = walk.get();
    }

    @Override
    public boolean moveNext() {
      return rows.next();
    }

    @Override
    @SuppressWarnings("NullAway") // a single column may be NULL
    public Object current() {
      if (columns.length == 1) {
        return column(rows.row(), columns[0]);
      }
      @Nullable Object[] values = new @Nullable Object[columns.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = column(rows.row(), columns[i]);
      }
      return values;
    }

    private @Nullable Object column(Row row, int ordinal) {
      return ordinal == KEY_COLUMN
          ? new ByteString(rows.key().unsafeBytes())
          : codec.internal(row, ordinal);
    }

    @Override
    public void reset() {
      rows = walk.get();
    }

    @Override
    public void close() {}
  }
}

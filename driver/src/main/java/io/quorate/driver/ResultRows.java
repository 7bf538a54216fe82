package io.quorate.driver;

import io.quorate.driver.route.RemoteCursor;
import io.quorate.driver.route.RouteResult;
import io.quorate.driver.route.Router;
import io.quorate.driver.route.SqlExceptions;
import io.quorate.driver.wire.LargeValue;
import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.WireColumn;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.util.ArrayImpl;
import org.apache.calcite.avatica.util.Cursor;
import org.jspecify.annotations.Nullable;

/** The rows of one result, fetched as they are read. Confined to the thread that reads. */
final class ResultRows implements Cursor {
  private static final @Nullable Object[] NO_ROW = {};

  private final Router router;
  private final Object owner;
  private final int fetchSize;
  private final long timeoutMillis;
  private final @Nullable RemoteCursor cursor;
  private final List<WireColumn> columns;
  private List<@Nullable Object[]> rows;
  private @Nullable AvaticaStatement statement;
  private int next;
  private @Nullable Object[] row = NO_ROW;
  private boolean lastWasNull;

  /**
   * @param owner whose cancelling ends a fetch
   */
  ResultRows(Router router, Object owner, RouteResult result, int fetchSize, long timeoutMillis) {
    this.router = router;
    this.owner = owner;
    this.fetchSize = fetchSize;
    this.timeoutMillis = timeoutMillis;
    this.cursor = result.cursor();
    this.rows = result.rows();
    this.columns = result.signature().columns();
  }

  @Override
  public List<Accessor> createAccessors(
      List<ColumnMetaData> types, java.util.Calendar localCalendar, ArrayImpl.Factory factory) {
    List<Accessor> accessors = new ArrayList<>(types.size());
    for (int i = 0; i < types.size(); i++) {
      accessors.add(new ValueAccessor(this, i));
    }
    return accessors;
  }

  @Override
  public boolean next() throws SQLException {
    while (next == rows.size()) {
      if (cursor == null || cursor.ended()) {
        row = NO_ROW;
        return false;
      }
      rows = router.transfers().fetch(owner, cursor, fetchSize, timeoutMillis);
      next = 0;
    }
    row = rows.get(next++);
    return true;
  }

  /** The value of the row that is read; null for NULL. */
  @Nullable Object value(int column) throws SQLException {
    if (column >= row.length) {
      throw SqlExceptions.of(ErrorCode.INVALID_PARAMETER, "the result is not on a row");
    }
    Object value = row[column];
    lastWasNull = value == null;
    return value;
  }

  /** Says whose result these are, before they are read. */
  void of(AvaticaStatement owning) {
    statement = owning;
  }

  /** An array of a column. */
  Array array(int column, List<?> elements) {
    return new QuorateArray(columns.get(column).element(), elements, this::open);
  }

  /** Rows that are here, as a result of the same statement. */
  private ResultSet open(Signature signature, List<@Nullable Object[]> others) throws SQLException {
    RouteResult result = RouteResult.local(signature, others);
    return QuorateResultSet.open(
        Objects.requireNonNull(statement, "told when the result was opened"),
        new ResultShape(signature),
        new ResultRows(router, owner, result, 0, 0));
  }

  /** Where the bytes of a large value of this result are, for as long as it is open. */
  LobSource source(LargeValue value) {
    if (!value.isNamed()) {
      return LobSource.of(value.unsafeBytes());
    }
    return new LobSource() {
      @Override
      public long byteCount() {
        return value.byteCount();
      }

      @Override
      public byte[] read(long offset, int countMax) throws SQLException {
        if (cursor == null) {
          throw SqlExceptions.of(
              ErrorCode.PROTOCOL_VIOLATION, "the node has named a large value of no open result");
        }
        return router.transfers().readValue(owner, cursor, value, offset, timeoutMillis);
      }
    };
  }

  @Override
  public boolean wasNull() {
    return lastWasNull;
  }

  @Override
  public void close() {
    rows = List.of();
    next = 0;
    row = NO_ROW;
    if (cursor != null) {
      router.transfers().closeCursor(cursor);
    }
  }
}

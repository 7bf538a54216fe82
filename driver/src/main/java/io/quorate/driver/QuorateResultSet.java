package io.quorate.driver;

import io.quorate.driver.route.SqlExceptions;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.TimeZone;
import org.apache.calcite.avatica.AvaticaResultSet;
import org.apache.calcite.avatica.AvaticaResultSetMetaData;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.QueryState;
import org.apache.calcite.avatica.util.Cursor;
import org.jspecify.annotations.Nullable;

/** Rows of a statement, forward and read only. Confined to one thread at a time, as JDBC has it. */
final class QuorateResultSet extends AvaticaResultSet {
  private static final QueryState NO_STATE = new QueryState("");

  /** Avatica makes a calendar of it for each result, which nothing here uses: the quickest. */
  private static final TimeZone UTC = TimeZone.getTimeZone("UTC");

  private QuorateResultSet(AvaticaStatement statement, ResultShape shape) throws SQLException {
    super(
        statement,
        NO_STATE,
        shape.avatica(),
        new AvaticaResultSetMetaData(statement, null, shape.avatica()),
        UTC,
        null);
  }

  static QuorateResultSet open(AvaticaStatement statement, ResultShape shape, ResultRows rows)
      throws SQLException {
    QuorateResultSet result = new QuorateResultSet(statement, shape);
    rows.of(statement);
    result.execute2(rows, shape.avatica().columns);
    return result;
  }

  @Override
  protected void checkOpen() throws SQLException {
    if (isClosed()) {
      throw SqlExceptions.of(ErrorCode.CONNECTION_CLOSED, "the result is closed");
    }
  }

  @Override
  public void close() {
    boolean open;
    try {
      open = !isClosed();
    } catch (SQLException e) {
      throw new IllegalStateException("isClosed only looks at a field", e);
    }
    if (open) {
      super.close();
    }
  }

  @Override
  public int findColumn(String columnLabel) throws SQLException {
    checkOpen();
    for (int i = 0; i < columnMetaDataList.size(); i++) {
      if (columnMetaDataList.get(i).label.equalsIgnoreCase(columnLabel)) {
        return i + 1;
      }
    }
    throw SqlExceptions.of(
        ErrorCode.COLUMN_NOT_FOUND, "the result has no column \"" + columnLabel + "\"");
  }

  private Cursor.Accessor accessor(int columnIndex) throws SQLException {
    checkOpen();
    if (columnIndex < 1 || columnIndex > accessorList.size()) {
      throw SqlExceptions.of(
          ErrorCode.INVALID_PARAMETER,
          "the result has no column " + columnIndex + ", there are " + accessorList.size());
    }
    return accessorList.get(columnIndex - 1);
  }

  // Avatica would ask for the class that it thinks the type has.
  @Override
  public @Nullable Object getObject(int columnIndex) throws SQLException {
    return accessor(columnIndex).getObject();
  }

  @Override
  public <T> @Nullable T getObject(int columnIndex, Class<T> type) throws SQLException {
    return accessor(columnIndex).getObject(type);
  }

  @Override
  public <T> @Nullable T getObject(String columnLabel, Class<T> type) throws SQLException {
    return getObject(findColumn(columnLabel), type);
  }

  // With its own calendar Avatica would go by the zone that the JVM had when the result was made.
  @Override
  public @Nullable Date getDate(int columnIndex) throws SQLException {
    return accessor(columnIndex).getDate(null);
  }

  @Override
  public @Nullable Time getTime(int columnIndex) throws SQLException {
    return accessor(columnIndex).getTime(null);
  }

  @Override
  public @Nullable Timestamp getTimestamp(int columnIndex) throws SQLException {
    return accessor(columnIndex).getTimestamp(null);
  }

  @Override
  public @Nullable Date getDate(String columnLabel) throws SQLException {
    return getDate(findColumn(columnLabel));
  }

  @Override
  public @Nullable Time getTime(String columnLabel) throws SQLException {
    return getTime(findColumn(columnLabel));
  }

  @Override
  public @Nullable Timestamp getTimestamp(String columnLabel) throws SQLException {
    return getTimestamp(findColumn(columnLabel));
  }

  // The others read by index or label; here so that a wrong one is told with its SQLState.
  @Override
  public @Nullable String getString(int columnIndex) throws SQLException {
    return accessor(columnIndex).getString();
  }

  @Override
  public @Nullable String getString(String columnLabel) throws SQLException {
    return getString(findColumn(columnLabel));
  }

  @Override
  public int getInt(int columnIndex) throws SQLException {
    return accessor(columnIndex).getInt();
  }

  @Override
  public int getInt(String columnLabel) throws SQLException {
    return getInt(findColumn(columnLabel));
  }

  @Override
  public long getLong(int columnIndex) throws SQLException {
    return accessor(columnIndex).getLong();
  }

  @Override
  public long getLong(String columnLabel) throws SQLException {
    return getLong(findColumn(columnLabel));
  }

  @Override
  public @Nullable Object getObject(String columnLabel) throws SQLException {
    return getObject(findColumn(columnLabel));
  }
}

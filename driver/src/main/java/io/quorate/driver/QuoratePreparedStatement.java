package io.quorate.driver;

import io.quorate.driver.route.SqlExceptions;
import io.quorate.driver.wire.Description;
import io.quorate.driver.wire.KeysAsked;
import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.WireType;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.avatica.AvaticaPreparedStatement;
import org.apache.calcite.avatica.AvaticaResultSet;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/** A statement with question marks, described by the server before it runs. */
final class QuoratePreparedStatement extends AvaticaPreparedStatement implements QuorateStatement {
  private final StatementRunner runner;
  private final String sql;
  private final boolean returnsRows;
  private final KeysAsked keys;
  private final Signature parameters;
  private final ParameterValues values;
  private final List<List<@Nullable Object>> batch = new ArrayList<>();

  QuoratePreparedStatement(
      QuorateConnection connection,
      Meta.StatementHandle handle,
      String sql,
      Description description,
      KeysAsked keys,
      int holdability)
      throws SQLException {
    super(
        connection,
        handle,
        ResultShape.avatica(description.columns(), description.parameters().columns()),
        ResultSet.TYPE_FORWARD_ONLY,
        ResultSet.CONCUR_READ_ONLY,
        holdability);
    this.runner = new StatementRunner(connection, this);
    this.sql = sql;
    this.returnsRows = description.returnsRows();
    this.keys = keys;
    this.parameters = description.parameters();
    this.values = new ParameterValues(description.parameters().size());
  }

  @Override
  protected void checkOpen() throws SQLException {
    if (isClosed()) {
      throw StatementRunner.closed();
    }
  }

  /** A large value goes ahead of the statement, unless its column is of a type that has none. */
  private Object send(LargeParameter parameter, int index) throws SQLException {
    WireType type = parameters.type(index);
    return type == WireType.BLOB || type == WireType.CLOB
        ? runner.send(parameter)
        : parameter.whole();
  }

  private void run() throws SQLException {
    checkOpen();
    closeResult();
    StatementRunner.Outcome outcome =
        runner.run(sql, values.snapshot(this::send), maxRowCount, keys);
    openResultSet = outcome.rows();
    updateCount = outcome.updateCount();
  }

  private void closeResult() {
    AvaticaResultSet open = openResultSet;
    openResultSet = null;
    updateCount = -1;
    if (open != null) {
      boolean onCompletion = closeOnCompletion;
      closeOnCompletion = false;
      open.close();
      closeOnCompletion = onCompletion;
    }
  }

  @Override
  public boolean execute() throws SQLException {
    run();
    return openResultSet != null;
  }

  @Override
  public ResultSet executeQuery() throws SQLException {
    run();
    ResultSet result = openResultSet;
    if (result == null) {
      throw StatementRunner.returnsNoRows();
    }
    return result;
  }

  @Override
  public long executeLargeUpdate() throws SQLException {
    run();
    if (openResultSet != null) {
      closeResult();
      throw StatementRunner.returnsRows();
    }
    return updateCount;
  }

  @Override
  public void addBatch() throws SQLException {
    checkOpen();
    batch.add(values.snapshot(this::send));
  }

  @Override
  public void clearBatch() throws SQLException {
    checkOpen();
    batch.clear();
  }

  @Override
  public long[] executeLargeBatch() throws SQLException {
    checkOpen();
    closeResult();
    List<List<@Nullable Object>> lists = new ArrayList<>(batch);
    batch.clear();
    return runner.runBatch(sql, lists, keys);
  }

  @Override
  public Optional<Receipt> receipt() {
    return runner.receipt();
  }

  /** Tells the server; does not wait for the statement's own thread. */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public void cancel() throws SQLException {
    checkOpen();
    runner.cancel();
  }

  @Override
  public int getQueryTimeout() throws SQLException {
    checkOpen();
    return runner.timeoutSeconds();
  }

  @Override
  public void setQueryTimeout(int seconds) throws SQLException {
    checkOpen();
    runner.setTimeoutSeconds(seconds);
  }

  @Override
  public void setFetchSize(int rows) throws SQLException {
    super.setFetchSize(StatementRunner.requireFetchSize(rows));
  }

  @Override
  public void setLargeMaxRows(long rows) throws SQLException {
    checkOpen();
    if (rows < 0) {
      throw SqlExceptions.of(ErrorCode.INVALID_PARAMETER, "a limit of " + rows + " rows");
    }
    maxRowCount = rows;
  }

  /** Escapes are not processed, so there is nothing to switch. */
  @Override
  public void setEscapeProcessing(boolean enable) throws SQLException {
    checkOpen();
  }

  @Override
  public void setPoolable(boolean poolable) throws SQLException {
    checkOpen();
  }

  /** There is one result to a statement, whatever becomes of it. */
  @Override
  public boolean getMoreResults(int current) throws SQLException {
    checkOpen();
    closeResult();
    return false;
  }

  @Override
  public ResultSet getGeneratedKeys() throws SQLException {
    checkOpen();
    return runner.generatedKeys();
  }

  @Override
  public @Nullable ResultSetMetaData getMetaData() throws SQLException {
    checkOpen();
    return returnsRows ? super.getMetaData() : null;
  }

  @Override
  public void clearParameters() throws SQLException {
    checkOpen();
    values.clear();
  }

  private void set(int index, @Nullable Object value) throws SQLException {
    checkOpen();
    values.set(index, value);
  }

  @Override
  public void setNull(int index, int sqlType) throws SQLException {
    set(index, null);
  }

  @Override
  public void setNull(int index, int sqlType, String typeName) throws SQLException {
    set(index, null);
  }

  @Override
  public void setBoolean(int index, boolean x) throws SQLException {
    set(index, x);
  }

  @Override
  public void setByte(int index, byte x) throws SQLException {
    set(index, x);
  }

  @Override
  public void setShort(int index, short x) throws SQLException {
    set(index, x);
  }

  @Override
  public void setInt(int index, int x) throws SQLException {
    set(index, x);
  }

  @Override
  public void setLong(int index, long x) throws SQLException {
    set(index, x);
  }

  @Override
  public void setFloat(int index, float x) throws SQLException {
    set(index, x);
  }

  @Override
  public void setDouble(int index, double x) throws SQLException {
    set(index, x);
  }

  @Override
  public void setBigDecimal(int index, @Nullable BigDecimal x) throws SQLException {
    set(index, x);
  }

  @Override
  public void setString(int index, @Nullable String x) throws SQLException {
    set(index, x);
  }

  @Override
  public void setNString(int index, @Nullable String x) throws SQLException {
    set(index, x);
  }

  @Override
  public void setBytes(int index, byte @Nullable [] x) throws SQLException {
    set(index, x == null ? null : x.clone());
  }

  @Override
  public void setDate(int index, @Nullable Date x) throws SQLException {
    setDate(index, x, null);
  }

  @Override
  public void setDate(int index, @Nullable Date x, java.util.@Nullable Calendar calendar)
      throws SQLException {
    set(index, x == null ? null : ParameterValues.ofDate(x, calendar));
  }

  @Override
  public void setTime(int index, @Nullable Time x) throws SQLException {
    setTime(index, x, null);
  }

  @Override
  public void setTime(int index, @Nullable Time x, java.util.@Nullable Calendar calendar)
      throws SQLException {
    set(index, x == null ? null : ParameterValues.ofTime(x, calendar));
  }

  @Override
  public void setTimestamp(int index, @Nullable Timestamp x) throws SQLException {
    setTimestamp(index, x, null);
  }

  @Override
  public void setTimestamp(int index, @Nullable Timestamp x, java.util.@Nullable Calendar calendar)
      throws SQLException {
    set(
        index,
        x == null
            ? null
            : wantsInstant(index)
                ? ParameterValues.ofInstant(x)
                : ParameterValues.ofTimestamp(x, calendar));
  }

  @Override
  public void setObject(int index, @Nullable Object x) throws SQLException {
    boolean isTime = !(x instanceof Date) && !(x instanceof Time);
    set(
        index,
        x instanceof java.util.Date && isTime && wantsInstant(index)
            ? ParameterValues.ofInstant((java.util.Date) x)
            : ParameterValues.of(x));
  }

  /** Whether a Timestamp goes as the instant that it is, and not as what a clock shows then. */
  private boolean wantsInstant(int index) {
    return index >= 1
        && index <= parameters.size()
        && parameters.type(index - 1) == WireType.TIMESTAMP_TZ;
  }

  @Override
  public void setObject(int index, @Nullable Object x, int targetSqlType) throws SQLException {
    set(index, ParameterValues.of(x, targetSqlType, -1));
  }

  @Override
  public void setObject(int index, @Nullable Object x, int targetSqlType, int scaleOrLength)
      throws SQLException {
    set(index, ParameterValues.of(x, targetSqlType, scaleOrLength));
  }

  @Override
  public void setObject(int index, @Nullable Object x, SQLType targetSqlType) throws SQLException {
    set(index, ParameterValues.of(x, targetSqlType.getVendorTypeNumber(), -1));
  }

  @Override
  public void setObject(int index, @Nullable Object x, SQLType targetSqlType, int scaleOrLength)
      throws SQLException {
    set(index, ParameterValues.of(x, targetSqlType.getVendorTypeNumber(), scaleOrLength));
  }

  @Override
  public void setArray(int index, @Nullable Array x) throws SQLException {
    set(index, ParameterValues.of(x));
  }

  @Override
  public void setURL(int index, @Nullable URL x) throws SQLException {
    set(index, x == null ? null : x.toExternalForm());
  }

  private void setText(int index, @Nullable Reader reader, long length) throws SQLException {
    set(index, reader == null ? null : LargeParameter.of(reader, length));
  }

  private void setStream(int index, @Nullable InputStream stream, long length) throws SQLException {
    set(index, stream == null ? null : LargeParameter.of(stream, length));
  }

  private void setAscii(int index, @Nullable InputStream stream, long length) throws SQLException {
    setText(
        index,
        stream == null ? null : new InputStreamReader(stream, StandardCharsets.US_ASCII),
        length);
  }

  @Override
  public void setCharacterStream(int index, @Nullable Reader x, int length) throws SQLException {
    setText(index, x, length);
  }

  @Override
  public void setCharacterStream(int index, @Nullable Reader x, long length) throws SQLException {
    setText(index, x, length);
  }

  @Override
  public void setCharacterStream(int index, @Nullable Reader x) throws SQLException {
    setText(index, x, -1);
  }

  @Override
  public void setNCharacterStream(int index, @Nullable Reader x, long length) throws SQLException {
    setText(index, x, length);
  }

  @Override
  public void setNCharacterStream(int index, @Nullable Reader x) throws SQLException {
    setText(index, x, -1);
  }

  @Override
  public void setClob(int index, @Nullable Reader x, long length) throws SQLException {
    setText(index, x, length);
  }

  @Override
  public void setClob(int index, @Nullable Reader x) throws SQLException {
    setText(index, x, -1);
  }

  @Override
  public void setClob(int index, @Nullable Clob x) throws SQLException {
    set(index, ParameterValues.of(x));
  }

  @Override
  public void setNClob(int index, @Nullable Reader x, long length) throws SQLException {
    setText(index, x, length);
  }

  @Override
  public void setNClob(int index, @Nullable Reader x) throws SQLException {
    setText(index, x, -1);
  }

  @Override
  public void setNClob(int index, @Nullable NClob x) throws SQLException {
    set(index, ParameterValues.of(x));
  }

  @Override
  public void setAsciiStream(int index, @Nullable InputStream x, int length) throws SQLException {
    setAscii(index, x, length);
  }

  @Override
  public void setAsciiStream(int index, @Nullable InputStream x, long length) throws SQLException {
    setAscii(index, x, length);
  }

  @Override
  public void setAsciiStream(int index, @Nullable InputStream x) throws SQLException {
    setAscii(index, x, -1);
  }

  @Override
  public void setBinaryStream(int index, @Nullable InputStream x, int length) throws SQLException {
    setStream(index, x, length);
  }

  @Override
  public void setBinaryStream(int index, @Nullable InputStream x, long length) throws SQLException {
    setStream(index, x, length);
  }

  @Override
  public void setBinaryStream(int index, @Nullable InputStream x) throws SQLException {
    setStream(index, x, -1);
  }

  @Override
  public void setBlob(int index, @Nullable InputStream x, long length) throws SQLException {
    setStream(index, x, length);
  }

  @Override
  public void setBlob(int index, @Nullable InputStream x) throws SQLException {
    setStream(index, x, -1);
  }

  @Override
  public void setBlob(int index, @Nullable Blob x) throws SQLException {
    set(index, ParameterValues.of(x));
  }
}

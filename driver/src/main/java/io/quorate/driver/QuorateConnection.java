package io.quorate.driver;

import io.quorate.driver.route.Router;
import io.quorate.driver.route.SqlExceptions;
import io.quorate.driver.wire.Description;
import io.quorate.driver.wire.KeysAsked;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ClientInfoStatus;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.Executor;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.AvaticaFactory;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.ConnectionConfig;
import org.apache.calcite.avatica.ConnectionConfigImpl;
import org.jspecify.annotations.Nullable;

/**
 * A connection of JDBC over a {@link Router}. As thread-safe as the router: what two threads ask of
 * one connection happens one after the other.
 */
final class QuorateConnection extends AvaticaConnection {
  static final String CATALOG = "QUORATE";

  /**
   * Avatica parses its options anew for each statement, and loads its HTTP client to do so; what it
   * asks for here is answered once and without.
   */
  private static final ConnectionConfig AVATICA_CONFIG =
      new ConnectionConfigImpl(new Properties()) {
        @Override
        public int fetchSize() {
          return 0;
        }

        @Override
        public boolean transparentReconnectionEnabled() {
          return false;
        }

        @Override
        public @Nullable String timeZone() {
          return null;
        }
      };

  private final QuorateUrl parsed;
  private final ShapeCache shapes = new ShapeCache();
  private final Properties clientInfo = new Properties();
  private @Nullable Router router;
  private @Nullable Savepoints savepoints;

  QuorateConnection(
      QuorateDriver driver,
      AvaticaFactory factory,
      String url,
      Properties info,
      QuorateUrl parsed) {
    super(driver, factory, url, info);
    this.parsed = parsed;
  }

  /** Connects; to be called once, before anything else. */
  void open(Random random) throws SQLException {
    Router opened = Router.connect(parsed.routeOptions(), random);
    savepoints = new Savepoints(opened);
    router = opened;
    String token = parsed.option(ConnectionOption.READ_AFTER);
    if (!token.isEmpty()) {
      opened.readAfter(token);
      clientInfo.setProperty(Router.READ_AFTER, token);
    }
  }

  Router router() {
    Router open = router;
    if (open == null) {
      throw new IllegalStateException("the connection was not opened");
    }
    return open;
  }

  private Savepoints savepoints() {
    Savepoints open = savepoints;
    if (open == null) {
      throw new IllegalStateException("the connection was not opened");
    }
    return open;
  }

  ShapeCache shapes() {
    return shapes;
  }

  int fetchSize() {
    return parsed.number(ConnectionOption.FETCH_SIZE);
  }

  long queryTimeoutMillis() {
    return parsed.number(ConnectionOption.QUERY_TIMEOUT);
  }

  String userName() {
    return parsed.option(ConnectionOption.USER);
  }

  @Override
  public ConnectionConfig config() {
    return AVATICA_CONFIG;
  }

  @Override
  protected void checkOpen() throws SQLException {
    if (isClosed()) {
      throw SqlExceptions.of(ErrorCode.CONNECTION_CLOSED, "the connection is closed");
    }
  }

  @Override
  public boolean isClosed() throws SQLException {
    Router open = router;
    return super.isClosed() || (open != null && open.isClosed());
  }

  @Override
  public void close() throws SQLException {
    for (AvaticaStatement statement : new ArrayList<>(statementMap.values())) {
      statement.close();
    }
    Router open = router;
    if (open != null) {
      open.close();
    }
    super.close();
  }

  @Override
  public void abort(Executor executor) {
    Router open = router;
    if (open != null) {
      executor.execute(open::abort);
    }
  }

  @Override
  public boolean isValid(int timeout) throws SQLException {
    if (timeout < 0) {
      throw SqlExceptions.of(ErrorCode.INVALID_PARAMETER, "a timeout of " + timeout + " s");
    }
    return !isClosed()
        && router()
            .ping(timeout == 0 ? parsed.number(ConnectionOption.CONNECT_TIMEOUT) : timeout * 1000L);
  }

  @Override
  public void setAutoCommit(boolean autoCommit) throws SQLException {
    checkOpen();
    if (autoCommit != router().autocommit()) {
      if (autoCommit) {
        savepoints().clear();
        router().commit();
      }
      router().set(Router.AUTOCOMMIT, String.valueOf(autoCommit));
    }
  }

  @Override
  public boolean getAutoCommit() throws SQLException {
    checkOpen();
    return router().autocommit();
  }

  @Override
  public void commit() throws SQLException {
    checkOpen();
    requireManual("commit");
    savepoints().clear();
    router().commit();
  }

  @Override
  public void rollback() throws SQLException {
    checkOpen();
    requireManual("rollback");
    savepoints().clear();
    router().rollback();
  }

  @Override
  public Savepoint setSavepoint() throws SQLException {
    checkOpen();
    requireManual("setSavepoint");
    return savepoints().set(null);
  }

  /** The name is taken as it is, as SQL takes it in quotes. */
  @Override
  public Savepoint setSavepoint(String name) throws SQLException {
    checkOpen();
    requireManual("setSavepoint");
    return savepoints().set(name);
  }

  @Override
  public void releaseSavepoint(Savepoint savepoint) throws SQLException {
    checkOpen();
    requireManual("releaseSavepoint");
    savepoints().release(savepoint);
  }

  @Override
  public void rollback(Savepoint savepoint) throws SQLException {
    checkOpen();
    requireManual("rollback");
    savepoints().rollbackTo(savepoint);
  }

  private void requireManual(String what) throws SQLException {
    if (router().autocommit()) {
      throw SqlExceptions.of(
          ErrorCode.INVALID_TRANSACTION_STATE, what + " is for connections without autocommit");
    }
  }

  @Override
  public void setReadOnly(boolean readOnly) throws SQLException {
    checkOpen();
    router().set(Router.READ_ONLY, String.valueOf(readOnly));
  }

  @Override
  public boolean isReadOnly() throws SQLException {
    checkOpen();
    return router().get(Router.READ_ONLY).equalsIgnoreCase("true");
  }

  @Override
  public void setTransactionIsolation(int level) throws SQLException {
    checkOpen();
    router().set(Router.ISOLATION, isolationName(level));
  }

  private static String isolationName(int level) throws SQLException {
    switch (level) {
      // No read sees what is not committed, so it is given more than it asks for.
      case TRANSACTION_READ_UNCOMMITTED:
      case TRANSACTION_READ_COMMITTED:
        return "READ COMMITTED";
      case TRANSACTION_REPEATABLE_READ:
        return "REPEATABLE READ";
      case TRANSACTION_SERIALIZABLE:
        return "SERIALIZABLE";
      default:
        throw SqlExceptions.of(
            ErrorCode.INVALID_PARAMETER, "there is no transaction isolation " + level);
    }
  }

  @Override
  public int getTransactionIsolation() throws SQLException {
    checkOpen();
    switch (router().get(Router.ISOLATION).toUpperCase(Locale.ROOT).replace('_', ' ')) {
      case "READ COMMITTED":
        return TRANSACTION_READ_COMMITTED;
      case "SERIALIZABLE":
        return TRANSACTION_SERIALIZABLE;
      default:
        return TRANSACTION_REPEATABLE_READ;
    }
  }

  @Override
  public void setSchema(String schema) throws SQLException {
    checkOpen();
    router().set(Router.SCHEMA, schema);
    shapes.clear();
  }

  @Override
  public String getSchema() throws SQLException {
    checkOpen();
    return router().get(Router.SCHEMA);
  }

  /** There is one; JDBC has drivers ignore others. */
  @Override
  public void setCatalog(String catalog) throws SQLException {
    checkOpen();
  }

  @Override
  public String getCatalog() throws SQLException {
    checkOpen();
    return CATALOG;
  }

  @Override
  public String nativeSQL(String sql) throws SQLException {
    checkOpen();
    return sql;
  }

  @Override
  public Map<String, Class<?>> getTypeMap() throws SQLException {
    checkOpen();
    return Map.of();
  }

  /**
   * Two names mean something: {@code read_after} takes a token of {@code LAST_COMMIT_TOKEN()}, and
   * from then on reads show at least that; {@code ApplicationName} is shown with the session.
   * Others are kept for whoever asks.
   */
  @Override
  public void setClientInfo(String name, @Nullable String value) throws SQLClientInfoException {
    try {
      use(name, value == null ? "" : value);
    } catch (SQLException e) {
      throw new SQLClientInfoException(
          e.getMessage(),
          e.getSQLState(),
          e.getErrorCode(),
          Map.of(name, ClientInfoStatus.REASON_VALUE_INVALID),
          e);
    }
    if (value == null) {
      clientInfo.remove(name);
    } else {
      clientInfo.setProperty(name, value);
    }
  }

  private void use(String name, String value) throws SQLException {
    if (name.equals(Router.READ_AFTER) && !value.isEmpty()) {
      router().readAfter(value);
    } else if (name.equals("ApplicationName")) {
      router().set(Router.APPLICATION_NAME, value);
    }
  }

  @Override
  public void setClientInfo(Properties properties) throws SQLClientInfoException {
    clientInfo.clear();
    for (String name : properties.stringPropertyNames()) {
      setClientInfo(name, properties.getProperty(name));
    }
  }

  @Override
  public @Nullable String getClientInfo(String name) throws SQLException {
    checkOpen();
    return clientInfo.getProperty(name);
  }

  @Override
  public Properties getClientInfo() throws SQLException {
    checkOpen();
    Properties copy = new Properties();
    copy.putAll(clientInfo);
    return copy;
  }

  // Results are forward and read only; JDBC lets a driver give less than was asked for, and
  // getResultSetType tells.
  @Override
  public AvaticaStatement createStatement(int type, int concurrency, int holdability)
      throws SQLException {
    checkOpen();
    return new QuoratePlainStatement(this, null, holdability);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    return prepare(sql, holdability, KeysAsked.NONE);
  }

  private PreparedStatement prepare(String sql, int holdability, KeysAsked keys)
      throws SQLException {
    checkOpen();
    Description description = shapes.findDescription(sql).orElse(null);
    if (description == null) {
      description = router().describe(sql);
      shapes.keepDescription(sql, description);
      if (description.returnsRows()) {
        shapes.keep(sql, new ResultShape(description.columns()));
      }
    }
    return new QuoratePreparedStatement(
        this, meta.createStatement(handle), sql, description, keys, holdability);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
    return prepare(sql, getHoldability(), StatementRunner.keys(autoGeneratedKeys));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
    return prepare(sql, getHoldability(), StatementRunner.keys(columnIndexes));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
    return prepare(sql, getHoldability(), StatementRunner.keys(columnNames));
  }

  @Override
  public int getHoldability() {
    return ResultSet.HOLD_CURSORS_OVER_COMMIT;
  }

  @Override
  public Array createArrayOf(String typeName, Object[] elements) throws SQLException {
    checkOpen();
    return QuorateArray.of(typeName, elements);
  }

  @Override
  public Blob createBlob() throws SQLException {
    checkOpen();
    return QuorateBlob.empty();
  }

  @Override
  public Clob createClob() throws SQLException {
    return createNClob();
  }

  @Override
  public NClob createNClob() throws SQLException {
    checkOpen();
    return QuorateClob.empty();
  }
}

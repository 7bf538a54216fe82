package io.quorate.driver;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.MetaImpl;
import org.apache.calcite.avatica.QueryState;
import org.apache.calcite.avatica.remote.TypedValue;

/**
 * What Avatica's classes ask of a server that they believe to be behind this: handles, and empty
 * metadata. All that runs on a server goes by the connection's router instead, because Avatica's
 * verbs have no place for settings, stamps, timeouts and tokens; a call of one of those verbs is a
 * bug.
 */
final class ClientMeta extends MetaImpl {
  private final AtomicInteger statements = new AtomicInteger();

  ClientMeta(AvaticaConnection connection) {
    super(connection);
  }

  @Override
  public StatementHandle createStatement(ConnectionHandle ch) {
    return new StatementHandle(ch.id, statements.incrementAndGet(), null);
  }

  @Override
  public void closeStatement(StatementHandle h) {}

  @Override
  public StatementHandle prepare(ConnectionHandle ch, String sql, long maxRowCount) {
    throw bypassed();
  }

  @Override
  @Deprecated
  public ExecuteResult prepareAndExecute(
      StatementHandle h, String sql, long maxRowCount, PrepareCallback callback) {
    throw bypassed();
  }

  @Override
  public ExecuteResult prepareAndExecute(
      StatementHandle h,
      String sql,
      long maxRowCount,
      int maxRowsInFirstFrame,
      PrepareCallback callback) {
    throw bypassed();
  }

  @Override
  public ExecuteBatchResult prepareAndExecuteBatch(StatementHandle h, List<String> sqlCommands) {
    throw bypassed();
  }

  @Override
  public ExecuteBatchResult executeBatch(
      StatementHandle h, List<List<TypedValue>> parameterValues) {
    throw bypassed();
  }

  @Override
  public Frame fetch(StatementHandle h, long offset, int fetchMaxRowCount) {
    throw bypassed();
  }

  @Override
  @Deprecated
  public ExecuteResult execute(
      StatementHandle h, List<TypedValue> parameterValues, long maxRowCount) {
    throw bypassed();
  }

  @Override
  public ExecuteResult execute(
      StatementHandle h, List<TypedValue> parameterValues, int maxRowsInFirstFrame) {
    throw bypassed();
  }

  @Override
  public boolean syncResults(StatementHandle sh, QueryState state, long offset) {
    throw bypassed();
  }

  @Override
  public void commit(ConnectionHandle ch) {
    throw bypassed();
  }

  @Override
  public void rollback(ConnectionHandle ch) {
    throw bypassed();
  }

  private static IllegalStateException bypassed() {
    return new IllegalStateException("requests go by the router");
  }
}

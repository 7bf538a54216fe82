package io.quorate.driver;

import io.quorate.driver.route.RouteResult;
import io.quorate.driver.route.Router;
import io.quorate.driver.route.SqlExceptions;
import io.quorate.driver.route.StatementCall;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.avatica.AvaticaStatement;
import org.jspecify.annotations.Nullable;

/**
 * What both kinds of statement do to run: they differ in their Avatica parents only. Confined to
 * the statement's thread, except {@link #cancel}.
 */
final class StatementRunner {
  private final QuorateConnection connection;
  private final Router router;
  private final AvaticaStatement statement;
  private long timeoutMillis;

  /** Of the statement that ran last, which is most often the one that runs next. */
  private String lastSql = "";

  private ResultShape lastShape = ResultShape.NONE;

  StatementRunner(QuorateConnection connection, AvaticaStatement statement) {
    this.connection = connection;
    this.router = connection.router();
    this.statement = statement;
    this.timeoutMillis = connection.queryTimeoutMillis();
  }

  /** A result to read, or a number of rows changed. */
  static final class Outcome {
    private final @Nullable QuorateResultSet rows;
    private final long updateCount;

    Outcome(@Nullable QuorateResultSet rows, long updateCount) {
      this.rows = rows;
      this.updateCount = updateCount;
    }

    @Nullable QuorateResultSet rows() {
      return rows;
    }

    long updateCount() {
      return updateCount;
    }
  }

  Outcome run(String sql, List<@Nullable Object> parameters, long rowsMax) throws SQLException {
    ResultShape known = sql.equals(lastSql) ? lastShape : connection.shapes().find(sql);
    int fetchSize = fetchSize();
    RouteResult result =
        router.execute(
            new StatementCall(
                this, sql, parameters, known.signature(), fetchSize, rowsMax, timeoutMillis));
    if (result.updateCount() >= 0) {
      return new Outcome(null, result.updateCount());
    }
    ResultShape shape = known;
    if (result.signature().hash() != known.signature().hash()) {
      shape = new ResultShape(result.signature());
      connection.shapes().keep(sql, shape);
    }
    lastSql = sql;
    lastShape = shape;
    ResultRows rows = new ResultRows(router, this, result, fetchSize, timeoutMillis);
    return new Outcome(QuorateResultSet.open(statement, shape, rows), -1);
  }

  long[] runBatch(String sql, List<List<@Nullable Object>> parameters) throws SQLException {
    if (parameters.isEmpty()) {
      return new long[0];
    }
    StatementCall call =
        new StatementCall(this, sql, List.of(), ResultShape.NONE.signature(), 0, 0, timeoutMillis);
    try {
      return router.executeBatch(call, parameters);
    } catch (BatchUpdateException e) {
      throw e;
    } catch (SQLException e) {
      throw SqlExceptions.ofBatch(e, new long[0]);
    }
  }

  /** Statements without parameters, one after the other. */
  long[] runAll(List<String> batch) throws SQLException {
    long[] counts = new long[batch.size()];
    for (int i = 0; i < counts.length; i++) {
      try {
        Outcome outcome = run(batch.get(i), List.of(), 0);
        if (outcome.rows() != null) {
          outcome.rows().close();
          throw returnsRows();
        }
        counts[i] = outcome.updateCount();
      } catch (SQLException e) {
        throw SqlExceptions.ofBatch(e, Arrays.copyOf(counts, i));
      }
    }
    return counts;
  }

  /** From any thread. */
  void cancel() throws SQLException {
    router.cancel(this);
  }

  private int fetchSize() throws SQLException {
    int size = statement.getFetchSize();
    return size > 0 ? size : connection.fetchSize();
  }

  static int requireFetchSize(int rows) throws SQLException {
    if (rows < 0) {
      throw SqlExceptions.of(ErrorCode.INVALID_PARAMETER, "a fetch size of " + rows);
    }
    return rows;
  }

  int timeoutSeconds() {
    return (int) Math.min(Integer.MAX_VALUE, (timeoutMillis + 999) / 1000);
  }

  void setTimeoutSeconds(int seconds) throws SQLException {
    if (seconds < 0) {
      throw SqlExceptions.of(ErrorCode.INVALID_PARAMETER, "a timeout of " + seconds + " s");
    }
    timeoutMillis = seconds * 1000L;
  }

  static SQLException returnsRows() {
    return SqlExceptions.of(ErrorCode.INVALID_PARAMETER, "the statement returns rows");
  }

  static SQLException returnsNoRows() {
    return SqlExceptions.of(ErrorCode.INVALID_PARAMETER, "the statement returns no rows");
  }

  static SQLException noGeneratedKeys() {
    return SqlExceptions.of(
        ErrorCode.NOT_SUPPORTED, "generated keys are not supported by this version yet");
  }

  static SQLException closed() {
    return SqlExceptions.of(ErrorCode.CONNECTION_CLOSED, "the statement is closed");
  }
}

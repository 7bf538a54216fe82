package io.quorate.driver;

import io.quorate.driver.route.Answered;
import io.quorate.driver.route.BatchAnswer;
import io.quorate.driver.route.RouteKeys;
import io.quorate.driver.route.RouteResult;
import io.quorate.driver.route.Router;
import io.quorate.driver.route.SqlExceptions;
import io.quorate.driver.route.StatementCall;
import io.quorate.driver.wire.KeysAsked;
import io.quorate.driver.wire.LargeValue;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
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
  private @Nullable Answered answered;
  private RouteKeys keys = RouteKeys.NONE;

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

  Outcome run(String sql, List<@Nullable Object> parameters, long rowsMax, KeysAsked wanted)
      throws SQLException {
    ResultShape known = sql.equals(lastSql) ? lastShape : connection.shapes().find(sql);
    int fetchSize = fetchSize();
    answered = null;
    keys = RouteKeys.NONE;
    RouteResult result =
        router.execute(
            new StatementCall(
                this,
                sql,
                parameters,
                known.signature(),
                fetchSize,
                rowsMax,
                timeoutMillis,
                wanted));
    answered = result.answered();
    keys = result.keys();
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

  long[] runBatch(String sql, List<List<@Nullable Object>> parameters, KeysAsked wanted)
      throws SQLException {
    keys = RouteKeys.NONE;
    if (parameters.isEmpty()) {
      return new long[0];
    }
    StatementCall call =
        new StatementCall(
            this, sql, List.of(), ResultShape.NONE.signature(), 0, 0, timeoutMillis, wanted);
    answered = null;
    try {
      BatchAnswer answer = router.executeBatch(call, parameters);
      answered = answer.answered();
      keys = answer.keys();
      return answer.updateCounts();
    } catch (BatchUpdateException e) {
      throw e;
    } catch (SQLException e) {
      throw SqlExceptions.ofBatch(e, new long[0]);
    }
  }

  /** Sends a value in parts; what the statement takes is its name. */
  LargeValue send(LargeParameter parameter) throws SQLException {
    return parameter.send(
        router.transfers().newHandle(),
        (handle, offset, part, last) ->
            router.transfers().writeValue(this, handle, offset, part, last, timeoutMillis));
  }

  /** Statements without parameters, one after the other. */
  long[] runAll(List<String> batch) throws SQLException {
    long[] counts = new long[batch.size()];
    for (int i = 0; i < counts.length; i++) {
      try {
        Outcome outcome = run(batch.get(i), List.of(), 0, KeysAsked.NONE);
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

  /** Who answered the last request. */
  Optional<Receipt> receipt() {
    Answered last = answered;
    return last == null
        ? Optional.empty()
        : Optional.of(
            new Receipt(
                last.node(),
                last.address().toString(),
                last.revision(),
                last.freshness().stalenessMillis(),
                last.freshness().quorate(),
                last.level()));
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

  /** Of the rows that the last run has put. */
  QuorateResultSet generatedKeys() throws SQLException {
    if (keys.unknown()) {
      throw SqlExceptions.of(
          ErrorCode.KEYS_UNKNOWN,
          "the write was done by an attempt whose answer was lost, and its keys with it");
    }
    RouteResult rows = keys.rows() == null ? RouteResult.NO_ROWS : keys.rows();
    ResultShape shape = new ResultShape(rows.signature());
    return QuorateResultSet.open(statement, shape, new ResultRows(router, this, rows, 0, 0));
  }

  static KeysAsked keys(int autoGeneratedKeys) throws SQLException {
    switch (autoGeneratedKeys) {
      case Statement.NO_GENERATED_KEYS:
        return KeysAsked.NONE;
      case Statement.RETURN_GENERATED_KEYS:
        return KeysAsked.PRIMARY_KEY;
      default:
        throw SqlExceptions.of(
            ErrorCode.INVALID_PARAMETER, "keys are not asked for by " + autoGeneratedKeys);
    }
  }

  static KeysAsked keys(int @Nullable [] columnIndexes) throws SQLException {
    if (columnIndexes == null || columnIndexes.length == 0) {
      return KeysAsked.NONE;
    }
    for (int index : columnIndexes) {
      if (index < 1) {
        throw SqlExceptions.of(ErrorCode.INVALID_PARAMETER, "no column has the number " + index);
      }
    }
    return KeysAsked.byNumber(Arrays.stream(columnIndexes).boxed().collect(Collectors.toList()));
  }

  static KeysAsked keys(String @Nullable [] columnNames) {
    return columnNames == null || columnNames.length == 0
        ? KeysAsked.NONE
        : KeysAsked.byName(Arrays.asList(columnNames));
  }

  static SQLException closed() {
    return SqlExceptions.of(ErrorCode.CONNECTION_CLOSED, "the statement is closed");
  }
}

package io.quorate.server.frontend.avatica;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.MetadataCall.Call;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.InvariantViolation;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.security.EntryRefused;
import io.quorate.server.session.Description;
import io.quorate.server.session.MetadataAnswers;
import io.quorate.server.session.MetadataQuery;
import io.quorate.server.session.RowBatch;
import io.quorate.server.session.StatementResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.MissingResultsException;
import org.apache.calcite.avatica.NoSuchStatementException;
import org.apache.calcite.avatica.QueryState;
import org.apache.calcite.avatica.proto.Common;
import org.apache.calcite.avatica.proto.Requests.UpdateBatch;
import org.apache.calcite.avatica.remote.TypedValue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Avatica's procedures for one request. Confined to the request's thread.
 *
 * <p>It also keeps how the request ended, because Avatica's handlers send whatever they meet by
 * themselves, with its stack trace.
 */
final class QuorateMeta extends CatalogMeta {
  private static final Logger log = LoggerFactory.getLogger(QuorateMeta.class);

  private final AvaticaConnections connections;
  private final String version;
  private final Caller caller;
  private boolean reached;
  private boolean failed;
  private @Nullable InvariantViolation violation;
  private boolean wantsCredentials;
  private Duration delay = Duration.ZERO;

  QuorateMeta(AvaticaConnections connections, String version, Caller caller) {
    this.connections = connections;
    this.version = version;
    this.caller = caller;
  }

  /** Whether the request could be read and came here. */
  boolean reached() {
    return reached;
  }

  /** Whether the failure that the handler sends, if it sends one, came from here. */
  boolean failed() {
    return failed;
  }

  /** Whether the client would be let in with a password, and has sent none. */
  boolean wantsCredentials() {
    return wantsCredentials;
  }

  /** How long the answer is to be held back. */
  Duration delay() {
    return delay;
  }

  /** Stops the node when there is one; the handler would send it as if it were a failure. */
  void requireSound() {
    if (violation != null) {
      throw violation;
    }
  }

  /** What a procedure does, and the two conditions that Avatica has exceptions of its own for. */
  private interface Work<T> {
    T run(ClientConnection connection) throws NoSuchStatementException, MissingResultsException;
  }

  private <T> T onStatement(String connection, Work<T> work)
      throws NoSuchStatementException, MissingResultsException {
    reached = true;
    try {
      AvaticaConnections.Entry entry = connections.require(connection, caller);
      ClientConnection locked = entry.lock();
      try {
        return work.run(locked);
      } finally {
        entry.unlock();
      }
    } catch (EntryRefused e) {
      throw refusal(e);
    } catch (RuntimeException e) {
      throw failure(e);
    } catch (StackOverflowError e) {
      throw failure(
          new QuorateException(ErrorCode.LIMIT_EXCEEDED, "the statement is nested too deeply", e));
    }
  }

  private <T> T onConnection(ConnectionHandle handle, Function<ClientConnection, T> work) {
    try {
      return onStatement(handle.id, work::apply);
    } catch (NoSuchStatementException | MissingResultsException e) {
      throw new IllegalStateException("unreachable", e);
    }
  }

  private RuntimeException refusal(EntryRefused refused) {
    delay = refused.delay();
    return failure(refused.toFailure());
  }

  private RuntimeException failure(RuntimeException cause) {
    if (cause instanceof InvariantViolation found) {
      violation = found;
      return found;
    }
    failed = true;
    if (cause instanceof AvaticaFailure known) {
      return known;
    }
    QuorateException mapped = ErrorMapper.map(cause);
    if (mapped.code() == ErrorCode.INTERNAL_ERROR) {
      log.atError().setCause(cause).log("statement failed");
    }
    return AvaticaFailure.of(mapped);
  }

  // Connections

  @Override
  public void openConnection(ConnectionHandle ch, @Nullable Map<String, String> info) {
    reached = true;
    try {
      if (ch.id == null || ch.id.isEmpty()) {
        throw new QuorateException(ErrorCode.PROTOCOL_VIOLATION, "a connection needs an id");
      }
      Map<String, String> properties = info == null ? Map.of() : info;
      wantsCredentials = connections.wantsCredentials(properties, caller);
      connections.open(ch.id, properties, caller);
    } catch (EntryRefused e) {
      throw refusal(e);
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  @Override
  public void closeConnection(ConnectionHandle ch) {
    reached = true;
    try {
      connections.close(ch.id, caller);
    } catch (EntryRefused e) {
      throw refusal(e);
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  @Override
  public ConnectionProperties connectionSync(
      ConnectionHandle ch, @Nullable ConnectionProperties asked) {
    return onConnection(
        ch,
        connection -> {
          if (asked == null) {
            throw new QuorateException(
                ErrorCode.PROTOCOL_VIOLATION, "the request has no connection properties");
          }
          return SessionProperties.sync(connection.session(), asked);
        });
  }

  @Override
  public void commit(ConnectionHandle ch) {
    onConnection(
        ch,
        connection -> {
          connection.commit(caller.repetition());
          return true;
        });
  }

  @Override
  public void rollback(ConnectionHandle ch) {
    onConnection(
        ch,
        connection -> {
          connection.session().rollback();
          return true;
        });
  }

  // Statements

  @Override
  public StatementHandle createStatement(ConnectionHandle ch) {
    return onConnection(ch, connection -> new StatementHandle(ch.id, connection.open().id(), null));
  }

  @Override
  public void closeStatement(StatementHandle h) {
    onConnection(
        new ConnectionHandle(h.connectionId),
        connection -> {
          connection.close(h.id);
          return true;
        });
  }

  @Override
  public StatementHandle prepare(ConnectionHandle ch, String sql, long maxRowCount) {
    return onConnection(
        ch,
        connection -> {
          String text = requireText(sql);
          Description description = connection.describe(text);
          ClientStatement statement = connection.open();
          statement.prepare(text, description.parameters(), maxRowCount);
          return new StatementHandle(
              ch.id,
              statement.id(),
              AvaticaTypes.signature(text, description.columns(), description.parameters()));
        });
  }

  private static String requireText(@Nullable String sql) {
    if (sql == null) {
      throw new QuorateException(ErrorCode.PROTOCOL_VIOLATION, "the request has no SQL text");
    }
    return sql;
  }

  @Override
  public ExecuteResult prepareAndExecute(
      StatementHandle h,
      String sql,
      long maxRowCount,
      int maxRowsInFirstFrame,
      PrepareCallback callback)
      throws NoSuchStatementException {
    return onKnown(
        h,
        (connection, statement) -> {
          String text = requireText(sql);
          statement.prepare(text, List.of(), maxRowCount);
          return execute(connection, statement, List.of(), maxRowsInFirstFrame);
        });
  }

  @Override
  public ExecuteResult execute(
      StatementHandle h, @Nullable List<TypedValue> parameterValues, int maxRowsInFirstFrame)
      throws NoSuchStatementException {
    return onKnown(
        h,
        (connection, statement) ->
            execute(
                connection,
                statement,
                parameterValues == null ? List.of() : AvaticaTypes.parameters(parameterValues),
                maxRowsInFirstFrame));
  }

  private interface StatementWork<T> {
    T run(ClientConnection connection, ClientStatement statement) throws NoSuchStatementException;
  }

  /** On a statement that the client names; one that is forgotten comes back by its own text. */
  private <T> T onKnown(StatementHandle h, StatementWork<T> work) throws NoSuchStatementException {
    try {
      return onStatement(
          h.connectionId,
          connection -> {
            ClientStatement statement = connection.find(h.id).orElse(null);
            if (statement == null) {
              if (h.signature == null || h.signature.sql == null) {
                throw new NoSuchStatementException(h);
              }
              statement = connection.open(h.id);
              statement.prepare(h.signature.sql, List.of(), 0);
            }
            return work.run(connection, statement);
          });
    } catch (MissingResultsException e) {
      throw new IllegalStateException("unreachable", e);
    }
  }

  private ExecuteResult execute(
      ClientConnection connection,
      ClientStatement statement,
      List<@Nullable Object> parameters,
      int maxRowsInFirstFrame)
      throws NoSuchStatementException {
    StatementHandle handle = new StatementHandle(connection.id(), statement.id(), null);
    String sql = statement.sql().orElseThrow(() -> new NoSuchStatementException(handle));
    statement.closeCursor();
    int asked = rowsAsked(maxRowsInFirstFrame);
    StatementResult result =
        connection.execute(
            caller.repetition(),
            0,
            sql,
            parameters,
            Math.min(asked, AvaticaLimits.ROWS_AT_ONCE),
            statement.rowsMax());
    if (!result.returnsRows()) {
      return new ExecuteResult(
          List.of(MetaResultSet.count(connection.id(), statement.id(), result.updateCount())));
    }
    Frame frame = statement.begin(result.rows(), asked);
    return new ExecuteResult(
        List.of(
            MetaResultSet.create(
                connection.id(),
                statement.id(),
                false,
                AvaticaTypes.signature(sql, result.columns(), statement.parameters()),
                frame)));
  }

  /**
   * A client that names no bound sends a number that is not positive, or the one that Avatica has
   * set for it.
   */
  private static int rowsAsked(int maxRows) {
    return maxRows <= 0 || maxRows == AvaticaStatement.DEFAULT_FETCH_SIZE
        ? AvaticaLimits.FRAME_ROWS
        : Math.min(maxRows, AvaticaLimits.FRAME_ROWS);
  }

  @Override
  public ExecuteBatchResult prepareAndExecuteBatch(StatementHandle h, List<String> sqlCommands)
      throws NoSuchStatementException {
    return onKnown(
        h,
        (connection, statement) -> {
          requireBatch(sqlCommands.size());
          statement.closeCursor();
          long[] counts = new long[sqlCommands.size()];
          for (int i = 0; i < counts.length; i++) {
            counts[i] = update(connection, i, requireText(sqlCommands.get(i)));
          }
          return new ExecuteBatchResult(counts);
        });
  }

  private long update(ClientConnection connection, int part, String sql) {
    if (connection.describe(sql).returnsRows()) {
      throw new QuorateException(
          ErrorCode.NOT_SUPPORTED, "a statement of a batch must not return rows");
    }
    return connection.execute(caller.repetition(), part, sql, List.of(), 0, 0).updateCount();
  }

  private static void requireBatch(int size) {
    if (size > AvaticaLimits.BATCH) {
      throw new QuorateException(
          ErrorCode.LIMIT_EXCEEDED,
          "a batch has at most " + AvaticaLimits.BATCH + " entries, this one " + size);
    }
  }

  @Override
  public ExecuteBatchResult executeBatch(
      StatementHandle h, @Nullable List<List<TypedValue>> parameterValues)
      throws NoSuchStatementException {
    return executeBatch(
        h, parameterValues == null ? List.of() : parameterValues, AvaticaTypes::parameters);
  }

  @Override
  public ExecuteBatchResult executeBatchProtobuf(StatementHandle h, List<UpdateBatch> updates)
      throws NoSuchStatementException {
    return executeBatch(h, updates, QuorateMeta::parameters);
  }

  private static List<@Nullable Object> parameters(UpdateBatch update) {
    List<TypedValue> values = new ArrayList<>(update.getParameterValuesCount());
    for (Common.TypedValue value : update.getParameterValuesList()) {
      values.add(BoundedTranslation.read(value));
    }
    return AvaticaTypes.parameters(values);
  }

  private <T> ExecuteBatchResult executeBatch(
      StatementHandle h, List<T> entries, Function<T, List<@Nullable Object>> parameters)
      throws NoSuchStatementException {
    return onKnown(
        h,
        (connection, statement) -> {
          String sql = statement.sql().orElseThrow(() -> new NoSuchStatementException(h));
          requireBatch(entries.size());
          statement.closeCursor();
          List<List<@Nullable Object>> values = new ArrayList<>(entries.size());
          entries.forEach(entry -> values.add(parameters.apply(entry)));
          return new ExecuteBatchResult(
              connection.executeBatch(caller.repetition(), sql, values).updateCounts().stream()
                  .mapToLong(Long::longValue)
                  .toArray());
        });
  }

  // Rows

  @Override
  public Frame fetch(StatementHandle h, long offset, int fetchMaxRowCount)
      throws NoSuchStatementException, MissingResultsException {
    return onStatement(
        h.connectionId,
        connection ->
            connection
                .find(h.id)
                .orElseThrow(() -> new NoSuchStatementException(h))
                .fetch(offset, rowsAsked(fetchMaxRowCount))
                .orElseThrow(() -> new MissingResultsException(h)));
  }

  /**
   * Runs a query again for a client whose result is gone before it had seen a row of it. Behind its
   * first row the answer could differ from what it has seen, so that is refused.
   */
  @Override
  public boolean syncResults(StatementHandle h, QueryState state, long offset)
      throws NoSuchStatementException {
    return onKnown(
        h,
        (connection, statement) -> {
          if (offset != 0 || state == null || state.sql == null) {
            throw new QuorateException(
                ErrorCode.CONNECTION_CLOSED, "the result is gone; run the statement again");
          }
          statement.prepare(state.sql, List.of(), statement.rowsMax());
          execute(connection, statement, List.of(), 0);
          return true;
        });
  }

  // Metadata

  @Override
  public Map<DatabaseProperty, Object> getDatabaseProperties(ConnectionHandle ch) {
    return onConnection(ch, connection -> DatabaseFacts.of(version));
  }

  @Override
  MetaResultSet metadata(ConnectionHandle ch, Call call, @Nullable String... arguments) {
    return onConnection(
        ch,
        connection -> {
          RowBatch rows = connection.metadata(new MetadataQuery(call, Arrays.asList(arguments)));
          List<Object> sent = new ArrayList<>(rows.rows().size());
          rows.rows().forEach(row -> sent.add(AvaticaTypes.row(row, lob -> lob.unsafeBytes())));
          return MetaResultSet.create(
              ch.id,
              connection.nextStatement(),
              true,
              AvaticaTypes.signature("", MetadataAnswers.columns(call), List.of()),
              new Frame(0, true, sent));
        });
  }
}

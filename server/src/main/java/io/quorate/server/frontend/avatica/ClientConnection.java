package io.quorate.server.frontend.avatica;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.BatchResult;
import io.quorate.server.session.Description;
import io.quorate.server.session.MetadataQuery;
import io.quorate.server.session.RowBatch;
import io.quorate.server.session.Session;
import io.quorate.server.session.StatementRequest;
import io.quorate.server.session.StatementResult;
import io.quorate.server.session.WriteIdentity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client's connection is made of: a session, the statements on it, and the revision that it
 * has seen. Confined by the lock of {@link AvaticaConnections.Entry}.
 */
final class ClientConnection {
  private final String id;
  private final Session session;
  private final Map<Integer, ClientStatement> statements = new HashMap<>();
  private int lastStatement;
  private long revision;

  ClientConnection(String id, Session session) {
    this.id = id;
    this.session = session;
  }

  String id() {
    return id;
  }

  Session session() {
    return session;
  }

  /** A number for a result that needs no statement. */
  int nextStatement() {
    lastStatement = lastStatement == Integer.MAX_VALUE ? 1 : lastStatement + 1;
    return lastStatement;
  }

  ClientStatement open() {
    int number = nextStatement();
    while (statements.containsKey(number)) {
      number = nextStatement();
    }
    return open(number);
  }

  /** A statement under the number that the client has for it. */
  ClientStatement open(int number) {
    if (statements.size() >= AvaticaLimits.STATEMENTS) {
      throw new QuorateException(
          ErrorCode.LIMIT_EXCEEDED,
          "a connection has at most " + AvaticaLimits.STATEMENTS + " open statements");
    }
    ClientStatement statement = new ClientStatement(number, session);
    statements.put(number, statement);
    return statement;
  }

  Optional<ClientStatement> find(int statement) {
    return Optional.ofNullable(statements.get(statement));
  }

  void close(int statement) {
    ClientStatement closed = statements.remove(statement);
    if (closed != null) {
      closed.closeCursor();
    }
  }

  StatementResult execute(
      String sql, List<@Nullable Object> parameters, int firstRows, long rowsMax) {
    StatementResult result =
        session.execute(
            new StatementRequest(
                sql,
                parameters,
                WriteIdentity.NONE,
                revision,
                firstRows,
                rowsMax,
                AvaticaLimits.STATEMENT_TIMEOUT));
    revision = Math.max(revision, result.revision());
    return result;
  }

  BatchResult executeBatch(String sql, List<List<@Nullable Object>> parameters) {
    BatchResult result =
        session.executeBatch(
            new StatementRequest(
                sql,
                List.of(),
                WriteIdentity.NONE,
                revision,
                0,
                0,
                AvaticaLimits.STATEMENT_TIMEOUT),
            parameters);
    revision = Math.max(revision, result.revision());
    return result;
  }

  Description describe(String sql) {
    return session.describe(sql, revision);
  }

  RowBatch metadata(MetadataQuery query) {
    return session.metadata(query, revision);
  }

  void commit() {
    revision = Math.max(revision, session.commit(WriteIdentity.NONE).revision());
  }

  void close() {
    statements.clear();
    session.close();
  }
}

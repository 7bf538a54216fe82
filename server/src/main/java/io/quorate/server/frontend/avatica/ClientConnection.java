package io.quorate.server.frontend.avatica;

import io.quorate.driver.ErrorCode;
import io.quorate.server.frontend.avatica.Repeats.Write;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.RequestId;
import io.quorate.server.session.BatchResult;
import io.quorate.server.session.Description;
import io.quorate.server.session.MetadataQuery;
import io.quorate.server.session.RowBatch;
import io.quorate.server.session.Session;
import io.quorate.server.session.StatementRequest;
import io.quorate.server.session.StatementResult;
import io.quorate.server.session.WriteIdentity;
import java.sql.Statement;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a client's connection is made of: a session, the statements on it, the revision that it has
 * seen, and what it may ask for again. Confined by the lock of {@link AvaticaConnections.Entry}.
 */
final class ClientConnection {
  /** Of a batch, one by one; those of a larger one are told as done. */
  private static final int COUNTS_KEPT_MAX = 1_000;

  private static final Long SUCCESS_NO_INFO = (long) Statement.SUCCESS_NO_INFO;

  private final String id;
  private final String user;
  private final Session session;
  private final Map<Integer, ClientStatement> statements = new HashMap<>();
  private final Repeats repeats = new Repeats();
  private int lastStatement;
  private long revision;

  /** Whether something was run on it: before that, a COMMIT can only be of another one. */
  private boolean used;

  /**
   * @param user whose keys are of no meaning to other users
   */
  ClientConnection(String id, String user, Session session) {
    this.id = id;
    this.user = user;
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

  /**
   * Runs a statement, or answers for one that did run.
   *
   * @param part number of the statement in a request of several
   */
  StatementResult execute(
      Repetition repetition,
      int part,
      String sql,
      List<@Nullable Object> parameters,
      int firstRows,
      long rowsMax) {
    used = true;
    Write write =
        new Write(
            repetition,
            part,
            () -> new RequestPrint().add("execute").add(sql).addAll(parameters).text(),
            false);
    StatementResult result =
        repeats.once(
            write,
            StatementResult.class,
            answer -> answer.returnsRows() ? null : () -> answer,
            inDoubt ->
                session.execute(
                    new StatementRequest(
                        sql,
                        parameters,
                        identity(write),
                        revision,
                        firstRows,
                        rowsMax,
                        AvaticaLimits.STATEMENT_TIMEOUT)));
    revision = Math.max(revision, result.revision());
    return result;
  }

  BatchResult executeBatch(
      Repetition repetition, String sql, List<List<@Nullable Object>> parameters) {
    used = true;
    Write write = new Write(repetition, 0, () -> print(sql, parameters), false);
    BatchResult result =
        repeats.once(
            write,
            BatchResult.class,
            ClientConnection::compact,
            inDoubt ->
                session.executeBatch(
                    new StatementRequest(
                        sql,
                        List.of(),
                        identity(write),
                        revision,
                        0,
                        0,
                        AvaticaLimits.STATEMENT_TIMEOUT),
                    parameters));
    revision = Math.max(revision, result.revision());
    return result;
  }

  private static String print(String sql, List<List<@Nullable Object>> parameters) {
    RequestPrint print = new RequestPrint().add("batch").add(sql).add(parameters.size());
    parameters.forEach(print::addAll);
    return print.text();
  }

  /** With few counts, or one for all: a batch may be of a hundred thousand. */
  private static Supplier<BatchResult> compact(BatchResult result) {
    List<Long> counts = result.updateCounts();
    if (counts.size() <= COUNTS_KEPT_MAX) {
      return () -> result;
    }
    int size = counts.size();
    long revision = result.revision();
    Long first = counts.get(0);
    Long each = counts.stream().allMatch(first::equals) ? first : SUCCESS_NO_INFO;
    return () -> new BatchResult(Collections.nCopies(size, each), revision);
  }

  /**
   * The name under which a write with a key is looked for in the log, and goes there. Nobody knows
   * whether the client sent it before, or when: so it is one that may have run, and has not if the
   * log remembers nothing.
   */
  private WriteIdentity identity(Write write) {
    return write
        .repetition()
        .key()
        .map(key -> new WriteIdentity(Optional.of(name(key, write)), WriteIdentity.ANY_BASE, true))
        .orElse(WriteIdentity.NONE);
  }

  private RequestId name(String key, Write write) {
    return new RequestPrint().add(user).add(key).add(write.part()).add(write.print().get()).id();
  }

  Description describe(String sql) {
    return session.describe(sql, revision);
  }

  RowBatch metadata(MetadataQuery query) {
    return session.metadata(query, revision);
  }

  /**
   * Commits; with a key on a connection that has done nothing yet, or that does not know what came
   * of it: finds out, and makes it final.
   */
  void commit(Repetition repetition) {
    boolean fresh = !used;
    used = true;
    Write write = new Write(repetition, 0, () -> "commit", true);
    StatementResult result =
        repeats.once(
            write,
            StatementResult.class,
            answer -> () -> answer,
            inDoubt -> {
              boolean asks = (fresh || inDoubt) && !session.inTransaction();
              WriteIdentity name = identity(write);
              return session.commit(
                  asks ? name : new WriteIdentity(name.request(), WriteIdentity.ANY_BASE, false));
            });
    revision = Math.max(revision, result.revision());
  }

  /** Keeps the session from being taken for forgotten. */
  void touch() {
    var unused = session.get(SessionProperties.SCHEMA);
  }

  void close() {
    statements.clear();
    session.close();
  }
}

package io.quorate.driver.route;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.BatchResult;
import io.quorate.driver.wire.Commit;
import io.quorate.driver.wire.Describe;
import io.quorate.driver.wire.Description;
import io.quorate.driver.wire.Done;
import io.quorate.driver.wire.ExecuteBatch;
import io.quorate.driver.wire.Failure;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.MetadataCall;
import io.quorate.driver.wire.ProtocolException;
import io.quorate.driver.wire.Result;
import io.quorate.driver.wire.SavepointCall;
import io.quorate.driver.wire.Signal;
import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.Welcome;
import io.quorate.driver.wire.WriteStamp;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A logical connection: its settings, its transaction, its session token, and the way of each
 * request to a node. Thread-safe by one lock, for a connection does one thing at a time; only
 * {@link #cancel} and {@link #abort} do not wait for it.
 */
public final class Router implements AutoCloseable {
  public static final String AUTOCOMMIT = "autocommit";
  public static final String READ_ONLY = "read_only";
  public static final String ISOLATION = "isolation";
  public static final String SCHEMA = "schema";
  public static final String APPLICATION_NAME = "application_name";
  public static final String READ_LEVEL = "read_level";
  public static final String MAX_STALENESS = "max_staleness";
  public static final String COMMIT_LEVEL = "commit_level";
  public static final String WRITE_ROUTING = "write_routing";

  /** Not a setting of nodes: the driver says with each request what a read must show. */
  public static final String READ_AFTER = "read_after";

  private final ReentrantLock lock = new ReentrantLock();
  private final LogicalSession session;
  private final CursorCalls cursors;
  private final Transfers transfers;

  /** Holds the open transaction. */
  @GuardedBy("lock")
  private @Nullable NodeLink transaction;

  /** The transaction was lost with its node; until it is rolled back nothing else is done. */
  @GuardedBy("lock")
  private boolean transactionLost;

  private Router(LogicalSession session) {
    this.session = session;
    this.cursors = new CursorCalls(session, this::lost);
    this.transfers = new Transfers(this, session, cursors);
  }

  /**
   * Opens a session on one of the contact points.
   *
   * @param random gives the client its number, so a good one
   * @throws SQLException 08001 when none can be reached, or what the node says that refuses
   */
  public static Router connect(RouteOptions options, Random random) throws SQLException {
    return connect(options, random, Clusters.SHARED);
  }

  static Router connect(RouteOptions options, Random random, Clusters clusters)
      throws SQLException {
    return new Router(new LogicalSession(options, random, clusters));
  }

  /** What the first node said of itself. */
  public Welcome welcome() {
    return session.welcome();
  }

  /** Runs a statement. */
  public RouteResult execute(StatementCall call) throws SQLException {
    StatementKind kind = StatementKind.of(call.sql());
    if (kind == StatementKind.COMMIT) {
      commit();
      return RouteResult.nothing();
    }
    if (kind == StatementKind.ROLLBACK) {
      rollback();
      return RouteResult.nothing();
    }
    lock.lock();
    try {
      requireUsable();
      boolean free = transaction == null && session.autocommit();
      boolean asks = kind == StatementKind.EXPLAIN_ROUTING;
      if (kind == StatementKind.OF_ONE_NODE) {
        session.requireOneNode(free);
      }
      boolean read = free && (asks ? StatementKind.explained(call.sql()) : kind).goesToReader();
      StatementCall asked = asks ? call.whole() : call;
      Exchange.Maker maker =
          (stamp, changed, timeout) -> asked.request(stamp, session.readAfter(), timeout, changed);
      NodeLink held = transaction;
      boolean write = free && !read && !asks;
      Exchange.Answer answer = statement(call.owner(), call.timeoutMillis(), maker, read, write);
      if (kind == StatementKind.OTHER) {
        Optional<SetStatement> set = SetStatement.read(call.sql());
        if (set.isPresent()) {
          session.keep(set.get(), answer.link(), answer.message().state());
        }
      }
      RouteResult result = result(call.owner(), answer, call.known());
      return asks ? RoutingExplanation.of(session.lastChoice(held), result) : result;
    } finally {
      lock.unlock();
    }
  }

  /** Runs a statement once for each list of parameters, in one request. */
  public BatchAnswer executeBatch(StatementCall call, List<List<@Nullable Object>> parameters)
      throws SQLException {
    lock.lock();
    try {
      requireUsable();
      boolean free = transaction == null && session.autocommit();
      Exchange.Maker maker =
          (stamp, changed, timeout) ->
              new ExecuteBatch(call.sql(), parameters, stamp, session.readAfter(), timeout, changed)
                  .asking(call.keys());
      Exchange.Answer answer = statement(call.owner(), call.timeoutMillis(), maker, false, free);
      BatchResult result = expect(answer, BatchResult.class);
      return new BatchAnswer(
          result.updateCounts(),
          session.answered(answer),
          cursors.keys(call.owner(), answer.link(), result.keys(), result.keysUnknown()));
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Exchange.Answer statement(
      Object owner, long timeoutMillis, Exchange.Maker maker, boolean read, boolean stamped)
      throws SQLException {
    session.begin(owner);
    try {
      Exchange.Answer answer =
          exchange(
              read ? Exchange.Way.READER : Exchange.Way.LEADER,
              maker,
              timeoutMillis,
              stamped ? session.nextStamp() : WriteStamp.NONE,
              false);
      noteTransaction(answer);
      return answer;
    } finally {
      noteFailedBegin();
      session.end();
    }
  }

  /** A statement that failed may have begun a transaction all the same. */
  @GuardedBy("lock")
  private void noteFailedBegin() {
    NodeLink link = session.runningOn();
    if (transaction == null && !session.autocommit() && link != null && !link.isClosed()) {
      transaction = link;
    }
  }

  @GuardedBy("lock")
  private Exchange.Answer exchange(
      Exchange.Way way, Exchange.Maker maker, long timeoutMillis, WriteStamp stamp, boolean commit)
      throws SQLException {
    NodeLink pinned = transaction;
    try {
      return new Exchange(session, way, maker, session.window(timeoutMillis), stamp, pinned, commit)
          .run();
    } catch (ProtocolException e) {
      throw SqlExceptions.of(ErrorCode.LIMIT_EXCEEDED, String.valueOf(e.getMessage()), e);
    } finally {
      if (pinned != null && pinned.isClosed()) {
        transaction = null;
        transactionLost = true;
      }
    }
  }

  @GuardedBy("lock")
  private void noteTransaction(Exchange.Answer answer) {
    boolean open = !session.autocommit() || answer.message().state().inTransaction();
    transaction = open ? answer.link() : null;
    session.trim(transaction);
  }

  @GuardedBy("lock")
  private RouteResult result(Object owner, Exchange.Answer answer, Signature known)
      throws SQLException {
    Result result = expect(answer, Result.class);
    NodeLink link = answer.link();
    Answered answered = session.answered(answer);
    if (result.returnsRows()) {
      return cursors.open(link, result.rowSet().orElseThrow(), known, answered);
    }
    RouteKeys keys = cursors.keys(owner, link, result.rowSet(), result.keysUnknown());
    return RouteResult.updated(result.updateCount(), answered, keys);
  }

  @GuardedBy("lock")
  private <T extends Message> T expect(Exchange.Answer answer, Class<T> type) throws SQLException {
    if (!type.isInstance(answer.message())) {
      throw cursors.broken(answer.link(), "an answer of type " + answer.message().type());
    }
    return type.cast(answer.message());
  }

  private void lost(NodeLink link) {
    lock.lock();
    try {
      session.drop(link);
      if (link == transaction) {
        transaction = null;
        transactionLost = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Rows and large values on their way. */
  public Transfers transfers() {
    return transfers;
  }

  /**
   * Does something with a savepoint of the open transaction.
   *
   * @throws SQLException 3B001 when there is none of the name, 25P01 outside of a transaction
   */
  public void savepoint(SavepointCall.Step step, String name) throws SQLException {
    lock.lock();
    try {
      requireUsable();
      Exchange.Maker maker =
          (stamp, changed, timeout) ->
              new SavepointCall(step, name, session.readAfter(), timeout, changed);
      expect(statement(this, 0, maker, false, false), Done.class);
    } finally {
      lock.unlock();
    }
  }

  /** What a statement returns and takes. */
  public Description describe(String sql) throws SQLException {
    lock.lock();
    try {
      requireUsable();
      boolean read = session.autocommit() && StatementKind.of(sql) == StatementKind.READ;
      Exchange.Answer answer =
          exchange(
              read ? Exchange.Way.READER : Exchange.Way.INFORMED,
              (stamp, changed, timeout) -> new Describe(sql, session.readAfter(), changed),
              0,
              WriteStamp.NONE,
              false);
      return expect(answer, Description.class);
    } finally {
      lock.unlock();
    }
  }

  /** Rows of a call of {@code DatabaseMetaData}; the leader knows the newest tables. */
  public RouteResult metadata(MetadataCall.Call call, List<@Nullable String> arguments)
      throws SQLException {
    lock.lock();
    try {
      requireUsable();
      Exchange.Answer answer =
          exchange(
              Exchange.Way.INFORMED,
              (stamp, changed, timeout) ->
                  new MetadataCall(call.number(), arguments, session.readAfter(), changed),
              0,
              WriteStamp.NONE,
              false);
      return result(this, answer, Signature.NONE);
    } finally {
      lock.unlock();
    }
  }

  /** Commits the open transaction; without one nothing happens. */
  public void commit() throws SQLException {
    lock.lock();
    try {
      requireOpen();
      if (transactionLost) {
        transactionLost = false;
        throw SqlExceptions.of(
            ErrorCode.TRANSACTION_LOST,
            "the transaction was lost with its node; nothing of it was done");
      }
      if (transaction == null) {
        return;
      }
      session.begin(this);
      try {
        exchange(
            Exchange.Way.LEADER,
            (stamp, changed, timeout) -> new Commit(stamp, timeout),
            0,
            session.nextStamp(),
            true);
      } finally {
        session.end();
        transaction = null;
        transactionLost = false;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Rolls the open transaction back; without one nothing happens. */
  public void rollback() throws SQLException {
    lock.lock();
    try {
      requireOpen();
      transactionLost = false;
      NodeLink link = transaction;
      transaction = null;
      if (link != null) {
        rollback(link);
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void rollback(NodeLink link) throws SQLException {
    try {
      link.expect(WatchTimes.Patience.HELD);
      Message message =
          session.call(link, Signal.ROLLBACK, session.window(RetryWindow.FAILING_MAX_MILLIS));
      session.learn(link, message.state());
      if (message instanceof Failure) {
        session.drop(link);
      }
    } catch (LinkException e) {
      // A server that loses its client rolls back, and so does one that dies.
      session.drop(link, e);
    }
  }

  /** Makes a setting for the session, wherever it goes on; it travels with the next request. */
  public void set(String name, String value) throws SQLException {
    requireOpen();
    lock.lock();
    try {
      session.set(name, value);
    } finally {
      lock.unlock();
    }
  }

  /** The setting, or what the server began with. */
  public String get(String name) throws SQLException {
    requireOpen();
    return alone(() -> session.get(name));
  }

  /**
   * Makes all later reads of this connection show what the token stands for.
   *
   * @throws SQLException 22023 when it is no token of this cluster
   */
  public void readAfter(String token) throws SQLException {
    lock.lock();
    try {
      requireOpen();
      session.readAfter(token);
    } finally {
      lock.unlock();
    }
  }

  public boolean autocommit() {
    return alone(session::autocommit);
  }

  /** Whether some node answers within the time. */
  public boolean ping(long timeoutMillis) {
    lock.lock();
    try {
      if (session.isClosed()) {
        return false;
      }
      exchange(
          Exchange.Way.READER,
          (stamp, changed, timeout) -> Signal.PING,
          timeoutMillis,
          WriteStamp.NONE,
          false);
      return true;
    } catch (SQLException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends what this owner runs, if it runs something. From any thread.
   *
   * @throws SQLException when the node cannot be told
   */
  public void cancel(Object owner) throws SQLException {
    try {
      session.cancel(owner);
    } catch (LinkException e) {
      throw SqlExceptions.of(
          ErrorCode.CONNECTION_FAILED, "the node was not told to cancel: " + e.getMessage(), e);
    }
  }

  public boolean isClosed() {
    return session.isClosed();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      session.close();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the connection under whatever runs on it. From any thread. */
  public void abort() {
    session.breakOff();
    lock.lock();
    try {
      session.closeHard();
    } finally {
      lock.unlock();
    }
  }

  /** What {@link #alone} does. */
  interface Work<T, E extends Exception> {
    T run() throws E;
  }

  /** Does something on the connection while nothing else is done on it. */
  <T, E extends Exception> T alone(Work<T, E> work) throws E {
    lock.lock();
    try {
      return work.run();
    } finally {
      lock.unlock();
    }
  }

  /** Sends to the leader what may be sent again and again. */
  void tell(Object owner, Exchange.Maker maker, long timeoutMillis) throws SQLException {
    lock.lock();
    try {
      requireUsable();
      expect(statement(owner, timeoutMillis, maker, false, false), Done.class);
    } finally {
      lock.unlock();
    }
  }

  void requireOpen() throws SQLException {
    if (session.isClosed()) {
      throw SqlExceptions.of(ErrorCode.CONNECTION_CLOSED, "the connection is closed");
    }
  }

  @GuardedBy("lock")
  private void requireUsable() throws SQLException {
    requireOpen();
    if (transactionLost) {
      throw SqlExceptions.of(
          ErrorCode.TRANSACTION_FAILED,
          "the transaction was lost with its node; roll it back to go on");
    }
  }
}

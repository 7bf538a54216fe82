package io.quorate.server.session;

import io.quorate.sql.lang.SavepointStep;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one connection has on this node: settings, a transaction, open cursors. Methods block; one
 * at a time, except {@link #cancel}. Failures are {@code QuorateException} or {@code SqlFailure}.
 */
public interface Session extends AutoCloseable {
  String id();

  /**
   * What a statement would return and take, without running it.
   *
   * @param readAfter the revision whose catalog is to be seen at least, as in {@link
   *     StatementRequest}
   */
  Description describe(String sql, long readAfter);

  StatementResult execute(StatementRequest request);

  /**
   * As {@link #execute}, but only where that neither waits nor takes long, as for one row by its
   * key whose plan is known. Never blocks, so that a thread may call it behind which others wait.
   *
   * @return empty where it might; nothing was done then
   */
  Optional<StatementResult> tryExecute(StatementRequest request);

  /**
   * Proposes a write that commits by itself, where that neither waits nor takes long. Never blocks,
   * so that a thread may call it behind which others wait. No other call runs before its end.
   *
   * @return empty where it might; nothing was done then
   */
  Optional<PendingWrite> tryWrite(StatementRequest request);

  /**
   * What came of a write whose answer failed; it is sent again under its name as long as that is
   * not certain.
   */
  StatementResult settle(PendingWrite write, Throwable failure);

  /**
   * Runs one statement once for each list of parameters, all or nothing when autocommit is on.
   *
   * @return rows changed by each
   */
  BatchResult executeBatch(StatementRequest request, List<List<@Nullable Object>> parameters);

  /**
   * The next rows of a cursor.
   *
   * @throws io.quorate.server.lang.QuorateException when there is no such cursor
   */
  RowBatch fetch(long cursor, int rowsMax);

  /**
   * Bytes of a large value that rows of an open result have named: as many as are wanted, or as
   * there are.
   *
   * @param cursor as {@link RowBatch#values} says
   * @param offset in the value
   */
  byte[] readValue(long cursor, long id, long offset, int countMax);

  /**
   * Keeps a part of a large value, for a statement that puts it into a row. The parts come in
   * order, and one that comes again does no harm.
   *
   * @param id that the client has drawn at random
   * @param last whether the value ends with it
   */
  void writeValue(long id, long offset, byte[] bytes, boolean last);

  /** Idempotent. */
  void closeCursor(long cursor);

  /** Ends the statement that runs, if one does, with {@code CANCELLED}. From any thread. */
  void cancel();

  /** Commits the open transaction; nothing happens without one. */
  StatementResult commit(WriteIdentity identity);

  void rollback();

  /**
   * Does something with a savepoint of the open transaction, or of the one that begins with it.
   *
   * @param readAfter as in {@link StatementRequest}
   * @param timeout as in {@link StatementRequest}
   */
  void savepoint(SavepointStep step, String name, long readAfter, Duration timeout);

  /** As SQL's SET: autocommit, read_only, isolation, schema, read_level and so on, by name. */
  void set(String setting, String value);

  String get(String setting);

  /**
   * The highest revision that this session has told, and at first one that this node had applied
   * when it was opened: a base for the first write of a client that has seen nothing yet.
   */
  long revision();

  /** Whether a transaction is open: one that the next statement takes part in. */
  boolean inTransaction();

  /**
   * Answers a call of {@code DatabaseMetaData}.
   *
   * @param readAfter the revision whose catalog is to be seen at least
   */
  RowBatch metadata(MetadataQuery query, long readAfter);

  /** Rolls back and closes the cursors. Idempotent. */
  @Override
  void close();
}

package io.quorate.server.session;

import io.quorate.driver.wire.KeysAsked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement to run.
 *
 * @param parameters values of the question marks, of the classes that {@code SqlType.Name} names or
 *     others that convert to them
 * @param readAfter the revision that a read must show at least: the session token
 * @param firstRows rows to return with the answer; the others stay in a cursor
 * @param rowsMax rows of the whole result; 0 for all
 * @param timeout of the whole statement; positive
 * @param keys of the rows that it puts, to be told with its answer
 */
public record StatementRequest(
    String sql,
    List<@Nullable Object> parameters,
    WriteIdentity identity,
    long readAfter,
    int firstRows,
    long rowsMax,
    Duration timeout,
    KeysAsked keys) {
  public StatementRequest {
    parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
  }

  /** Asks for no keys. */
  public StatementRequest(
      String sql,
      List<@Nullable Object> parameters,
      WriteIdentity identity,
      long readAfter,
      int firstRows,
      long rowsMax,
      Duration timeout) {
    this(sql, parameters, identity, readAfter, firstRows, rowsMax, timeout, KeysAsked.NONE);
  }
}

package io.quorate.driver.route;

import io.quorate.driver.wire.Execute;
import io.quorate.driver.wire.KeysAsked;
import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.WriteStamp;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A statement to run. Immutable. */
public final class StatementCall {
  private final Object owner;
  private final String sql;
  private final List<@Nullable Object> parameters;
  private final Signature known;
  private final int firstRows;
  private final long rowsMax;
  private final long timeoutMillis;
  private final KeysAsked keys;

  /**
   * @param owner who may cancel it
   * @param known columns that it returned the last time; none if that is not known
   * @param firstRows rows to come with the answer, at most
   * @param rowsMax rows of the whole result; 0 for all
   * @param timeoutMillis 0 for none
   */
  public StatementCall(
      Object owner,
      String sql,
      List<@Nullable Object> parameters,
      Signature known,
      int firstRows,
      long rowsMax,
      long timeoutMillis) {
    this(owner, sql, parameters, known, firstRows, rowsMax, timeoutMillis, KeysAsked.NONE);
  }

  /**
   * @param keys of the rows that it puts
   */
  public StatementCall(
      Object owner,
      String sql,
      List<@Nullable Object> parameters,
      Signature known,
      int firstRows,
      long rowsMax,
      long timeoutMillis,
      KeysAsked keys) {
    this.owner = owner;
    this.sql = sql;
    this.parameters = parameters;
    this.known = known;
    this.firstRows = firstRows;
    this.rowsMax = rowsMax;
    this.timeoutMillis = timeoutMillis;
    this.keys = keys;
  }

  /** The same without bounds, so that all rows come with the answer. */
  StatementCall whole() {
    return new StatementCall(owner, sql, parameters, known, 0, 0, timeoutMillis, keys);
  }

  /** One attempt at it. */
  Execute request(WriteStamp stamp, long readAfter, long leftMillis, Map<String, String> settings) {
    return new Execute(
            sql,
            parameters,
            stamp,
            readAfter,
            firstRows,
            rowsMax,
            leftMillis,
            known.hash(),
            settings)
        .asking(keys);
  }

  Object owner() {
    return owner;
  }

  String sql() {
    return sql;
  }

  Signature known() {
    return known;
  }

  long timeoutMillis() {
    return timeoutMillis;
  }

  KeysAsked keys() {
    return keys;
  }
}

package io.quorate.driver.route;

import io.quorate.driver.wire.KeysAsked;
import io.quorate.driver.wire.Signature;
import java.util.List;
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

  Object owner() {
    return owner;
  }

  String sql() {
    return sql;
  }

  List<@Nullable Object> parameters() {
    return parameters;
  }

  Signature known() {
    return known;
  }

  int firstRows() {
    return firstRows;
  }

  long rowsMax() {
    return rowsMax;
  }

  long timeoutMillis() {
    return timeoutMillis;
  }

  KeysAsked keys() {
    return keys;
  }
}

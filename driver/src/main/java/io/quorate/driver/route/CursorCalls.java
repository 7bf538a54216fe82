package io.quorate.driver.route;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.route.WatchTimes.Patience;
import io.quorate.driver.wire.Failure;
import io.quorate.driver.wire.Fetch;
import io.quorate.driver.wire.LargeValue;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.ProtocolException;
import io.quorate.driver.wire.ReadValue;
import io.quorate.driver.wire.RowSet;
import io.quorate.driver.wire.Rows;
import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.ValuePart;
import io.quorate.driver.wire.WireLimits;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests about what waits on one node, which only that node can answer. Confined to the thread
 * that holds the router's lock.
 */
final class CursorCalls {
  private final LogicalSession session;
  private final Consumer<NodeLink> lost;

  /**
   * @param lost told of a link that has just broken
   */
  CursorCalls(LogicalSession session, Consumer<NodeLink> lost) {
    this.session = session;
    this.lost = lost;
  }

  /** The first rows of an answer. */
  RouteResult open(NodeLink link, RowSet rows, Signature known, @Nullable Answered answered)
      throws SQLException {
    Signature signature = rows.signature().orElse(known);
    try {
      if (signature.hash() != rows.signatureHash()) {
        throw new ProtocolException("columns that were never sent");
      }
      List<@Nullable Object[]> decoded = rows.rows().decode(signature);
      RemoteCursor cursor =
          rows.cursor() == 0 ? null : new RemoteCursor(link, rows.cursor(), signature);
      if (cursor != null && signature.hasLargeValues()) {
        cursor.note(decoded);
      }
      return RouteResult.rows(signature, decoded, cursor, answered);
    } catch (ProtocolException e) {
      throw broken(link, String.valueOf(e.getMessage()));
    }
  }

  /** All keys of an answer; there are no more of them than one write may put. */
  RouteKeys keys(Object owner, NodeLink link, Optional<RowSet> rows, boolean unknown)
      throws SQLException {
    if (rows.isEmpty()) {
      return unknown ? new RouteKeys(null, true) : RouteKeys.NONE;
    }
    RouteResult first = open(link, rows.get(), Signature.NONE, null);
    RemoteCursor cursor = first.cursor();
    if (cursor == null) {
      return new RouteKeys(first, false);
    }
    List<@Nullable Object[]> all = new ArrayList<>(first.rows());
    while (!cursor.ended()) {
      all.addAll(fetch(owner, cursor, 0, 0));
    }
    return new RouteKeys(first.withRows(all), false);
  }

  /** The next rows, for the owner of the cursor. */
  List<@Nullable Object[]> fetch(Object owner, RemoteCursor cursor, int rowsMax, long timeoutMillis)
      throws SQLException {
    Rows rows = ask(owner, cursor, new Fetch(cursor.number(), rowsMax), Rows.class, timeoutMillis);
    try {
      List<@Nullable Object[]> decoded = rows.rows().decode(cursor.signature());
      if (cursor.signature().hasLargeValues()) {
        cursor.note(decoded);
      }
      if (rows.cursor() == 0 && cursor.endRows()) {
        cursor.link().cursorEnded();
      }
      return decoded;
    } catch (ProtocolException e) {
      end(cursor);
      throw broken(cursor.link(), String.valueOf(e.getMessage()));
    }
  }

  /** A part of a large value that the cursor's result has named. */
  ValuePart readValue(
      Object owner, RemoteCursor cursor, LargeValue value, long offset, long timeoutMillis)
      throws SQLException {
    if (cursor.closed()) {
      throw SqlExceptions.of(
          ErrorCode.CONNECTION_CLOSED,
          "a large value is read while its result is open, and this one is closed");
    }
    ReadValue question =
        new ReadValue(cursor.number(), value.handle(), offset, WireLimits.VALUE_PART_BYTES);
    return ask(owner, cursor, question, ValuePart.class, timeoutMillis);
  }

  /** Sends to the cursor's node; whatever fails ends the cursor. */
  private <T extends Message> T ask(
      Object owner, RemoteCursor cursor, Message request, Class<T> type, long timeoutMillis)
      throws SQLException {
    NodeLink link = cursor.link();
    session.begin(owner);
    link.expect(Patience.HELD);
    Message answer;
    try {
      answer = session.call(link, request, session.window(timeoutMillis));
    } catch (LinkException e) {
      end(cursor);
      lost.accept(link);
      ErrorCode code = e.timedOut() ? ErrorCode.CANCELLED : ErrorCode.CONNECTION_LOST;
      throw SqlExceptions.of(code, "the rows that were left are lost: " + e.getMessage(), e);
    } finally {
      session.end();
    }
    session.learn(link, answer.state());
    if (answer instanceof Failure) {
      end(cursor);
      throw SqlExceptions.of((Failure) answer);
    }
    if (!type.isInstance(answer)) {
      end(cursor);
      throw broken(link, "an answer of type " + answer.type());
    }
    return type.cast(answer);
  }

  SQLException broken(NodeLink link, String what) {
    lost.accept(link);
    return SqlExceptions.of(ErrorCode.PROTOCOL_VIOLATION, link.address() + " sent " + what);
  }

  private static void end(RemoteCursor cursor) {
    if (!cursor.closed()) {
      cursor.close();
      cursor.link().cursorEnded();
    }
  }

  void close(RemoteCursor cursor) {
    if (!cursor.closed()) {
      cursor.close();
      cursor.link().closeCursor(cursor.number());
    }
  }
}

package io.quorate.server.frontend.wire;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.ProtocolException;
import io.quorate.driver.wire.ReadValue;
import io.quorate.driver.wire.RowBlock;
import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.WireLimits;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.RowBatch;
import io.quorate.server.session.Session;
import io.quorate.server.session.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a client has not fetched yet. Its cursors are numbers of their own here, because
 * rows may be left when the session's cursor has none any more: a block ends where it is full.
 * Confined as its session is.
 */
final class WireCursors {
  /** Open results of one connection; a few rows of each lie here. */
  private static final int CURSORS_MAX = 4096;

  /** Rows of one answer when the client leaves it to the node; the bytes end it sooner. */
  private static final int ROWS_AT_CHOICE = 16 * 1024;

  /** Rows asked for at a time while an answer is filled: what is left behind it is not more. */
  private static final int ROWS_AT_ONCE = 256;

  private final Map<Long, Cursor> cursors = new HashMap<>();
  private long lastCursor;

  /**
   * What is left of a result.
   *
   * @param rows that the session has given
   * @param session its cursor for the rows behind those; 0 when there are none
   * @param values the session's cursor for large values that were named; 0 when there are none
   * @param shown by all its rows
   */
  private record Cursor(
      Signature signature, List<@Nullable Object[]> rows, long session, long values, Shown shown) {
    /** The session's cursor that is to be closed; 0 when there is none. */
    long open() {
      return session == 0 ? values : session;
    }
  }

  /**
   * Some rows on their way.
   *
   * @param cursor the client's, for the rows behind them; 0 when there are none
   */
  record Block(RowBlock rows, long cursor, Shown shown) {}

  /** How many rows to ask the session for at first. */
  static int firstRows(int asked) {
    return Math.min(rowsAsked(asked), ROWS_AT_ONCE);
  }

  private static int rowsAsked(int asked) {
    return asked <= 0 ? ROWS_AT_CHOICE : asked;
  }

  /** The first rows of a new result. */
  Block open(Session session, Signature signature, RowBatch first, Shown shown, int asked) {
    Cursor cursor = new Cursor(signature, first.rows(), first.cursor(), first.values(), shown);
    return next(session, lastCursor + 1, cursor, asked);
  }

  Block fetch(Session session, long number, int asked) {
    Cursor cursor = cursors.get(number);
    if (cursor == null) {
      throw new QuorateException(
          ErrorCode.CONNECTION_CLOSED, "the result is closed: there is no cursor " + number);
    }
    return next(session, number, cursor, asked);
  }

  /** What fails on its way ends the cursor: rows that were taken from the session are lost. */
  private Block next(Session session, long number, Cursor cursor, int asked) {
    boolean given = false;
    try {
      Cursor filled = fill(session, cursor, rowsAsked(asked));
      Block block = block(number, filled, rowsAsked(asked));
      given = true;
      return block;
    } finally {
      if (!given) {
        cursors.remove(number);
        if (cursor.open() != 0) {
          session.closeCursor(cursor.open());
        }
      }
    }
  }

  private static Cursor fill(Session session, Cursor cursor, int rowsAsked) {
    List<@Nullable Object[]> rows = new ArrayList<>(cursor.rows);
    long behind = cursor.session;
    long values = cursor.values;
    long bytes = bytes(rows);
    while (behind != 0 && rows.size() < rowsAsked && bytes < WireLimits.ROW_BLOCK_BYTES) {
      RowBatch batch = session.fetch(behind, Math.min(ROWS_AT_ONCE, rowsAsked - rows.size()));
      rows.addAll(batch.rows());
      behind = batch.cursor();
      values = Math.max(values, batch.values());
      bytes += bytes(batch.rows());
    }
    return new Cursor(cursor.signature, rows, behind, values, cursor.shown);
  }

  private Block block(long number, Cursor filled, int rowsAsked) {
    List<@Nullable Object[]> rows = filled.rows;
    RowBlock block =
        encode(filled.signature, rows.size() > rowsAsked ? rows.subList(0, rowsAsked) : rows);
    boolean all = filled.session == 0 && block.rowCount() == rows.size();
    if (all && filled.values == 0) {
      cursors.remove(number);
      return new Block(block, 0, filled.shown);
    }
    if (all && rows.isEmpty()) {
      // The client knows that there are no more, and may go on reading large values.
      return new Block(block, 0, filled.shown);
    }
    if (number > lastCursor && cursors.size() >= CURSORS_MAX) {
      throw new QuorateException(
          ErrorCode.LIMIT_EXCEEDED, "a connection has at most " + CURSORS_MAX + " open results");
    }
    lastCursor = Math.max(lastCursor, number);
    List<@Nullable Object[]> left = new ArrayList<>(rows.subList(block.rowCount(), rows.size()));
    cursors.put(
        number, new Cursor(filled.signature, left, filled.session, filled.values, filled.shown));
    return new Block(block, number, filled.shown);
  }

  private static RowBlock encode(Signature signature, List<@Nullable Object[]> rows) {
    try {
      return RowBlock.encode(
          signature, signature.hasLargeValues() ? WireForms.rows(rows) : rows, 0);
    } catch (ProtocolException e) {
      throw new QuorateException(
          ErrorCode.LIMIT_EXCEEDED, "a row cannot be sent: " + e.getMessage(), e);
    }
  }

  /** Bytes of a large value that a result has named, which is open until it is closed. */
  byte[] readValue(Session session, ReadValue asked) {
    Cursor cursor = cursors.get(asked.cursor());
    if (cursor == null || cursor.values == 0) {
      throw new QuorateException(
          ErrorCode.CONNECTION_CLOSED,
          "there is no open result " + asked.cursor() + " that has named a large value");
    }
    int countMax = Math.min(asked.bytesMax(), WireLimits.VALUE_PART_BYTES);
    return session.readValue(cursor.values, asked.handle(), asked.offset(), countMax);
  }

  private static long bytes(List<@Nullable Object[]> rows) {
    long bytes = 0;
    for (@Nullable Object[] row : rows) {
      bytes += RowBatch.bytes(row);
    }
    return bytes;
  }

  void close(Session session, long number) {
    Cursor closed = cursors.remove(number);
    if (closed != null && closed.open() != 0) {
      session.closeCursor(closed.open());
    }
  }
}

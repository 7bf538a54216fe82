package io.quorate.server.frontend.avatica;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.RowBatch;
import io.quorate.server.session.Session;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.store.Lob;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/**
 * A statement that a client has open: its text if it was prepared, and the rows that it has not
 * fetched yet. Confined by the lock of its connection.
 */
final class ClientStatement {
  private final int id;
  private final Session session;
  private @Nullable String sql;
  private List<ResultColumn> parameters = List.of();
  private long rowsMax;

  /** 0 when nothing is left behind {@link #position}. */
  private long cursor;

  private long position;
  private Meta.@Nullable Frame last;

  ClientStatement(int id, Session session) {
    this.id = id;
    this.session = session;
  }

  int id() {
    return id;
  }

  /**
   * Keeps a text for later executions.
   *
   * @param rowsMaxAsked rows of each result; all when it is not positive
   */
  void prepare(String text, List<ResultColumn> asked, long rowsMaxAsked) {
    sql = text;
    parameters = asked;
    rowsMax = Math.max(0, rowsMaxAsked);
  }

  Optional<String> sql() {
    return Optional.ofNullable(sql);
  }

  List<ResultColumn> parameters() {
    return parameters;
  }

  long rowsMax() {
    return rowsMax;
  }

  /** The rows of a new result; those of the one before are dropped. */
  Meta.Frame begin(RowBatch first, int rowsAsked) {
    closeCursor();
    position = 0;
    return frame(first, rowsAsked);
  }

  /**
   * The frame that begins at a row: the next one, or the last one once more, for a client whose
   * connection broke before it had read the answer. Empty for every other.
   */
  Optional<Meta.Frame> fetch(long offset, int rowsAsked) {
    Meta.Frame again = last;
    if (again != null && again.offset == offset && offset != position) {
      return Optional.of(again);
    }
    if (again == null || offset != position) {
      return Optional.empty();
    }
    if (cursor == 0) {
      return Optional.of(new Meta.Frame(offset, true, List.of()));
    }
    int asked = Math.min(rowsAsked, AvaticaLimits.ROWS_AT_ONCE);
    return Optional.of(frame(session.fetch(cursor, asked), rowsAsked));
  }

  /** What fails on its way ends the result: rows that were taken from the session are lost. */
  private Meta.Frame frame(RowBatch first, int rowsAsked) {
    boolean given = false;
    try {
      Meta.Frame frame = fill(first, rowsAsked);
      given = true;
      return frame;
    } finally {
      if (!given) {
        closeCursor();
      }
    }
  }

  private Meta.Frame fill(RowBatch first, int rowsAsked) {
    List<Object> rows = new ArrayList<>();
    long bytes = 0;
    RowBatch batch = first;
    while (true) {
      cursor = batch.cursor();
      long values = batch.values();
      for (@Nullable Object[] row : batch.rows()) {
        bytes += RowBatch.bytes(row) + storedBytes(row);
        rows.add(AvaticaTypes.row(row, lob -> whole(values, lob)));
      }
      int missing = rowsAsked - rows.size();
      if (batch.done() && values != 0) {
        session.closeCursor(values);
      }
      if (batch.done() || missing <= 0 || bytes >= AvaticaLimits.FRAME_BYTES) {
        break;
      }
      batch = session.fetch(cursor, Math.min(missing, AvaticaLimits.ROWS_AT_ONCE));
    }
    Meta.Frame frame = new Meta.Frame(position, batch.done(), rows);
    position += rows.size();
    last = frame;
    return frame;
  }

  private static long storedBytes(@Nullable Object[] row) {
    long bytes = 0;
    for (Object value : row) {
      bytes += value instanceof Lob lob && lob.isStored() ? lob.byteCount() : 0;
    }
    return bytes;
  }

  /** This protocol has no parts: a large value is sent as any other, or not at all. */
  private byte[] whole(long values, Lob lob) {
    if (lob.byteCount() > AvaticaLimits.FRAME_BYTES) {
      throw new QuorateException(
          ErrorCode.LIMIT_EXCEEDED,
          "a "
              + lob
              + " is not sent over HTTP, where "
              + AvaticaLimits.FRAME_BYTES
              + " are the bound: read it with the driver of Quorate");
    }
    return session.readValue(values, lob.id(), 0, (int) lob.byteCount());
  }

  void closeCursor() {
    last = null;
    if (cursor != 0) {
      long open = cursor;
      cursor = 0;
      session.closeCursor(open);
    }
  }
}

package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** The open cursors of a session, by number. Guarded by the session. */
final class Cursors {
  private final int max;
  private final Map<Long, Held> open = new HashMap<>();
  private long last;

  Cursors(int max) {
    this.max = max;
  }

  private static final class Held {
    final OpenCursor cursor;
    long usedNanos;

    Held(OpenCursor cursor, long usedNanos) {
      this.cursor = cursor;
      this.usedNanos = usedNanos;
    }
  }

  /** Keeps a cursor for later calls; closes it when there are too many. */
  long add(OpenCursor cursor, long nowNanos) {
    if (open.size() >= max) {
      cursor.close();
      throw new QuorateException(
          ErrorCode.LIMIT_EXCEEDED, max + " results are open in this session: are they closed?");
    }
    last++;
    open.put(last, new Held(cursor, nowNanos));
    return last;
  }

  /** As {@link OpenCursor#readValue}. */
  byte[] readValue(long number, Part part, long nowNanos) {
    return require(number, nowNanos).readValue(part.id(), part.offset(), part.countMax());
  }

  /** Some bytes of a large value. */
  record Part(long id, long offset, int countMax) {}

  /**
   * The next rows; the cursor ends with the last one, unless it has named large values, and when it
   * fails.
   */
  RowBatch fetch(long number, int rowsMax, long nowNanos) {
    OpenCursor cursor = require(number, nowNanos);
    OpenCursor.Page page;
    try {
      page = cursor.next(rowsMax);
    } catch (RuntimeException e) {
      close(number);
      throw e;
    }
    boolean named = cursor.namesValues();
    if (page.done() && !named) {
      close(number);
    }
    return new RowBatch(page.rows(), page.done() ? 0 : number, named ? number : 0);
  }

  private OpenCursor require(long number, long nowNanos) {
    Held held = open.get(number);
    if (held == null) {
      throw new QuorateException(
          ErrorCode.CONNECTION_CLOSED, "there is no open result " + number + " in this session");
    }
    held.usedNanos = nowNanos;
    return held.cursor;
  }

  void close(long number) {
    Held held = open.remove(number);
    if (held != null) {
      held.cursor.close();
    }
  }

  void closeAll() {
    open.values().forEach(held -> held.cursor.close());
    open.clear();
  }

  void expire(long nowNanos, Duration idle) {
    Iterator<Held> all = open.values().iterator();
    while (all.hasNext()) {
      Held held = all.next();
      if (nowNanos - held.usedNanos > idle.toNanos()) {
        held.cursor.close();
        all.remove();
      }
    }
  }

  int count() {
    return open.size();
  }
}

package io.quorate.driver.route;

import io.quorate.driver.wire.LargeValue;
import io.quorate.driver.wire.WriteValue;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows and large values on their way, beside the statements. Thread-safe, as its router is. */
public final class Transfers {
  private final Router router;
  private final LogicalSession session;
  private final CursorCalls cursors;

  Transfers(Router router, LogicalSession session, CursorCalls cursors) {
    this.router = router;
    this.session = session;
    this.cursors = cursors;
  }

  /** The next rows of a cursor, for its owner. */
  public List<@Nullable Object[]> fetch(
      Object owner, RemoteCursor cursor, int rowsMax, long timeoutMillis) throws SQLException {
    return router.alone(
        () -> {
          router.requireOpen();
          return cursors.fetch(owner, cursor, rowsMax, timeoutMillis);
        });
  }

  /** Idempotent. */
  public void closeCursor(RemoteCursor cursor) {
    var unused =
        router.alone(
            () -> {
              cursors.close(cursor);
              return true;
            });
  }

  /**
   * A part of a large value, for as long as its result is open.
   *
   * @param offset in bytes; a text's are UTF-8
   */
  public byte[] readValue(
      Object owner, RemoteCursor cursor, LargeValue value, long offset, long timeoutMillis)
      throws SQLException {
    return router.alone(
        () -> {
          router.requireOpen();
          return cursors.readValue(owner, cursor, value, offset, timeoutMillis).bytes();
        });
  }

  /** A name for a large value that is to be sent; nobody else has it. */
  public long newHandle() {
    return router.alone(session::nextHandle);
  }

  /**
   * Hands over a part of a large value. Doing so again does no harm, so it is repeated, on
   * whichever node leads then, until the answer is there.
   *
   * @param last whether nothing follows
   */
  public void writeValue(
      Object owner, long handle, long offset, byte[] part, boolean last, long timeoutMillis)
      throws SQLException {
    router.tell(
        owner,
        (stamp, changed, timeout) -> new WriteValue(handle, offset, part, last),
        timeoutMillis);
  }
}

package io.quorate.server.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rest of a result. Used by one thread at a time. */
interface OpenCursor extends AutoCloseable {

  /** The next rows: as many as are wanted, or fewer when they are large; none only at the end. */
  Page next(int rowsMax);

  /** Whether rows so far have named large values: then it stays open until it is closed. */
  boolean namesValues();

  /**
   * Bytes of a large value that a row has named: as many as are wanted, or as there are.
   *
   * @param offset in the value
   */
  byte[] readValue(long id, long offset, int countMax);

  /** Idempotent. */
  @Override
  void close();

  /**
   * Some rows.
   *
   * @param done whether these were the last
   */
  record Page(List<@Nullable Object[]> rows, boolean done) {
    static final Page EMPTY = new Page(List.of(), true);
  }
}

package io.quorate.driver;

import io.quorate.driver.route.SqlExceptions;
import io.quorate.driver.wire.WireLimits;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;

/** What Blobs and Clobs have in common. */
final class Lobs {
  /** Bytes or characters of a large value that are given, or made here, as a whole. */
  static final int WHOLE_MAX = WireLimits.FRAME_BYTES_MAX;

  private Lobs() {}

  static SQLException tooLarge(long length, String instead) {
    return SqlExceptions.of(
        ErrorCode.LIMIT_EXCEEDED,
        "a value of "
            + length
            + " is above the "
            + WHOLE_MAX
            + " that are given as a whole: use "
            + instead);
  }

  static SQLException freed() {
    return SqlExceptions.of(ErrorCode.INVALID_PARAMETER, "the large value has been freed");
  }

  static SQLException readOnly() {
    return SqlExceptions.of(
        ErrorCode.NOT_SUPPORTED,
        "a large value of a result is not changed in place: UPDATE its row with another one");
  }

  static SQLException unreadable(IOException e) {
    return e.getCause() instanceof SQLException
        ? (SQLException) e.getCause()
        : SqlExceptions.of(
            ErrorCode.INVALID_PARAMETER, "the large value cannot be read: " + e.getMessage(), e);
  }

  static void requirePosition(long position) throws SQLException {
    if (position < 1) {
      throw SqlExceptions.of(
          ErrorCode.INVALID_PARAMETER, "positions in a large value begin with 1, not " + position);
    }
  }

  static void requireLength(long length) throws SQLException {
    if (length < 0) {
      throw SqlExceptions.of(ErrorCode.INVALID_PARAMETER, "a length of " + length);
    }
  }

  /** All bytes of a value that is short enough. */
  static byte[] whole(LobSource source, String instead) throws SQLException {
    if (source.byteCount() > WHOLE_MAX) {
      throw tooLarge(source.byteCount(), instead);
    }
    try (InputStream input = new LobInput(source, 0, source.byteCount())) {
      return input.readAllBytes();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }
}

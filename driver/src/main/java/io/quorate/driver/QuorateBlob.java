package io.quorate.driver;

import io.quorate.driver.route.SqlExceptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Blob;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A BLOB of a result, read as it is asked for, or one that the application makes in memory. What is
 * in a result is readable until that is closed. Confined, as JDBC's objects are.
 */
final class QuorateBlob implements Blob {
  private final boolean own;
  private @Nullable LobSource source;

  private QuorateBlob(LobSource source, boolean own) {
    this.source = source;
    this.own = own;
  }

  static QuorateBlob of(LobSource source) {
    return new QuorateBlob(source, false);
  }

  /** An empty one, to be filled. */
  static QuorateBlob empty() {
    return new QuorateBlob(LobSource.of(new byte[0]), true);
  }

  private LobSource source() throws SQLException {
    LobSource open = source;
    if (open == null) {
      throw Lobs.freed();
    }
    return open;
  }

  @Override
  public long length() throws SQLException {
    return source().byteCount();
  }

  @Override
  public byte[] getBytes(long position, int length) throws SQLException {
    Lobs.requirePosition(position);
    Lobs.requireLength(length);
    long left = Math.max(0, source().byteCount() - (position - 1));
    int count = (int) Math.min(length, left);
    if (count > Lobs.WHOLE_MAX) {
      throw Lobs.tooLarge(count, "getBinaryStream");
    }
    try (InputStream input = getBinaryStream(position, count)) {
      return input.readNBytes(count);
    } catch (IOException e) {
      throw Lobs.unreadable(e);
    }
  }

  @Override
  public InputStream getBinaryStream() throws SQLException {
    return new LobInput(source(), 0, source().byteCount());
  }

  @Override
  public InputStream getBinaryStream(long position, long length) throws SQLException {
    Lobs.requirePosition(position);
    Lobs.requireLength(length);
    long from = Math.min(source().byteCount(), position - 1);
    return new LobInput(source(), from, from + Math.min(length, source().byteCount() - from));
  }

  @Override
  public long position(byte[] pattern, long start) throws SQLException {
    int[] units = new int[pattern.length];
    for (int i = 0; i < units.length; i++) {
      units[i] = pattern[i] & 0xff;
    }
    Lobs.requirePosition(start);
    try (InputStream input = getBinaryStream(start, source().byteCount())) {
      long found = Search.find(input::read, units);
      return found < 0 ? -1 : start + found;
    } catch (IOException e) {
      throw Lobs.unreadable(e);
    }
  }

  @Override
  public long position(Blob pattern, long start) throws SQLException {
    return position(
        pattern.getBytes(1, (int) Math.min(Integer.MAX_VALUE, pattern.length())), start);
  }

  @Override
  public int setBytes(long position, byte[] bytes) throws SQLException {
    return setBytes(position, bytes, 0, bytes.length);
  }

  @Override
  public int setBytes(long position, byte[] bytes, int offset, int length) throws SQLException {
    requireOwn();
    Lobs.requirePosition(position);
    byte[] before = whole();
    long end = position - 1 + length;
    if (position - 1 > before.length || end > Lobs.WHOLE_MAX) {
      throw SqlExceptions.of(
          ErrorCode.INVALID_PARAMETER,
          "bytes at "
              + position
              + " of a Blob of "
              + before.length
              + " bytes; what is larger than "
              + Lobs.WHOLE_MAX
              + " is given to setBinaryStream of the statement");
    }
    byte[] after = Arrays.copyOf(before, (int) Math.max(before.length, end));
    System.arraycopy(bytes, offset, after, (int) position - 1, length);
    source = LobSource.of(after);
    return length;
  }

  private void requireOwn() throws SQLException {
    source();
    if (!own) {
      throw Lobs.readOnly();
    }
  }

  private byte[] whole() throws SQLException {
    return Lobs.whole(source(), "getBinaryStream");
  }

  /** What is written is there when the stream is flushed or closed. */
  @Override
  public OutputStream setBinaryStream(long position) throws SQLException {
    requireOwn();
    Lobs.requirePosition(position);
    return new ByteArrayOutputStream() {
      private long next = position;

      @Override
      public void flush() throws IOException {
        try {
          next += setBytes(next, toByteArray());
        } catch (SQLException e) {
          throw new IOException(e.getMessage(), e);
        }
        reset();
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }

  @Override
  public void truncate(long length) throws SQLException {
    requireOwn();
    Lobs.requireLength(length);
    source = LobSource.of(Arrays.copyOf(whole(), (int) Math.min(length, source().byteCount())));
  }

  @Override
  public void free() {
    source = null;
  }
}

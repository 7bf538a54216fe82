package io.quorate.driver;

import io.quorate.driver.route.SqlExceptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A CLOB of a result, read as it is asked for, or one that the application makes in memory.
 * Positions count as {@link String} does; one that lies in the store is read from its beginning to
 * get to any. Confined, as JDBC's objects are.
 */
final class QuorateClob implements NClob {
  /** Of one that the application makes; null for one of a result. */
  private @Nullable StringBuilder own;

  private @Nullable LobSource source;
  private final long charCount;

  private QuorateClob(@Nullable StringBuilder own, @Nullable LobSource source, long charCount) {
    this.own = own;
    this.source = source;
    this.charCount = charCount;
  }

  /** One whose bytes, UTF-8, are elsewhere. */
  static QuorateClob of(LobSource source, long charCount) {
    return new QuorateClob(null, source, charCount);
  }

  /** One of a result that is at hand. */
  static QuorateClob of(byte[] utf8) {
    return of(LobSource.of(utf8), new String(utf8, StandardCharsets.UTF_8).length());
  }

  /** An empty one, to be filled. */
  static QuorateClob empty() {
    return new QuorateClob(new StringBuilder(), null, 0);
  }

  @Override
  public long length() throws SQLException {
    requireOpen();
    return own == null ? charCount : own.length();
  }

  private void requireOpen() throws SQLException {
    if (own == null && source == null) {
      throw Lobs.freed();
    }
  }

  @Override
  public Reader getCharacterStream() throws SQLException {
    requireOpen();
    if (own != null) {
      return new StringReader(own.toString());
    }
    LobSource bytes = java.util.Objects.requireNonNull(source);
    return new InputStreamReader(new LobInput(bytes, 0, bytes.byteCount()), StandardCharsets.UTF_8);
  }

  @Override
  public Reader getCharacterStream(long position, long length) throws SQLException {
    Lobs.requirePosition(position);
    Lobs.requireLength(length);
    Reader reader = getCharacterStream();
    skip(reader, position - 1);
    return new BoundedReader(reader, length);
  }

  private static void skip(Reader reader, long count) throws SQLException {
    try {
      long left = count;
      while (left > 0) {
        long skipped = reader.skip(left);
        if (skipped <= 0) {
          return;
        }
        left -= skipped;
      }
    } catch (IOException e) {
      throw Lobs.unreadable(e);
    }
  }

  @Override
  public String getSubString(long position, int length) throws SQLException {
    long left = Math.max(0, length() - (position - 1));
    if (Math.min(length, left) > Lobs.WHOLE_MAX) {
      throw Lobs.tooLarge(Math.min(length, left), "getCharacterStream");
    }
    StringWriter text = new StringWriter();
    try (Reader reader = getCharacterStream(position, length)) {
      reader.transferTo(text);
    } catch (IOException e) {
      throw Lobs.unreadable(e);
    }
    return text.toString();
  }

  @Override
  public InputStream getAsciiStream() throws SQLException {
    return new AsciiInput(getCharacterStream());
  }

  @Override
  public long position(String pattern, long start) throws SQLException {
    try (Reader reader = getCharacterStream(start, Long.MAX_VALUE)) {
      long found = Search.find(reader::read, pattern.chars().toArray());
      return found < 0 ? -1 : start + found;
    } catch (IOException e) {
      throw Lobs.unreadable(e);
    }
  }

  @Override
  public long position(Clob pattern, long start) throws SQLException {
    return position(
        pattern.getSubString(1, (int) Math.min(Integer.MAX_VALUE, pattern.length())), start);
  }

  private StringBuilder requireOwn() throws SQLException {
    requireOpen();
    StringBuilder text = own;
    if (text == null) {
      throw Lobs.readOnly();
    }
    return text;
  }

  @Override
  public int setString(long position, String text) throws SQLException {
    return setString(position, text, 0, text.length());
  }

  @Override
  public int setString(long position, String text, int offset, int length) throws SQLException {
    StringBuilder target = requireOwn();
    Lobs.requirePosition(position);
    long end = position - 1 + length;
    if (position - 1 > target.length() || end > Lobs.WHOLE_MAX) {
      throw SqlExceptions.of(
          ErrorCode.INVALID_PARAMETER,
          "characters at "
              + position
              + " of a Clob of "
              + target.length()
              + "; what is larger than "
              + Lobs.WHOLE_MAX
              + " is given to setCharacterStream of the statement");
    }
    int from = (int) position - 1;
    target.replace(
        from, (int) Math.min(target.length(), end), text.substring(offset, offset + length));
    return length;
  }

  /** What is written is there when the stream is flushed or closed. */
  @Override
  public Writer setCharacterStream(long position) throws SQLException {
    var unused = requireOwn();
    Lobs.requirePosition(position);
    return new StringWriter() {
      private long next = position;

      @Override
      public void flush() {
        try {
          next += setString(next, toString());
        } catch (SQLException e) {
          throw new IllegalStateException(e.getMessage(), e);
        }
        getBuffer().setLength(0);
      }

      @Override
      public void close() {
        flush();
      }
    };
  }

  @Override
  public OutputStream setAsciiStream(long position) throws SQLException {
    Writer writer = setCharacterStream(position);
    return new ByteArrayOutputStream() {
      @Override
      public void flush() throws IOException {
        writer.write(new String(toByteArray(), StandardCharsets.US_ASCII));
        writer.flush();
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
    StringBuilder text = requireOwn();
    Lobs.requireLength(length);
    text.setLength((int) Math.min(length, text.length()));
  }

  @Override
  public void free() {
    source = null;
    own = null;
  }
}

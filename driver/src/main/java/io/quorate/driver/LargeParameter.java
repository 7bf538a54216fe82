package io.quorate.driver;

import io.quorate.driver.route.SqlExceptions;
import io.quorate.driver.wire.LargeValue;
import io.quorate.driver.wire.WireLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A value that is read while it is sent, in parts, ahead of the statement that takes it. What is
 * short is read when it is set, and then a value as any other. Confined.
 */
final class LargeParameter {
  /** Up to here a stream is read at once. */
  static final int SHORT_MAX = WireLimits.VALUE_PART_BYTES;

  private final InputStream bytes;
  private final @Nullable Utf8Input text;
  private boolean sent;

  private LargeParameter(InputStream bytes, @Nullable Utf8Input text) {
    this.bytes = bytes;
    this.text = text;
  }

  /** Takes a part to where it is kept. */
  interface Sink {
    void part(long handle, long offset, byte[] part, boolean last) throws SQLException;
  }

  /**
   * A {@code byte[]} or, where the stream has more, a parameter that reads on.
   *
   * @param length how many bytes are taken; negative for all there are
   */
  static Object of(InputStream stream, long length) throws SQLException {
    try {
      byte[] head = stream.readNBytes((int) Math.min(SHORT_MAX, atMost(length)));
      long left = atMost(length) - head.length;
      int next = head.length < SHORT_MAX || left == 0 ? -1 : stream.read();
      if (next < 0) {
        return head;
      }
      InputStream begin = new ByteArrayInputStream(append(head, (byte) next));
      return new LargeParameter(
          new SequenceInputStream(begin, new BoundedInput(stream, left - 1)), null);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * A {@code String} or, where the reader has more, a parameter that reads on.
   *
   * @param length how many characters are taken; negative for all there are
   */
  static Object of(Reader reader, long length) throws SQLException {
    try {
      StringBuilder head = new StringBuilder();
      char[] chars = new char[8192];
      while (head.length() <= SHORT_MAX && head.length() < atMost(length)) {
        int got =
            reader.read(chars, 0, (int) Math.min(chars.length, atMost(length) - head.length()));
        if (got < 0) {
          return head.toString();
        }
        head.append(chars, 0, got);
      }
      if (head.length() <= SHORT_MAX) {
        return head.toString();
      }
      Utf8Input text =
          new Utf8Input(
              new SequenceReader(new StringReader(head.toString()), reader), atMost(length));
      return new LargeParameter(text, text);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static long atMost(long length) {
    return length < 0 ? Long.MAX_VALUE : length;
  }

  private static byte[] append(byte[] head, byte next) {
    byte[] longer = java.util.Arrays.copyOf(head, head.length + 1);
    longer[head.length] = next;
    return longer;
  }

  /** Reads all of it and gives it away; what the statement takes is its name. */
  LargeValue send(long handle, Sink sink) throws SQLException {
    requireFresh();
    long offset = 0;
    try {
      byte[] part = bytes.readNBytes(WireLimits.VALUE_PART_BYTES);
      while (true) {
        byte[] next =
            part.length < WireLimits.VALUE_PART_BYTES
                ? new byte[0]
                : bytes.readNBytes(WireLimits.VALUE_PART_BYTES);
        sink.part(handle, offset, part, next.length == 0);
        offset += part.length;
        if (next.length == 0) {
          return LargeValue.named(
              text != null, handle, offset, text == null ? 0 : text.charCount());
        }
        part = next;
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** The value for a column that takes no large ones. */
  Object whole() throws SQLException {
    requireFresh();
    try {
      byte[] all = bytes.readNBytes(Lobs.WHOLE_MAX + 1);
      if (all.length > Lobs.WHOLE_MAX) {
        throw SqlExceptions.of(
            ErrorCode.LIMIT_EXCEEDED,
            "a parameter is above the bound of "
                + Lobs.WHOLE_MAX
                + " bytes; larger ones are taken by columns of type BLOB and CLOB");
      }
      return text == null ? all : new String(all, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private void requireFresh() throws SQLException {
    if (sent) {
      throw SqlExceptions.of(
          ErrorCode.INVALID_PARAMETER,
          "a parameter's stream was read by an earlier execution: set it again");
    }
    sent = true;
  }

  private static SQLException unreadable(IOException e) {
    return SqlExceptions.of(
        ErrorCode.INVALID_PARAMETER, "the stream cannot be read: " + e.getMessage(), e);
  }

  private static final class BoundedInput extends InputStream {
    private final InputStream input;
    private long left;

    BoundedInput(InputStream input, long left) {
      this.input = input;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      int next = left == 0 ? -1 : input.read();
      left -= next < 0 ? 0 : 1;
      return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0 && length > 0) {
        return -1;
      }
      int count = input.read(target, offset, (int) Math.min(left, length));
      left -= Math.max(0, count);
      return count;
    }
  }

  private static final class SequenceReader extends Reader {
    private Reader current;
    private final Reader second;

    SequenceReader(Reader first, Reader second) {
      this.current = first;
      this.second = second;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // which of the two it is
    public int read(char[] target, int offset, int length) throws IOException {
      int count = current.read(target, offset, length);
      if (count < 0 && current != second) {
        current = second;
        count = current.read(target, offset, length);
      }
      return count;
    }

    @Override
    public void close() {}
  }
}

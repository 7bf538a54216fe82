package io.quorate.driver.route;

import io.quorate.driver.wire.Frame;
import io.quorate.driver.wire.WireReader;
import io.quorate.driver.wire.WireWriter;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.util.Arrays;

/**
 * Frames over a blocking socket: one write a request, buffered reads. Confined to one thread at a
 * time, except {@link #close}.
 */
final class FrameSocket implements Closeable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int KEPT_BYTES_MAX = 1 << 20;

  /** The connection itself, below TLS. */
  private final Socket socket;

  private final InputStream in;
  private final OutputStream out;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int start;
  private int end;

  private FrameSocket(Socket socket, Socket spoken) throws IOException {
    this.socket = socket;
    this.in = spoken.getInputStream();
    this.out = spoken.getOutputStream();
  }

  static FrameSocket connect(Dial dial) throws IOException {
    long deadlineNanos = System.nanoTime() + dial.timeoutMillis() * 1_000_000L;
    NodeAddress address = dial.address();
    Socket socket = dial.tls().newSocket();
    try {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      InetSocketAddress target = new InetSocketAddress(address.host(), address.port());
      if (target.isUnresolved()) {
        throw new IOException("unknown host");
      }
      socket.connect(target, dial.timeoutMillis());
      return new FrameSocket(
          socket, dial.tls().secure(socket, address.host(), address.port(), deadlineNanos));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  void write(WireWriter writer) throws IOException {
    out.write(writer.array(), 0, writer.length());
  }

  /**
   * The next frame. What it holds lies in the buffer and is valid until the next call.
   *
   * @param deadlineNanos by {@link System#nanoTime}; 0 for none
   * @throws SocketTimeoutException when the deadline passes
   */
  Frame read(long deadlineNanos) throws IOException {
    fill(Frame.LENGTH_BYTES, deadlineNanos);
    int length = Frame.requireLength(new WireReader(buffer, start, Frame.LENGTH_BYTES).fixedInt());
    start += Frame.LENGTH_BYTES;
    fill(length, deadlineNanos);
    Frame frame = Frame.read(new WireReader(buffer, start, length));
    start += length;
    return frame;
  }

  /** Waits until so many bytes lie behind {@code start}. Memory grows only as bytes arrive. */
  private void fill(int count, long deadlineNanos) throws IOException {
    if (start == end) {
      start = 0;
      end = 0;
      if (buffer.length > KEPT_BYTES_MAX) {
        buffer = new byte[BUFFER_BYTES];
      }
    }
    while (end - start < count) {
      if (buffer.length - start < count && start > 0) {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
      }
      if (end == buffer.length) {
        buffer = Arrays.copyOf(buffer, buffer.length * 2);
      }
      setTimeout(deadlineNanos);
      int got = in.read(buffer, end, buffer.length - end);
      if (got < 0) {
        throw new EOFException("the server closed the connection");
      }
      end += got;
    }
  }

  private void setTimeout(long deadlineNanos) throws IOException {
    int millis = 0;
    if (deadlineNanos != 0) {
      long left = (deadlineNanos - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException("no answer in time");
      }
      millis = (int) Math.min(left, Integer.MAX_VALUE);
    }
    if (millis != 0 || socket.getSoTimeout() != 0) {
      socket.setSoTimeout(millis);
    }
  }

  /**
   * Ends a read that another thread waits in. Idempotent. TLS takes no leave, for it would wait
   * where another thread is stuck in a write; the end of a conversation is in its frames.
   */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // The socket is given up; there is nobody to whom its last words would matter.
      start = end;
    }
  }
}

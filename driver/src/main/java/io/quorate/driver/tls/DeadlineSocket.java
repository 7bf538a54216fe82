package io.quorate.driver.tls;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * A socket whose reads together keep a deadline, while there is one: a handshake takes many of
 * them, and a timeout for each would let a slow node take as many times as long. Confined as a
 * socket is.
 */
final class DeadlineSocket extends Socket {
  private volatile long deadlineNanos;

  /**
   * For reads from now on.
   *
   * @param nanos by {@link System#nanoTime}; 0 for none
   */
  void setDeadline(long nanos) throws IOException {
    deadlineNanos = nanos;
    if (nanos == 0) {
      setSoTimeout(0);
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new Reads(super.getInputStream());
  }

  private final class Reads extends FilterInputStream {
    Reads(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      limit();
      return super.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      limit();
      return super.read(target, offset, length);
    }

    private void limit() throws IOException {
      long deadline = deadlineNanos;
      if (deadline != 0) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new SocketTimeoutException("no answer in time");
        }
        setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
      }
    }
  }
}

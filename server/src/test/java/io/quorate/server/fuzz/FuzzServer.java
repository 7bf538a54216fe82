package io.quorate.server.fuzz;

import io.quorate.driver.wire.BatchResult;
import io.quorate.driver.wire.Description;
import io.quorate.driver.wire.Done;
import io.quorate.driver.wire.Execute;
import io.quorate.driver.wire.Frame;
import io.quorate.driver.wire.FrameType;
import io.quorate.driver.wire.Freshness;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.ProtocolException;
import io.quorate.driver.wire.Result;
import io.quorate.driver.wire.RowBlock;
import io.quorate.driver.wire.Rows;
import io.quorate.driver.wire.SessionState;
import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.WireColumn;
import io.quorate.driver.wire.WireReader;
import io.quorate.driver.wire.WireType;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A node that answers one request with whatever it is told, and all others as it should. A thread
 * for each connection.
 */
final class FuzzServer implements Closeable {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final SessionState STATE = SessionState.of(9, false, Freshness.UNKNOWN);
  private static final Signature NUMBERS =
      new Signature(List.of(WireColumn.computed("N", WireType.INTEGER)));

  private final ServerSocket server;
  private final AtomicReference<@Nullable Lie> lie = new AtomicReference<>();
  private final AtomicReference<@Nullable Throwable> problem = new AtomicReference<>();

  /**
   * What is said in place of an answer, once.
   *
   * @param to the request that it answers
   * @param bytes all that is sent
   * @param broken whether a client must close the connection for it; otherwise this side does
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes it, and nobody compares it.
  record Lie(FrameType to, byte[] bytes, boolean broken) {

    /** As a frame of its own with the call id of the request, or as it is. */
    static Lie of(FrameType to, byte[] body, boolean framed) {
      return new Lie(to, framed ? NativeRecordings.framed(body) : body, framed && isBroken(body));
    }

    private static boolean isBroken(byte[] body) {
      try {
        if (body.length < Frame.HEAD_BYTES) {
          return true;
        }
        Frame frame = Frame.read(new WireReader(body));
        var unused = frame.message();
        return false;
      } catch (ProtocolException e) {
        return true;
      }
    }
  }

  FuzzServer() throws IOException {
    server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "fuzz-server");
    thread.setDaemon(true);
    thread.start();
  }

  String url() {
    return "jdbc:quorate://127.0.0.1:"
        + server.getLocalPort()
        + "/?target=contact&connect_timeout=2000&socket_timeout=15000&query_timeout=5000";
  }

  /** Says this once to the first request of its type. */
  void tell(Lie next) {
    lie.set(next);
  }

  /** Keeps the lie that nobody asked for to itself. */
  void forget() {
    lie.set(null);
  }

  /** What went wrong on this side, such as a client that did not hang up. */
  @Nullable Throwable problem() {
    return problem.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      in.readNBytes(Frame.PREAMBLE_BYTES);
      while (serveOne(socket, in)) {}
    } catch (EOFException | SocketException gone) {
      // The client has hung up, which is its right.
      return;
    } catch (IOException | RuntimeException e) {
      problem.compareAndSet(null, e);
    }
  }

  private boolean serveOne(Socket socket, DataInputStream in) throws IOException {
    byte[] bytes = new byte[Frame.requireLength(in.readInt())];
    in.readFully(bytes);
    Frame frame = Frame.read(new WireReader(bytes));
    Message request = frame.message();
    if (request.type() == FrameType.BYE) {
      return false;
    }
    if (request.type() == FrameType.CLOSE_CURSOR) {
      return true;
    }
    Lie next = lie.get();
    if (next != null && next.to == request.type() && lie.compareAndSet(next, null)) {
      socket.getOutputStream().write(withCallId(next, frame.callId()));
      if (next.broken) {
        // The client closes for it; a timeout here says that it did not.
        var unused = in.readAllBytes();
      }
      return false;
    }
    socket.getOutputStream().write(NativeRecordings.frame(usual(request), frame.callId()));
    return true;
  }

  private static byte[] withCallId(Lie lie, int callId) {
    byte[] bytes = lie.bytes.clone();
    if (!lie.broken && bytes.length >= Frame.LENGTH_BYTES + Frame.HEAD_BYTES) {
      for (int i = 0; i < Integer.BYTES; i++) {
        bytes[Frame.LENGTH_BYTES + 1 + i] = (byte) (callId >>> (8 * (Integer.BYTES - 1 - i)));
      }
    }
    return bytes;
  }

  private static Message usual(Message request) {
    return switch (request.type()) {
      case HELLO -> NativeRecordings.welcome();
      case EXECUTE -> executed((Execute) request);
      case EXECUTE_BATCH -> new BatchResult(new long[] {1, 1}, STATE);
      case DESCRIBE -> new Description(true, NUMBERS, Signature.NONE, STATE);
      case FETCH -> new Rows(0, STATE, numbers());
      case METADATA -> Result.rows(NUMBERS, 0, numbers(), 0, STATE);
      default -> new Done(STATE);
    };
  }

  /** Rows with a cursor behind them, so that the client fetches; or a row changed. */
  private static Message executed(Execute request) {
    return request.sql().startsWith("SELECT")
        ? Result.rows(NUMBERS, request.knownSignature(), numbers(), 5, STATE)
        : Result.updated(1, STATE);
  }

  private static RowBlock numbers() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      rows.add(new Object[] {i});
    }
    return RowBlock.encode(NUMBERS, rows, 0);
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

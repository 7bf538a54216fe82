package io.quorate.server.fuzz;

import io.quorate.driver.wire.Frame;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.WireReader;
import io.quorate.server.config.HostPort;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** The other end of a client port, which writes bytes and reads answers. Confined to a thread. */
final class PortClient implements Closeable {
  /** Then the port was silent. */
  private static final int PATIENCE_MILLIS = 15_000;

  private final Socket socket;
  private final DataInputStream in;

  PortClient(HostPort address) throws IOException {
    socket = new Socket(address.host(), address.port());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    // Thousands of connections a second would use up the ports of this machine otherwise.
    socket.setSoLinger(true, 0);
    in = new DataInputStream(socket.getInputStream());
  }

  /** A frame that was read to its end. */
  record Received(int callId, Message message) {}

  /** An answer over HTTP. */
  @SuppressWarnings("ArrayRecordComponent") // Read at once, and by one.
  record Response(int status, String type, byte[] body) {}

  /** Sends; a port that has closed already need not read it. */
  void send(byte[] bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes);
    } catch (SocketException closed) {
      return;
    }
  }

  /** Sends no more, which a port takes for the end of the connection. */
  void endOutput() throws IOException {
    try {
      socket.shutdownOutput();
    } catch (SocketException closed) {
      return;
    }
  }

  /** The next frame; empty when the port has closed. */
  Optional<Received> receive() throws IOException {
    byte[] bytes;
    try {
      bytes = new byte[Frame.requireLength(in.readInt())];
      in.readFully(bytes);
    } catch (EOFException | SocketException closed) {
      return Optional.empty();
    }
    Frame frame = Frame.read(new WireReader(bytes));
    return Optional.of(new Received(frame.callId(), frame.message()));
  }

  /** Everything up to the end. */
  byte[] readAll() throws IOException {
    try {
      return in.readAllBytes();
    } catch (SocketException closed) {
      return new byte[0];
    }
  }

  /** The answer to a request over HTTP; the port has not closed before it. */
  Response receiveHttp() throws IOException {
    String head = head();
    int status = Integer.parseInt(head.substring(9, 12));
    byte[] body = new byte[Integer.parseInt(header(head, "content-length"))];
    in.readFully(body);
    return new Response(status, header(head, "content-type"), body);
  }

  private String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  private static String header(String head, String name) {
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in " + head));
  }

  static byte[] post(String type, byte[] body) {
    String head =
        "POST / HTTP/1.1\r\nHost: fuzz\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    return Mutator.join(head.getBytes(StandardCharsets.US_ASCII), body);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

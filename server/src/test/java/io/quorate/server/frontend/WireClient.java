package io.quorate.server.frontend;

import io.quorate.driver.wire.Execute;
import io.quorate.driver.wire.Frame;
import io.quorate.driver.wire.Hello;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.Welcome;
import io.quorate.driver.wire.WireReader;
import io.quorate.driver.wire.WireWriter;
import io.quorate.driver.wire.WriteStamp;
import io.quorate.server.config.HostPort;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client that says single messages of the native protocol. */
public final class WireClient implements AutoCloseable {
  final Socket socket;
  private final DataInputStream in;
  private int lastCall;

  WireClient(HostPort address) throws IOException {
    this(new Socket(address.host(), address.port()));
  }

  /** Over a connection that is there already. */
  public WireClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    WireWriter writer = new WireWriter();
    writer.preamble();
    raw(writer.toByteArray());
  }

  /** A connection with a session. */
  public static WireClient open(HostPort address) throws IOException {
    WireClient client = new WireClient(address);
    client.ask(hello(Map.of()), Welcome.class);
    return client;
  }

  public static Hello hello(Map<String, String> settings) {
    return new Hello(0, "test", "someone", new byte[0], settings);
  }

  public static Execute execute(String sql) {
    return execute(sql, 0, 0);
  }

  static Execute execute(String sql, int firstRows, long knownSignature) {
    return new Execute(
        sql, List.of(), WriteStamp.NONE, 0, firstRows, 0, 0, knownSignature, Map.of());
  }

  void raw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  public int send(Message message) throws IOException {
    WireWriter writer = new WireWriter();
    message.writeFrame(writer, ++lastCall);
    raw(writer.toByteArray());
    return lastCall;
  }

  Frame receive() throws IOException {
    byte[] bytes = new byte[Frame.requireLength(in.readInt())];
    in.readFully(bytes);
    return Frame.read(new WireReader(bytes));
  }

  <T extends Message> T receive(Class<T> kind) throws IOException {
    return kind.cast(receive().message());
  }

  public <T extends Message> T ask(Message message, Class<T> kind) throws IOException {
    int call = send(message);
    Frame answer = receive();
    if (answer.callId() != call) {
      throw new IOException("call " + call + " was answered by " + answer.callId());
    }
    return kind.cast(answer.message());
  }

  /** Whether the other side has closed, and said nothing more. */
  boolean atEnd() throws IOException {
    return in.read() == -1;
  }

  static List<List<@Nullable Object>> rows(List<@Nullable Object[]> rows) {
    return rows.stream().map(Arrays::asList).toList();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

package io.quorate.server.system;

import io.quorate.server.lang.RequestId;
import io.quorate.server.system.ProbeFrames.Content;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A connection to a {@link Probe}, for one thread. Broken for good after the first failure. */
final class ProbeClient implements Closeable {
  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final DataOutputStream out;

  ProbeClient(InetSocketAddress address, Duration patience) throws IOException {
    try {
      int millis = (int) patience.toMillis();
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(millis);
      socket.connect(address, millis);
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** One row of a write. */
  record Put(int table, RowKey key, Row value) {}

  /** What became of a proposal. */
  record Proposed(Kind kind, long index, String detail) {
    enum Kind {
      APPLIED,
      REFUSED,
      IN_DOUBT
    }
  }

  /** A node as it sees itself. */
  record Status(
      String role,
      long term,
      String leader,
      long applied,
      long durable,
      boolean ready,
      boolean failed) {}

  /** The node lives and says that it cannot. */
  static final class ProbeRefusal extends IOException {
    private static final long serialVersionUID = 1;

    ProbeRefusal(String message) {
      super(message);
    }
  }

  Proposed propose(RequestId request, long base, List<Put> puts) throws IOException {
    DataInputStream answer =
        ask(
            frame -> {
              frame.writeByte(ProbeFrames.PROPOSE);
              frame.writeLong(request.client());
              frame.writeLong(request.sequence());
              frame.writeLong(base);
              frame.writeInt(puts.size());
              for (Put put : puts) {
                frame.writeInt(put.table());
                ProbeFrames.writeBytes(frame, put.key().unsafeBytes());
                ProbeFrames.writeBytes(frame, put.value().unsafeBytes());
              }
            });
    return new Proposed(
        Proposed.Kind.valueOf(answer.readUTF()), answer.readLong(), answer.readUTF());
  }

  /** Reads what the node has now. */
  Optional<byte[]> get(int table, byte[] key) throws IOException {
    return get(ProbeFrames.GET, table, key);
  }

  /** Reads behind a barrier: what was acknowledged anywhere before is seen. */
  Optional<byte[]> getBehindBarrier(int table, byte[] key) throws IOException {
    return get(ProbeFrames.BARRIER_GET, table, key);
  }

  private Optional<byte[]> get(int kind, int table, byte[] key) throws IOException {
    DataInputStream answer =
        ask(
            frame -> {
              frame.writeByte(kind);
              frame.writeInt(table);
              ProbeFrames.writeBytes(frame, key);
            });
    long revision = answer.readLong();
    boolean found = answer.readBoolean();
    return found && revision > 0 ? Optional.of(ProbeFrames.readBytes(answer)) : Optional.empty();
  }

  /** Hands over every key of a table and the beginning of its row, as the node has them now. */
  void scan(int table, BiConsumer<byte[], byte[]> rows) throws IOException {
    DataInputStream answer =
        ask(
            frame -> {
              frame.writeByte(ProbeFrames.SCAN);
              frame.writeInt(table);
            });
    long revision = answer.readLong();
    while (answer.readBoolean()) {
      if (revision == 0) {
        throw new IOException("rows at revision 0");
      }
      rows.accept(ProbeFrames.readBytes(answer), ProbeFrames.readBytes(answer));
    }
  }

  Status status() throws IOException {
    DataInputStream answer = ask(frame -> frame.writeByte(ProbeFrames.STATUS));
    return new Status(
        answer.readUTF(),
        answer.readLong(),
        answer.readUTF(),
        answer.readLong(),
        answer.readLong(),
        answer.readBoolean(),
        answer.readBoolean());
  }

  void transferLeadership(String to) throws IOException {
    DataInputStream answer =
        ask(
            frame -> {
              frame.writeByte(ProbeFrames.TRANSFER);
              frame.writeUTF(to);
            });
    answer.close();
  }

  private DataInputStream ask(Content question) throws IOException {
    ProbeFrames.send(out, ProbeFrames.bytes(question));
    DataInputStream answer = ProbeFrames.receive(in);
    if (answer.readByte() != ProbeFrames.OK) {
      throw new ProbeRefusal(answer.readUTF());
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

package io.quorate.driver.route;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.BatchResult;
import io.quorate.driver.wire.Cancel;
import io.quorate.driver.wire.Describe;
import io.quorate.driver.wire.Description;
import io.quorate.driver.wire.Done;
import io.quorate.driver.wire.Execute;
import io.quorate.driver.wire.ExecuteBatch;
import io.quorate.driver.wire.Failure;
import io.quorate.driver.wire.Frame;
import io.quorate.driver.wire.FrameType;
import io.quorate.driver.wire.Freshness;
import io.quorate.driver.wire.Hello;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.Result;
import io.quorate.driver.wire.RowBlock;
import io.quorate.driver.wire.SavepointCall;
import io.quorate.driver.wire.SessionState;
import io.quorate.driver.wire.SetSettings;
import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.Welcome;
import io.quorate.driver.wire.WireColumn;
import io.quorate.driver.wire.WireReader;
import io.quorate.driver.wire.WireTopology;
import io.quorate.driver.wire.WireType;
import io.quorate.driver.wire.WireWriter;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A node that speaks the protocol and does next to nothing: a SELECT gives its name, all else
 * changes one row. Tests put their own answers before that. A thread for each connection.
 */
public final class FakeNode implements Closeable {
  /** Stands for ending the connection without an answer. */
  public static final Message HANG_UP = new SetSettings(Map.of());

  /** Stands for bytes that are no frame. */
  public static final Message GARBAGE = new SetSettings(Map.of());

  public static final Signature NAME =
      new Signature(List.of(WireColumn.computed("NODE", WireType.VARCHAR)));

  /** An answer of a test's own; null for the usual one. */
  public interface Answer {
    @Nullable Message to(Peer peer, Message request) throws InterruptedException;
  }

  /** The other end of a connection, as this node knows it. */
  public static final class Peer {
    private final Socket socket;
    private final String sessionId;
    private final Map<String, String> settings = new ConcurrentHashMap<>();
    private volatile boolean inTransaction;
    private volatile boolean watches;
    private long topologySent = -1;

    Peer(Socket socket, String sessionId) {
      this.socket = socket;
      this.sessionId = sessionId;
    }

    public Map<String, String> settings() {
      return settings;
    }

    public boolean inTransaction() {
      return inTransaction;
    }

    /** Whether it only looks whether the node lives. */
    public boolean watches() {
      return watches;
    }
  }

  private final String name;
  private final FakeCluster cluster;
  private final ServerSocketFactory sockets;
  private final int port;
  private volatile ServerSocket server;
  private volatile @Nullable Thread acceptor;
  private volatile CountDownLatch frozen = new CountDownLatch(0);
  private volatile Freshness freshness = Freshness.UNKNOWN;
  private final List<Message> requests = new CopyOnWriteArrayList<>();
  private final List<String> cancelled = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedQueue<Answer> once = new ConcurrentLinkedQueue<>();
  private final Set<Peer> peers = ConcurrentHashMap.newKeySet();
  private volatile Answer always = (peer, request) -> null;

  FakeNode(String name, FakeCluster cluster, ServerSocketFactory sockets) throws IOException {
    this.name = name;
    this.cluster = cluster;
    this.sockets = sockets;
    this.server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.port = server.getLocalPort();
    startAccepting();
  }

  private void startAccepting() {
    ServerSocket listening = server;
    Thread thread = new Thread(() -> accept(listening), "fake-" + name);
    thread.setDaemon(true);
    thread.start();
    acceptor = thread;
  }

  /** After {@link #close}, at the same address. */
  public void restart() {
    try {
      server = sockets.createServerSocket(port, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    startAccepting();
  }

  /** As SIGSTOP: connections are taken and nothing is answered. */
  public void freeze() {
    frozen = new CountDownLatch(1);
  }

  public void thaw() {
    frozen.countDown();
  }

  /** What it says of its rows from now on; the revision is left to the cluster. */
  public void vouch(long stalenessMillis, boolean quorate) {
    freshness = new Freshness(1, stalenessMillis, quorate);
  }

  public String name() {
    return name;
  }

  public String address() {
    return "127.0.0.1:" + port;
  }

  /** Answers the next request of this type so, once. */
  public void once(FrameType type, Message answer) {
    once.add((peer, request) -> request.type() == type ? answer : null);
  }

  public void always(Answer answer) {
    always = answer;
  }

  /** All requests of this type so far, but for greetings. */
  public <T extends Message> List<T> requests(Class<T> type) {
    return requests.stream().filter(type::isInstance).map(type::cast).collect(Collectors.toList());
  }

  public List<FrameType> requestTypes() {
    return requests.stream().map(Message::type).collect(Collectors.toList());
  }

  public void forgetRequests() {
    requests.clear();
  }

  public List<String> cancelled() {
    return cancelled;
  }

  /** Connections of clients, but for those that only watch. */
  public int peerCount() {
    return (int) peers.stream().filter(peer -> !peer.watches).count();
  }

  /** Connections by which drivers look whether the node lives. */
  public int watchCount() {
    return (int) peers.stream().filter(peer -> peer.watches).count();
  }

  public List<Map<String, String>> settingsOfPeers() {
    return peers.stream()
        .filter(peer -> !peer.watches)
        .map(Peer::settings)
        .collect(Collectors.toList());
  }

  /** As kill -9. */
  @Override
  public void close() {
    thaw();
    try {
      server.close();
      for (Peer peer : peers) {
        peer.socket.close();
      }
      // The port is free only when nobody waits at it any more.
      Thread waiting = acceptor;
      if (waiting != null) {
        waiting.join();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept(ServerSocket listening) {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        Thread thread = new Thread(() -> serve(socket), "fake-" + name + "-peer");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    Peer peer = new Peer(socket, name + "-" + socket.getPort());
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      in.readNBytes(Frame.PREAMBLE_BYTES);
      peers.add(peer);
      while (serveOne(peer, in)) {}
    } catch (IOException e) {
      // The test ended one side or the other.
      return;
    } finally {
      peers.remove(peer);
    }
  }

  private boolean serveOne(Peer peer, DataInputStream in) throws IOException {
    byte[] bytes = new byte[Frame.requireLength(in.readInt())];
    in.readFully(bytes);
    Frame frame = Frame.read(new WireReader(bytes));
    Message request = frame.message();
    if (request.type() == FrameType.BYE) {
      return false;
    }
    if (request instanceof Hello) {
      peer.watches = ((Hello) request).client().equals(Probe.CLIENT);
    } else if (!peer.watches) {
      requests.add(request);
    }
    if (request.type() == FrameType.CLOSE_CURSOR) {
      return true;
    }
    Message answer = answer(peer, request);
    if (answer == HANG_UP) {
      return false;
    }
    if (answer == GARBAGE) {
      peer.socket
          .getOutputStream()
          .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return false;
    }
    WireWriter writer = new WireWriter();
    answer.writeFrame(writer, frame.callId());
    peer.socket.getOutputStream().write(writer.toByteArray());
    return true;
  }

  private Message answer(Peer peer, Message request) {
    try {
      frozen.await();
      Answer next = peer.watches ? null : once.peek();
      Message answer = next == null ? null : next.to(peer, request);
      if (answer != null) {
        once.remove(next);
        return answer;
      }
      answer = always.to(peer, request);
      return answer != null ? answer : usual(peer, request);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return HANG_UP;
    }
  }

  private Message usual(Peer peer, Message request) {
    switch (request.type()) {
      case HELLO:
        return welcome(peer, (Hello) request);
      case EXECUTE:
        return execute(peer, (Execute) request);
      case EXECUTE_BATCH:
        ExecuteBatch batch = (ExecuteBatch) request;
        peer.settings.putAll(batch.settings());
        long[] counts = new long[batch.parameters().size()];
        Arrays.fill(counts, 1);
        return new BatchResult(counts, state(peer, true));
      case DESCRIBE:
        return describe((Describe) request, peer);
      case METADATA:
        return Result.rows(NAME, 0, nameRow(), 0, state(peer, false));
      case COMMIT:
        peer.inTransaction = false;
        return new Done(state(peer, true));
      case SAVEPOINT:
        peer.settings.putAll(((SavepointCall) request).settings());
        peer.inTransaction = true;
        return new Done(state(peer, false));
      case ROLLBACK:
        peer.inTransaction = false;
        return new Done(state(peer, false));
      case CANCEL:
        cancelled.add(((Cancel) request).sessionId());
        return new Done(SessionState.NOTHING);
      default:
        return new Done(state(peer, false));
    }
  }

  private Message welcome(Peer peer, Hello hello) {
    peer.settings.put("autocommit", "true");
    peer.settings.put("schema", "PUBLIC");
    peer.settings.putAll(hello.settings());
    return new Welcome(
        1,
        0,
        "9.8.7",
        name,
        cluster.id(),
        peer.sessionId,
        new byte[0],
        peer.settings,
        state(peer, false));
  }

  private Message execute(Peer peer, Execute execute) {
    peer.settings.putAll(execute.settings());
    String sql = execute.sql();
    boolean begins = sql.startsWith("START") || "false".equals(peer.settings.get("autocommit"));
    peer.inTransaction |= begins;
    if (sql.startsWith("SELECT")) {
      return Result.rows(NAME, execute.knownSignature(), nameRow(), 0, state(peer, false));
    }
    return Result.updated(1, state(peer, !peer.inTransaction));
  }

  private RowBlock nameRow() {
    return RowBlock.encode(NAME, List.<@Nullable Object[]>of(new Object[] {name}), 0);
  }

  private Message describe(Describe describe, Peer peer) {
    peer.settings.putAll(describe.settings());
    int marks = (int) describe.sql().chars().filter(c -> c == '?').count();
    Signature parameters =
        new Signature(Collections.nCopies(marks, WireColumn.computed("", WireType.VARCHAR)));
    boolean rows = describe.sql().startsWith("SELECT");
    return new Description(rows, rows ? NAME : Signature.NONE, parameters, state(peer, false));
  }

  /** What goes with an answer to this peer; a write moves the cluster's revision. */
  public SessionState state(Peer peer, boolean written) {
    long revision = written ? cluster.write() : cluster.revision();
    WireTopology topology = cluster.topology(name);
    boolean news = topology.epoch() != peer.topologySent;
    peer.topologySent = topology.epoch();
    return new SessionState(
        revision, peer.inTransaction, freshness, news ? topology : null, Map.of());
  }

  public static Failure failure(ErrorCode code, String message) {
    return failure(code, message, "");
  }

  public static Failure failure(ErrorCode code, String message, String leader) {
    return new Failure(
        code.sqlState(),
        code.number(),
        message,
        code.retryAdvice(),
        leader,
        new long[0],
        SessionState.NOTHING);
  }

  /** Rows of numbers from {@code first} on, in one column. */
  public static RowBlock numbers(Signature signature, int first, int count) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(new Object[] {first + i});
    }
    return RowBlock.encode(signature, rows, 0);
  }
}

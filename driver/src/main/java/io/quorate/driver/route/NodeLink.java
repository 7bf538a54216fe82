package io.quorate.driver.route;

import io.quorate.driver.route.WatchTimes.Patience;
import io.quorate.driver.tls.TlsReasons;
import io.quorate.driver.wire.Authenticate;
import io.quorate.driver.wire.Cancel;
import io.quorate.driver.wire.Challenge;
import io.quorate.driver.wire.CloseCursor;
import io.quorate.driver.wire.Failure;
import io.quorate.driver.wire.Frame;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.ProtocolException;
import io.quorate.driver.wire.Signal;
import io.quorate.driver.wire.Welcome;
import io.quorate.driver.wire.WireTopology;
import io.quorate.driver.wire.WireWriter;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A session on one node. Confined to the thread that holds the router's lock, except {@link #close}
 * and what is final.
 */
final class NodeLink implements Closeable {
  private static final int CLOSED_CURSORS_MAX = 64;

  private final Dial dial;
  private final NodeAddress address;
  private final FrameSocket socket;
  private final Welcome welcome;
  private final Map<String, String> made;
  private final WireWriter writer = new WireWriter();
  private int callId = 1;
  private int cursorsToClose;
  private int openCursors;
  private boolean pinged;
  private volatile @Nullable Cluster cluster;
  private NodeState node;
  private volatile boolean closed;

  /** Written before {@link #waitingSinceNanos}, and read after it. */
  private Patience patience = Patience.HELD;

  /** When the call that is unanswered was sent; 0 without one. */
  private volatile long waitingSinceNanos;

  private NodeLink(Dial dial, FrameSocket socket, Welcome welcome, Map<String, String> settings) {
    this.dial = dial;
    this.address = ownAddress(welcome, dial.address());
    this.node = new NodeState(address);
    this.socket = socket;
    this.welcome = welcome;
    this.made = new HashMap<>(welcome.settings());
    this.made.putAll(settings);
  }

  /** What the node calls its address, so that one node has one link under whatever name. */
  private static NodeAddress ownAddress(Welcome welcome, NodeAddress dialled) {
    String own =
        welcome
            .state()
            .topology()
            .flatMap(WireTopology::selfMember)
            .map(WireTopology.Member::address)
            .orElse("");
    try {
      return own.isEmpty() ? dialled : NodeAddress.parse(own);
    } catch (IllegalArgumentException e) {
      return dialled;
    }
  }

  /**
   * Connects and opens a session.
   *
   * @throws LinkException when the node cannot be reached or speaks something else
   * @throws SQLException when it refuses the session, or does not prove that it knows the user
   */
  static NodeLink open(Dial dial, Greeting greeting) throws LinkException, SQLException {
    FrameSocket socket = connect(dial);
    boolean opened = false;
    try {
      Message answer = greet(dial, socket, greeting.hello());
      boolean asked = answer instanceof Challenge;
      if (asked) {
        answer = authenticate(dial, socket, greeting.answer((Challenge) answer));
      }
      if (answer instanceof Failure) {
        throw SqlExceptions.of((Failure) answer);
      }
      if (!(answer instanceof Welcome)) {
        throw LinkException.unreachable(dial.address() + " answers with " + answer.type(), null);
      }
      greeting.verify((Welcome) answer, asked);
      opened = true;
      return new NodeLink(dial, socket, (Welcome) answer, greeting.settings());
    } finally {
      if (!opened) {
        socket.close();
      }
    }
  }

  private static FrameSocket connect(Dial dial) throws LinkException {
    try {
      return FrameSocket.connect(dial);
    } catch (IOException e) {
      throw LinkException.unreachable(dial.address() + ": " + reason(e), e);
    }
  }

  private static Message greet(Dial dial, FrameSocket socket, Message first) throws LinkException {
    WireWriter writer = new WireWriter().preamble();
    first.writeFrame(writer, 1);
    return exchange(dial, socket, writer);
  }

  private static Message authenticate(Dial dial, FrameSocket socket, Authenticate proof)
      throws LinkException {
    WireWriter writer = new WireWriter();
    proof.writeFrame(writer, 1);
    return exchange(dial, socket, writer);
  }

  private static Message exchange(Dial dial, FrameSocket socket, WireWriter writer)
      throws LinkException {
    try {
      socket.write(writer);
      return socket.read(System.nanoTime() + dial.timeoutMillis() * 1_000_000L).message();
    } catch (IOException e) {
      throw LinkException.unreachable(dial.address() + ": " + greetingReason(dial, e), e);
    } catch (ProtocolException e) {
      throw LinkException.unreachable(
          dial.address() + " does not speak this protocol: " + e.getMessage(), e);
    }
  }

  /** Ends what this session runs, over a connection of its own. From any thread. */
  void cancel(int timeoutMillis) throws LinkException {
    Dial again = dial.within(timeoutMillis);
    try (FrameSocket other = connect(again)) {
      greet(again, other, new Cancel(welcome.sessionId()));
    }
  }

  /**
   * In TLS 1.3 the client is done before the node has looked at its certificate (RFC 8446, 2); the
   * alert may be lost with the connection.
   */
  private static String greetingReason(Dial dial, IOException e) {
    boolean cut = e instanceof EOFException || e instanceof SocketException;
    return dial.tls().isOn() && cut
        ? reason(e) + "; it may demand a client's certificate (ssl_cert, ssl_key)"
        : reason(e);
  }

  private static String reason(IOException e) {
    if (e instanceof SSLException) {
      return TlsReasons.of(e);
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /**
   * Sends a request and waits for its answer. What the answer holds is valid until the next call.
   *
   * @param deadlineNanos by {@link System#nanoTime}; 0 for none
   * @throws LinkException when no answer comes; then the link is closed
   * @throws ProtocolException when the request cannot be sent, being too large; the link is good
   */
  Message call(Message request, long deadlineNanos) throws LinkException {
    int before = writer.length();
    callId++;
    request.writeFrame(writer, callId);
    boolean answered = false;
    waitingSinceNanos = now();
    try {
      socket.write(writer);
      Frame frame = socket.read(deadlineNanos);
      Message answer = frame.message();
      if (frame.callId() != callId) {
        throw new ProtocolException(unasked(frame, answer));
      }
      answered = true;
      return answer;
    } catch (SocketTimeoutException e) {
      throw LinkException.late(address + " did not answer in time", e);
    } catch (IOException e) {
      throw LinkException.lost(address + ": " + reason(e), e);
    } catch (ProtocolException e) {
      throw LinkException.lost(address + ": " + e.getMessage(), e);
    } finally {
      waitingSinceNanos = 0;
      writer.truncate(answered ? 0 : before);
      if (answered) {
        writer.clear();
        cursorsToClose = 0;
      } else {
        close();
      }
    }
  }

  private static long now() {
    long now = System.nanoTime();
    return now == 0 ? 1 : now;
  }

  /** What the next call loses when its node is silent; for the watch. */
  void expect(Patience next) {
    patience = next;
  }

  Patience patience() {
    return patience;
  }

  /** Since when a call waits; 0 if none does. From any thread. */
  long waitingSinceNanos() {
    return waitingSinceNanos;
  }

  /** Makes the call that waits since then fail. From any thread. */
  void breakOff(long since) {
    if (waitingSinceNanos == since) {
      close();
    }
  }

  /**
   * Asks whether the node lives, or looks for the answer when that was asked before. For a link
   * that is used for nothing else.
   *
   * @return null when no answer came within the time
   * @throws LinkException when none will come; then the link is closed
   */
  @Nullable Message ping(int waitMillis) throws LinkException {
    boolean usable = false;
    try {
      if (!pinged) {
        Signal.PING.writeFrame(writer, ++callId);
        socket.write(writer);
        writer.clear();
        pinged = true;
      }
      Message answer = socket.read(System.nanoTime() + waitMillis * 1_000_000L).message();
      pinged = false;
      usable = true;
      return answer;
    } catch (SocketTimeoutException e) {
      usable = true;
      return null;
    } catch (IOException e) {
      throw LinkException.lost(address + ": " + reason(e), e);
    } catch (ProtocolException e) {
      throw LinkException.lost(address + ": " + e.getMessage(), e);
    } finally {
      if (!usable) {
        close();
      }
    }
  }

  /**
   * Whether anything answers on a new connection, without a session: a node whose workers are all
   * at work answers too. One that turns connections away is alive; what is dead says nothing.
   */
  static boolean isAlive(Dial dial) {
    try (FrameSocket socket = FrameSocket.connect(dial)) {
      WireWriter writer = new WireWriter().preamble();
      Signal.PING.writeFrame(writer, 1);
      socket.write(writer);
      socket.read(System.nanoTime() + dial.timeoutMillis() * 1_000_000L);
      return true;
    } catch (SocketTimeoutException | ConnectException | NoRouteToHostException e) {
      return false;
    } catch (IOException | ProtocolException e) {
      return true;
    }
  }

  private String unasked(Frame frame, Message answer) {
    if (answer instanceof Failure) {
      return ((Failure) answer).message();
    }
    return "an answer to call " + frame.callId() + " in place of " + callId;
  }

  /** Closes a cursor with the next request, or now when many wait for one. */
  void closeCursor(long cursor) {
    openCursors--;
    if (closed) {
      return;
    }
    new CloseCursor(cursor).writeFrame(writer, 0);
    if (++cursorsToClose >= CLOSED_CURSORS_MAX) {
      try {
        socket.write(writer);
        writer.clear();
        cursorsToClose = 0;
      } catch (IOException e) {
        close();
      }
    }
  }

  void cursorOpened() {
    openCursors++;
  }

  void cursorEnded() {
    openCursors--;
  }

  boolean hasOpenCursors() {
    return openCursors > 0;
  }

  /** Those of the settings that this session does not have yet. */
  Map<String, String> missing(Map<String, String> wanted) {
    Map<String, String> missing = Map.of();
    for (Map.Entry<String, String> setting : wanted.entrySet()) {
      if (!setting.getValue().equals(made.get(setting.getKey()))) {
        if (missing.isEmpty()) {
          missing = new LinkedHashMap<>();
        }
        missing.put(setting.getKey(), setting.getValue());
      }
    }
    return missing;
  }

  void made(Map<String, String> settings) {
    made.putAll(settings);
  }

  /** The node's, which may be another name of the one that was dialled. */
  NodeAddress address() {
    return address;
  }

  NodeAddress dialled() {
    return dial.address();
  }

  Welcome welcome() {
    return welcome;
  }

  boolean isClosed() {
    return closed;
  }

  /** From now on the watch of this cluster sees to it. To be called before any request. */
  void attach(Cluster watched) {
    node = watched.state(address);
    cluster = watched;
    watched.add(this);
  }

  /** The numbers of its node. */
  NodeState node() {
    return node;
  }

  /** Says goodbye if that can be done without waiting. */
  void bye() {
    if (!closed) {
      try {
        Signal.BYE.writeFrame(writer, 0);
        socket.write(writer);
      } catch (IOException e) {
        closed = true;
      }
      close();
    }
  }

  @Override
  public void close() {
    closed = true;
    Cluster watched = cluster;
    if (watched != null) {
      watched.remove(this);
    }
    socket.close();
  }
}

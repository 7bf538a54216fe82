package io.quorate.driver.route;

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
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A session on one node. Confined to the thread that holds the router's lock, except {@link #close}
 * and what is final.
 */
final class NodeLink implements Closeable {
  private static final int CLOSED_CURSORS_MAX = 64;

  private final NodeAddress dialled;
  private final NodeAddress address;
  private final FrameSocket socket;
  private final Welcome welcome;
  private final Map<String, String> made;
  private final LinkWatch watch;
  private final WireWriter writer = new WireWriter();
  private int callId = 1;
  private int cursorsToClose;
  private int openCursors;
  private volatile boolean closed;

  /** When the call that is unanswered was sent, or its node last found alive; 0 without one. */
  private volatile long waitingSinceNanos;

  private NodeLink(
      NodeAddress dialled,
      FrameSocket socket,
      Welcome welcome,
      Map<String, String> settings,
      LinkWatch watch) {
    this.dialled = dialled;
    this.address = ownAddress(welcome, dialled);
    this.socket = socket;
    this.welcome = welcome;
    this.made = new HashMap<>(welcome.settings());
    this.made.putAll(settings);
    this.watch = watch;
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
  static NodeLink open(NodeAddress address, Greeting greeting, int timeoutMillis, LinkWatch watch)
      throws LinkException, SQLException {
    FrameSocket socket = connect(address, timeoutMillis);
    boolean opened = false;
    try {
      Message answer = greet(address, socket, greeting.hello(), timeoutMillis);
      boolean asked = answer instanceof Challenge;
      if (asked) {
        answer = authenticate(address, socket, greeting.answer((Challenge) answer), timeoutMillis);
      }
      if (answer instanceof Failure) {
        throw SqlExceptions.of((Failure) answer);
      }
      if (!(answer instanceof Welcome)) {
        throw LinkException.unreachable(address + " answers with " + answer.type(), null);
      }
      greeting.verify((Welcome) answer, asked);
      opened = true;
      NodeLink link = new NodeLink(address, socket, (Welcome) answer, greeting.settings(), watch);
      watch.add(link);
      return link;
    } finally {
      if (!opened) {
        socket.close();
      }
    }
  }

  private static FrameSocket connect(NodeAddress address, int timeoutMillis) throws LinkException {
    try {
      return FrameSocket.connect(address, timeoutMillis);
    } catch (IOException e) {
      throw LinkException.unreachable(address + ": " + reason(e), e);
    }
  }

  private static Message greet(
      NodeAddress address, FrameSocket socket, Message first, int timeoutMillis)
      throws LinkException {
    WireWriter writer = new WireWriter().preamble();
    first.writeFrame(writer, 1);
    return exchange(address, socket, writer, timeoutMillis);
  }

  private static Message authenticate(
      NodeAddress address, FrameSocket socket, Authenticate proof, int timeoutMillis)
      throws LinkException {
    WireWriter writer = new WireWriter();
    proof.writeFrame(writer, 1);
    return exchange(address, socket, writer, timeoutMillis);
  }

  private static Message exchange(
      NodeAddress address, FrameSocket socket, WireWriter writer, int timeoutMillis)
      throws LinkException {
    try {
      socket.write(writer);
      return socket.read(System.nanoTime() + timeoutMillis * 1_000_000L).message();
    } catch (IOException e) {
      throw LinkException.unreachable(address + ": " + reason(e), e);
    } catch (ProtocolException e) {
      throw LinkException.unreachable(
          address + " does not speak this protocol: " + e.getMessage(), e);
    }
  }

  /** Ends what this session runs, over a connection of its own. From any thread. */
  void cancel(int timeoutMillis) throws LinkException {
    try (FrameSocket other = connect(dialled, timeoutMillis)) {
      greet(dialled, other, new Cancel(welcome.sessionId()), timeoutMillis);
    }
  }

  private static String reason(IOException e) {
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

  /**
   * Since when a call waits, if it does for longer than this; 0 otherwise. For the {@link
   * LinkWatch}.
   */
  long callUnanswered(long longerThanMillis) {
    long since = waitingSinceNanos;
    return since != 0 && now() - since > longerThanMillis * 1_000_000 ? since : 0;
  }

  /** Makes the call that waits since then fail. From any thread. */
  void breakOff(long since) {
    if (waitingSinceNanos == since) {
      close();
    }
  }

  /**
   * Whether a node answers on a new connection. One that turns connections away is alive; what is
   * dead says nothing.
   */
  static boolean isAlive(NodeAddress address, int timeoutMillis) {
    try (FrameSocket socket = FrameSocket.connect(address, timeoutMillis)) {
      WireWriter writer = new WireWriter().preamble();
      Signal.PING.writeFrame(writer, 1);
      socket.write(writer);
      socket.read(System.nanoTime() + timeoutMillis * 1_000_000L);
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
    return dialled;
  }

  Welcome welcome() {
    return welcome;
  }

  boolean isClosed() {
    return closed;
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
    watch.remove(this);
    socket.close();
  }
}

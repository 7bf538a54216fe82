package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The sessions of a node. Thread-safe; opening and finding one does not block. */
public final class SessionService implements StatementService, AutoCloseable {
  private final Rooms rooms;
  private final Statements statements;
  private final RemoteStatements remote;
  private final WriteRoad road;
  private final Map<String, NodeSession> open = new ConcurrentHashMap<>();

  public SessionService(Rooms rooms) {
    this.rooms = rooms;
    this.statements = new Statements(rooms);
    this.remote = new RemoteStatements(rooms.road(), rooms.nanoClock());
    this.road = new WriteRoad(rooms, statements, remote);
  }

  @Override
  public Session open(SessionOptions options) {
    return open(SessionIds.next(rooms.random()), options, Optional.of(remote));
  }

  /** Opens a session for another member's, under the id that it has drawn. */
  NodeSession openForwarded(String id, SessionOptions options) {
    NodeSession session = open(id, options, Optional.empty());
    session.endWhenIdle();
    return session;
  }

  private NodeSession open(String id, SessionOptions options, Optional<RemoteStatements> other) {
    if (open.size() >= rooms.config().sessionsMax()) {
      throw new QuorateException(
          ErrorCode.OVERLOADED, rooms.config().sessionsMax() + " sessions are open on this node");
    }
    NodeSession session =
        new NodeSession(
            rooms,
            id,
            options.user(),
            clock -> new SessionWork(rooms, statements, road, other, options.user(), clock),
            () -> open.remove(id));
    options.settings().forEach(session::set);
    if (open.putIfAbsent(id, session) != null) {
      throw new QuorateException(ErrorCode.PROTOCOL_VIOLATION, "that session is open already");
    }
    return session;
  }

  @Override
  public Optional<Session> find(String id) {
    return Optional.ofNullable(open.get(id));
  }

  /** One that {@link #openForwarded} has opened. */
  Optional<NodeSession> findForwarded(String id) {
    return Optional.ofNullable(open.get(id));
  }

  @Override
  public Staleness staleness(Shown shown) {
    return new Staleness(
        shown.revision(),
        rooms.gauge().stalenessMillis(shown.revision(), shown.mark()),
        rooms.gauge().isQuorate());
  }

  @Override
  public Staleness staleness() {
    return new Staleness(
        rooms.replica().applied().current(),
        rooms.gauge().stalenessMillis(),
        rooms.gauge().isQuorate());
  }

  @Override
  public Topology topology() {
    return rooms.cluster().topology();
  }

  /** Answers what other members hand on to this one while it leads. */
  public ForwardedStatements forwarded() {
    return new ForwardedStatements(this, road, rooms);
  }

  /** Ends what has been idle for too long. Called by a timer. */
  public void expire() {
    rooms.transactions().expire();
    long now = rooms.nanoClock().getAsLong();
    for (NodeSession session : open.values()) {
      session.expire(now);
    }
  }

  /** The rows of SYSTEM.SESSIONS. */
  public List<@Nullable Object[]> rows() {
    long now = rooms.nanoClock().getAsLong();
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (NodeSession session : open.values()) {
      rows.add(session.facts(now));
    }
    return rows;
  }

  /** Closes all sessions; what runs in them is cancelled. */
  @Override
  public void close() {
    for (NodeSession session : List.copyOf(open.values())) {
      session.close();
    }
  }
}

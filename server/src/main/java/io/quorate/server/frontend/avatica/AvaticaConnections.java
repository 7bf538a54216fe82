package io.quorate.server.frontend.avatica;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.security.BasicCredentials;
import io.quorate.server.security.Entrance;
import io.quorate.server.security.EntryRefused;
import io.quorate.server.session.Session;
import io.quorate.server.session.SessionOptions;
import io.quorate.server.session.StatementService;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of Avatica's clients by the ids that these gave them. A client keeps no socket
 * for one, so they expire. Thread-safe.
 */
final class AvaticaConnections {
  private static final Logger log = LoggerFactory.getLogger(AvaticaConnections.class);

  private static final String USER = "user";
  private static final String PASSWORD = "password";

  /** Properties of a client's URL that are settings of its session; the others are its own. */
  private static final Set<String> SETTINGS =
      Set.of("schema", "read_level", "commit_level", "query_timeout", "application_name");

  private final StatementService service;
  private final Entrance entrance;
  private final LongSupplier nanoClock;
  private final ConcurrentMap<String, Entry> connections = new ConcurrentHashMap<>();
  private final Semaphore room = new Semaphore(AvaticaLimits.CONNECTIONS);

  AvaticaConnections(StatementService service, Entrance entrance, LongSupplier nanoClock) {
    this.service = service;
    this.entrance = entrance;
    this.nanoClock = nanoClock;
  }

  /** A connection with the lock that confines it. */
  final class Entry {
    private final ReentrantLock lock = new ReentrantLock();
    private final ClientConnection connection;
    private final String user;
    private volatile long usedNanos = nanoClock.getAsLong();
    private volatile boolean closed;

    private Entry(ClientConnection connection, String user) {
      this.connection = connection;
      this.user = user;
    }

    /**
     * Waits for the request before to end. The caller unlocks.
     *
     * @throws QuorateException when that takes too long
     * @throws AvaticaFailure when it was closed meanwhile
     */
    ClientConnection lock() {
      if (!await(AvaticaLimits.BUSY_TIMEOUT)) {
        throw closed
            ? AvaticaFailure.noSuchConnection(connection.id())
            : new QuorateException(
                ErrorCode.OVERLOADED, "the connection is busy with another statement");
      }
      usedNanos = nanoClock.getAsLong();
      return connection;
    }

    /** Waits for the lock; without it when time is over or the connection is closed. */
    private boolean await(Duration timeout) {
      try {
        if (!lock.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
          return false;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new QuorateException(ErrorCode.CANCELLED, "the node is stopping", e);
      }
      if (closed) {
        lock.unlock();
        return false;
      }
      return true;
    }

    void unlock() {
      usedNanos = nanoClock.getAsLong();
      lock.unlock();
    }

    private boolean unusedFor(Duration time) {
      return nanoClock.getAsLong() - usedNanos > time.toNanos();
    }
  }

  /** Whether a password is needed and neither the properties nor the request have one. */
  boolean wantsCredentials(Map<String, String> properties, Caller caller) throws EntryRefused {
    return caller.credentials().isEmpty()
        && !properties.containsKey(PASSWORD)
        && properties.getOrDefault(USER, "").isEmpty()
        && entrance.asksForPassword();
  }

  /**
   * Opens a connection; nothing happens if the client has it already and only asks again.
   *
   * @throws EntryRefused when user or password is wrong
   */
  void open(String id, Map<String, String> properties, Caller caller) throws EntryRefused {
    String user = enter(properties, caller);
    Entry known = connections.get(id);
    if (known != null) {
      requireUser(known, user, caller);
      return;
    }
    if (!room.tryAcquire() && !(makeRoom() && room.tryAcquire())) {
      throw new QuorateException(
          ErrorCode.OVERLOADED, "the node has " + AvaticaLimits.CONNECTIONS + " connections open");
    }
    boolean kept = false;
    try {
      Entry opened = new Entry(connection(id, options(user, properties)), user);
      kept = connections.putIfAbsent(id, opened) == null;
      if (!kept) {
        opened.connection.close();
      }
    } finally {
      if (!kept) {
        room.release();
      }
    }
  }

  private ClientConnection connection(String id, SessionOptions options) {
    Session session;
    try {
      session = service.open(options);
    } catch (QuorateException e) {
      if (e.code() != ErrorCode.OVERLOADED || !makeRoom()) {
        throw e;
      }
      session = service.open(options);
    }
    return new ClientConnection(id, options.user(), session);
  }

  /** Ends the connection that was not used for the longest time; whether there was one. */
  private boolean makeRoom() {
    Optional<Entry> idlest =
        connections.values().stream()
            .filter(entry -> entry.unusedFor(AvaticaLimits.MAKES_ROOM))
            .filter(entry -> !entry.connection.session().inTransaction())
            .max(Comparator.comparingLong(entry -> nanoClock.getAsLong() - entry.usedNanos));
    return idlest.isPresent() && endUnused(idlest.get(), AvaticaLimits.MAKES_ROOM);
  }

  private boolean endUnused(Entry entry, Duration time) {
    if (!entry.lock.tryLock()) {
      return false;
    }
    if (entry.closed || !entry.unusedFor(time)) {
      entry.lock.unlock();
      return false;
    }
    log.atInfo().addKeyValue("connections", connections.size()).log("idle HTTP connection ended");
    end(entry);
    return true;
  }

  /** Who this is, by the properties of the connection, by the request, or by both. */
  private String enter(Map<String, String> properties, Caller caller) throws EntryRefused {
    String user = properties.getOrDefault(USER, "");
    Optional<BasicCredentials> basic = caller.credentials();
    if (!entrance.asksForPassword()) {
      return entrance.canonical(
          user.isEmpty() ? basic.map(BasicCredentials::user).orElse("") : user);
    }
    String password = properties.get(PASSWORD);
    if (basic.isEmpty()) {
      if (password == null) {
        throw entrance.nothingSent(user, caller.address());
      }
      return entrance.enter(user, password, caller.address());
    }
    String entered = enter(basic.get(), caller);
    boolean same =
        password == null
            ? user.isEmpty() || entrance.canonical(user).equals(entered)
            : entrance.enter(user, password, caller.address()).equals(entered);
    if (!same) {
      throw entrance.refused(user, caller.address());
    }
    return entered;
  }

  private String enter(BasicCredentials credentials, Caller caller) throws EntryRefused {
    return entrance.enter(credentials.user(), credentials.password(), caller.address());
  }

  private void requireUser(Entry entry, String user, Caller caller) throws EntryRefused {
    if (!entry.user.equals(user)) {
      throw entrance.refused(user, caller.address());
    }
  }

  private static SessionOptions options(String user, Map<String, String> properties) {
    Map<String, String> settings = new HashMap<>();
    properties.forEach(
        (name, value) -> {
          String setting = name.toLowerCase(Locale.ROOT);
          if (SETTINGS.contains(setting)) {
            settings.put(setting, value);
          }
        });
    return new SessionOptions(user, settings);
  }

  /**
   * The connection of this id. Its id, drawn at random by the client, is what opens it; a request
   * that also says who it is must say so truly.
   *
   * @throws AvaticaFailure that tells the client to open it again
   * @throws EntryRefused when the request is of another user, or of nobody
   */
  Entry require(@Nullable String id, Caller caller) throws EntryRefused {
    Entry entry = id == null ? null : connections.get(id);
    if (entry == null) {
      throw AvaticaFailure.noSuchConnection(String.valueOf(id));
    }
    if (caller.credentials().isPresent() && entrance.asksForPassword()) {
      requireUser(entry, enter(caller.credentials().get(), caller), caller);
    }
    return entry;
  }

  /** Cancels a statement that runs on it, and waits for its end. */
  void close(@Nullable String id, Caller caller) throws EntryRefused {
    if (id == null || !connections.containsKey(id)) {
      return;
    }
    Entry entry = require(id, caller);
    entry.connection.session().cancel();
    if (entry.await(AvaticaLimits.BUSY_TIMEOUT)) {
      end(entry);
    }
  }

  /** Ends the connections that nobody has used for long, and keeps the sessions of the others. */
  void expire() {
    for (Entry entry : connections.values()) {
      if (entry.unusedFor(AvaticaLimits.CONNECTION_IDLE)) {
        var unused = endUnused(entry, AvaticaLimits.CONNECTION_IDLE);
      } else if (entry.lock.tryLock()) {
        try {
          if (!entry.closed) {
            entry.connection.touch();
          }
        } finally {
          entry.lock.unlock();
        }
      }
    }
  }

  /** Ends all of them; statements that still run are cancelled, and have a moment to notice. */
  void closeAll() {
    connections.values().forEach(entry -> entry.connection.session().cancel());
    Deadline deadline = Deadline.after(AvaticaLimits.CANCEL_TIMEOUT, nanoClock);
    for (Entry entry : connections.values()) {
      if (entry.await(deadline.remaining())) {
        end(entry);
      } else if (!entry.closed) {
        log.atWarn().addKeyValue("connection", entry.connection.id()).log("still busy at the end");
      }
    }
  }

  /** With the lock held, which it gives back. */
  private void end(Entry entry) {
    try {
      entry.closed = true;
      if (connections.remove(entry.connection.id(), entry)) {
        room.release();
      }
      entry.connection.close();
    } finally {
      entry.lock.unlock();
    }
  }

  int size() {
    return connections.size();
  }
}

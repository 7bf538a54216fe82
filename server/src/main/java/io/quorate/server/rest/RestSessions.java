package io.quorate.server.rest;

import io.quorate.server.session.Session;
import io.quorate.server.session.SessionOptions;
import io.quorate.server.session.StatementService;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A session for each request, from its beginning to its end. Thread-safe. */
final class RestSessions {
  private final StatementService service;
  private final Set<Session> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  RestSessions(StatementService service) {
    this.service = service;
  }

  /**
   * Does the work in a new session, which ends with it. Blocks.
   *
   * @param settings as in {@link SessionOptions}
   */
  <T> T with(String user, Map<String, String> settings, Function<Session, T> work) {
    try (Session session = service.open(new SessionOptions(user, settings))) {
      running.add(session);
      try {
        if (closed) {
          session.cancel();
        }
        return work.apply(session);
      } finally {
        running.remove(session);
      }
    }
  }

  /** Cancels what runs, and what comes. */
  void cancelAll() {
    closed = true;
    running.forEach(Session::cancel);
  }
}

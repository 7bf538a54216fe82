package io.quorate.server.session;

import java.util.Optional;

/** Opens and finds sessions. Thread-safe. */
public interface StatementService {

  /**
   * A new session.
   *
   * @throws io.quorate.server.lang.QuorateException {@code OVERLOADED} when too many are open
   */
  Session open(SessionOptions options);

  /** The open session of this id, which is drawn at random. */
  Optional<Session> find(String id);

  /** How old what an answer shows is at most, if it is sent now; cheap. */
  Staleness staleness(Shown shown);

  /** The same for an answer to a read that comes now; cheap. */
  Staleness staleness();

  /** Which nodes there are, as this one knows them; cheap. */
  Topology topology();
}

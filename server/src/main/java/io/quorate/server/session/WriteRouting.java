package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.tx.Control;
import java.util.Locale;
import java.util.Optional;

/** What a node that does not lead does with a write: the setting {@code write_routing}. */
enum WriteRouting {
  /** Passes it on to the leader. */
  FORWARD,
  /** Names the leader, for the client to ask. */
  REDIRECT,
  /** Says that it is not for this node. */
  REFUSE;

  /** The one of that name, as {@link #text} writes it; empty if there is none. */
  static Optional<WriteRouting> find(String name) {
    for (WriteRouting routing : values()) {
      if (routing.text().equals(name.toLowerCase(Locale.ROOT))) {
        return Optional.of(routing);
      }
    }
    return Optional.empty();
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Lets a write begin. Who leads may change before it runs; then it is passed on after all.
   *
   * @throws QuorateException {@link ErrorCode#NO_LEADER} or {@link ErrorCode#READ_ONLY_TRANSACTION}
   *     when another node leads and this is not {@link #FORWARD}; {@link ErrorCode#NO_LEADER} also
   *     when nobody does for long
   */
  void requireAllowed(Rooms rooms, Control control) {
    rooms.admission().requireWrites();
    if (this == FORWARD) {
      return;
    }
    Optional<MemberId> leader =
        rooms
            .road()
            .otherLeader(
                rooms.within(rooms.config().leaderWait(), control.deadline()), control.cancel());
    if (leader.isPresent()) {
      ErrorCode code = this == REDIRECT ? ErrorCode.NO_LEADER : ErrorCode.READ_ONLY_TRANSACTION;
      throw new QuorateException(
          code,
          "this node does not lead, "
              + leader.get().name()
              + " does; with write_routing="
              + text()
              + " no write is passed on");
    }
  }
}

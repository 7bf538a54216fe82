package io.quorate.server.session;

import io.quorate.server.session.StatementCounters.Kind;
import io.quorate.server.tx.Control;

/**
 * Holds the answer to a commit back until those have it whom the session's {@link CommitLevel}
 * names; a majority has it by then. Confined to the call of the session that runs; blocks.
 */
final class Commits {
  private final Rooms rooms;
  private final Settings settings;

  Commits(Rooms rooms, Settings settings) {
    this.rooms = rooms;
    this.settings = settings;
  }

  Executed settled(Executed executed, Control control) {
    long unused = settled(executed.revision(), control);
    return executed;
  }

  /** The revision that was committed. */
  long settled(long revision, Control control) {
    if (settings.commitLevel() == CommitLevel.ALL
        && !rooms.voters().await(revision, control.deadline()).isEmpty()) {
      rooms.counters().count(Kind.COMMITS_DEGRADED_ALL);
    }
    return revision;
  }
}

package io.quorate.server.session;

import java.util.Locale;
import java.util.Optional;

/** Who must have a commit on disk before it is acknowledged: the setting {@code commit_level}. */
enum CommitLevel {
  /** The leader at least. It is done as {@link #QUORUM}, which is at least that. */
  ONE,
  /** A majority of the voters. */
  QUORUM,
  /** Every voter that answers heartbeats, and shows it to readers. */
  ALL;

  /** The one of that name, in any case; empty if there is none. */
  static Optional<CommitLevel> find(String name) {
    for (CommitLevel level : values()) {
      if (level.name().equals(name.toUpperCase(Locale.ROOT))) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }
}

package io.quorate.server.store;

/** What {@link MvEngine#open} found. */
public sealed interface Opened {

  /** Nothing: the store begins empty, at revision 0. */
  record Fresh() implements Opened {}

  /** A store that stands at {@code revision}; the log goes on from there. */
  record Resumed(long revision) implements Opened {}

  /**
   * A store that is damaged, or a snapshot that was only half loaded. It is set aside and the store
   * begins empty, at revision 0: snapshot and log rebuild it.
   */
  record Discarded(String reason) implements Opened {}
}

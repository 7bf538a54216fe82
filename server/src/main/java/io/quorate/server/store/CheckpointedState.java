package io.quorate.server.store;

/** State that is made durable together with the rows of the same revision. */
@FunctionalInterface
public interface CheckpointedState {

  /**
   * Writes what has changed since the last call; what was written before is still there. Called
   * with no change in progress and none able to begin.
   */
  void writeTo(SystemEntries entries);
}

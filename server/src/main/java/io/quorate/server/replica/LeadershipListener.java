package io.quorate.server.replica;

/** Told on the apply thread that this node begins or ceases to lead; must not block. */
interface LeadershipListener {
  /** This node leads {@code term}, and all that stands before in the log is applied here. */
  void leadershipStarted(long term);

  /** Also when this replica has failed, and then from any thread. */
  void leadershipStopped();
}
